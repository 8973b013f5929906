"""What a citizen agrees to who wants to be told by e-mail of an answer (Ley 1581 de 2012, articles 9 and 12)."""

from dataclasses import dataclass

from consultame.contact import with_contact_data
from consultame.settings import Language, load_settings

# Changes with the texts: it is kept with each consent, so that it stays known what was agreed to.
CONSENT_VERSION = "aviso-1"
DAYS_WAITED = 180
_TEXTS: dict[Language, str] = {
    "es": (
        "El Ministerio de Minas y Energía usará este correo solo para enviarle la respuesta a esta pregunta, cuando "
        f"haya una aprobada. Lo borra {{days}} días después de enviársela o, si no la hay, a los {DAYS_WAITED} días. "
        "Darlo es voluntario y solo para mayores de edad. Usted puede conocer, corregir o borrar sus datos, o retirar "
        "esta autorización, escribiendo a {correo} (Ley 1581 de 2012)."
    ),
    "en": (
        "The Ministry of Mines and Energy will use this e-mail address only to send you the answer to this question, "
        f"once there is an approved one. It erases it {{days}} days after sending it or, if there is none, after "
        f"{DAYS_WAITED} days. Giving it is voluntary and for adults only. You may see, correct or erase your data, or "
        "withdraw this authorisation, by writing to {correo} (Law 1581 of 2012)."
    ),
}


@dataclass(frozen=True)
class Consent:
    """The text, and its version to send back with the authorisation."""

    version: str
    text: str


def answer_consent(language: Language) -> Consent:
    """What has to be read and accepted before an address is given."""
    settings = load_settings()
    text = _TEXTS[language].replace("{days}", str(settings.messages_kept_days))
    return Consent(CONSENT_VERSION, with_contact_data(text, settings, language))
