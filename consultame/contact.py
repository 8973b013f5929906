"""The official channels, as placeholders that answers may carry; the data itself lives in settings."""

import re

from consultame.settings import Language, Settings

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


def contact_placeholders(settings: Settings, language: Language) -> dict[str, str]:
    """Placeholder name → text for a reader of this language."""
    return {
        "correo": settings.contact_email,
        "correo_judicial": settings.contact_judicial_email,
        "linea_etica": settings.contact_ethics_email,
        "telefono": settings.contact_phone,
        "linea_gratuita": settings.contact_toll_free,
        "direccion": settings.contact_address,
        "horario": settings.contact_hours_es if language == "es" else settings.contact_hours_en,
        "linea_emergencias": settings.emergency_line,
        "linea_gas": settings.emergency_gas_line,
    }


PLACEHOLDER_NAMES = frozenset(contact_placeholders(Settings.model_construct(), "es"))


def unknown_placeholders(text: str) -> list[str]:
    """The placeholders in the text that no setting fills, and any stray brace, in order of appearance."""
    unknown = ["{" + name + "}" for name in _PLACEHOLDER.findall(text) if name not in PLACEHOLDER_NAMES]
    stray = re.findall(r"[{}]", _PLACEHOLDER.sub("", text))
    return unknown + stray


def with_contact_data(text: str, settings: Settings, language: Language) -> str:
    """The text with its placeholders filled; what is not a known placeholder stays as it is."""
    values = contact_placeholders(settings, language)
    return _PLACEHOLDER.sub(lambda match: values.get(match.group(1), match.group(0)), text)
