"""What the button of a task says."""

from consultame.settings import Language

TASK_LABELS: dict[str, dict[Language, str]] = {
    "hablar_con_asesor": {"es": "Hablar con una persona", "en": "Talk to a person"},
    "consultar_radicado": {"es": "Consultar el estado de un radicado", "en": "Check the state of a filing number"},
    "agendar_cita": {"es": "Agendar una cita virtual", "en": "Book a virtual appointment"},
    "cancelar_cita": {"es": "Cancelar mi cita", "en": "Cancel my appointment"},
    "cambiar_cita": {"es": "Cambiar mi cita", "en": "Change my appointment"},
    "corregir_gncv": {"es": "Corregir datos de gas vehicular", "en": "Correct vehicle gas records"},
    "presentar_queja": {"es": "Presentar una petición o queja", "en": "File a petition or complaint"},
}
