"""What a citizen agrees to who wants to be told of an answer (Ley 1581 de 2012, articles 9 and 12).

By WhatsApp the number and the question go to Meta, abroad (article 26): that is said, and has its own text and version.
"""

from dataclasses import dataclass

from consultame.contact import with_contact_data
from consultame.outbox import Channel
from consultame.settings import Language, load_settings

# Each changes with its texts: it is kept with each consent, so that it stays known what was agreed to.
CONSENT_VERSIONS = {Channel.EMAIL: "aviso-1", Channel.WHATSAPP: "aviso-whatsapp-1"}
DAYS_WAITED = 180
_TEXTS: dict[Channel, dict[Language, str]] = {
    Channel.EMAIL: {
        "es": (
            "El Ministerio de Minas y Energía usará este correo solo para enviarle la respuesta a esta pregunta, "
            "cuando haya una aprobada. Lo borra {days} días después de enviársela o, si no la hay, a los "
            f"{DAYS_WAITED} días. Darlo es voluntario y solo para mayores de edad. Usted puede conocer, corregir o "
            "borrar sus datos, o retirar esta autorización, escribiendo a {correo} (Ley 1581 de 2012)."
        ),
        "en": (
            "The Ministry of Mines and Energy will use this e-mail address only to send you the answer to this "
            f"question, once there is an approved one. It erases it {{days}} days after sending it or, if there is "
            f"none, after {DAYS_WAITED} days. Giving it is voluntary and for adults only. You may see, correct or "
            "erase your data, or withdraw this authorisation, by writing to {correo} (Law 1581 of 2012)."
        ),
    },
    Channel.WHATSAPP: {
        "es": (
            "El Ministerio de Minas y Energía usará este celular solo para avisarle una vez, por WhatsApp, cuando haya "
            "una respuesta aprobada a esta pregunta. Para eso entrega el número y la pregunta, con los datos "
            "personales ocultos, a WhatsApp (Meta), que los trata fuera de Colombia. El Ministerio borra el número "
            f"{{days}} días después de avisarle o, si no hay respuesta, a los {DAYS_WAITED} días. Darlo es voluntario "
            "y solo para mayores de edad. Usted puede conocer, corregir o borrar sus datos, o retirar esta "
            "autorización, escribiendo a {correo} (Ley 1581 de 2012)."
        ),
        "en": (
            "The Ministry of Mines and Energy will use this mobile number only to tell you once, by WhatsApp, that "
            "there is an approved answer to this question. To do so it gives the number and the question, with "
            "personal data hidden, to WhatsApp (Meta), which handles them outside Colombia. The Ministry erases the "
            f"number {{days}} days after telling you or, if there is no answer, after {DAYS_WAITED} days. Giving it is "
            "voluntary and for adults only. You may see, correct or erase your data, or withdraw this authorisation, "
            "by writing to {correo} (Law 1581 of 2012)."
        ),
    },
}


@dataclass(frozen=True)
class Consent:
    """The text, and its version to send back with the authorisation."""

    version: str
    text: str


def answer_consent(language: Language, channel: Channel = Channel.EMAIL) -> Consent:
    """What has to be read and accepted before an address or a number is given."""
    settings = load_settings()
    text = _TEXTS[channel][language].replace("{days}", str(settings.messages_kept_days))
    return Consent(CONSENT_VERSIONS[channel], with_contact_data(text, settings, language))


def can_tell_by(channel: Channel) -> bool:
    """Whether citizens may choose to be told so: by WhatsApp only where it is set up."""
    return channel is Channel.EMAIL or load_settings().sends_whatsapp
