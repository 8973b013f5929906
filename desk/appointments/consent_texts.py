"""What a citizen is told of personal data before an appointment is asked for, wherever it is."""

from consultame.data_policy import policy_statement
from consultame.settings import Language

PURPOSE: dict[Language, str] = {
    "es": "atender su cita, recordársela y hacer estadísticas",
    "en": "hold your appointment, remind you of it and make statistics",
}
LIMITS: dict[Language, str] = {
    "es": "El género y el grupo de edad son opcionales. No reservamos citas a menores de edad.",
    "en": "Gender and age group are optional. We do not book appointments for minors.",
}


def appointment_consent(language: Language) -> str:
    """Purpose, rights and limits."""
    return f"{policy_statement(PURPOSE[language], language)} {LIMITS[language]}"
