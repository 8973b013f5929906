"""What citizens are told before they are asked for personal data, and in which version (Ley 1581 de 2012, arts. 9, 12).

One text for the chat, the pages and the staff who read it out on the telephone, so that one version in the settings
says of each consent what was agreed to.
"""

from consultame.contact import with_contact_data
from consultame.settings import Language, load_settings

_STATEMENT: dict[Language, str] = {
    "es": (
        "El Ministerio de Minas y Energía los usa solo para {purpose}. Usted puede conocer, actualizar, rectificar o "
        "suprimir sus datos, o retirar esta autorización, escribiendo a {correo} (Ley 1581 de 2012); lo que la ley "
        "ordena conservar se conserva."
    ),
    "en": (
        "The Ministry of Mines and Energy uses them only to {purpose}. You can see, update, correct or delete your "
        "data, or withdraw this authorisation, by writing to {correo} (Law 1581 of 2012); what the law orders to keep "
        "is kept."
    ),
}
_VERSION: dict[Language, str] = {
    "es": "Política de tratamiento de datos, versión {version}.",
    "en": "Data policy, version {version}.",
}


def policy_version() -> str:
    """The version that is kept with a consent given now."""
    return load_settings().data_policy_version


def policy_statement(purpose: str, language: Language) -> str:
    """Who uses the data, what for (it completes «solo para …»), and the citizen's rights."""
    return with_contact_data(_STATEMENT[language], load_settings(), language).replace("{purpose}", purpose)


def policy_version_told(language: Language) -> str:
    """«Política de tratamiento de datos, versión 2026-1.»"""
    return _VERSION[language].format(version=policy_version())
