"""The templates as they are submitted to Meta for approval, in Spanish and English.

The form is that of `POST /{version}/{whatsapp-business-account-id}/message_templates`. A template takes two buttons
that open an address at most, and their variable stands at the end of it. What citizens receive is what Meta approved;
these texts are what was asked for.
"""

from typing import NotRequired, TypedDict

from consultame.settings import Language, Settings
from consultame.whatsapp_template import TemplateKind, language_code, template_name

LONGEST_BODY = 1024
LONGEST_FOOTER = 60
LONGEST_BUTTON = 25


class Component(TypedDict):
    """A part of a template, as Meta's API names its fields."""

    type: str
    text: NotRequired[str]
    example: NotRequired[dict[str, list[list[str]]]]
    buttons: NotRequired[list[dict[str, str | list[str]]]]


class Registration(TypedDict):
    """A template to be submitted."""

    name: str
    language: str
    category: str
    components: list[Component]


_BODIES: dict[TemplateKind, dict[Language, str]] = {
    TemplateKind.DAY_BEFORE: {
        "es": (
            "Hola, {{1}}. Le recordamos su cita virtual con el Ministerio de Minas y Energía: {{2}} (hora de "
            "Colombia). Si no puede asistir, cámbiela o cancélela para que otra persona use el espacio."
        ),
        "en": (
            "Hello {{1}}. This is a reminder of your virtual appointment with the Ministry of Mines and Energy: {{2}} "
            "(Colombian time). If you cannot attend, change or cancel it so that somebody else can have it."
        ),
    },
    TemplateKind.HOUR_BEFORE: {
        "es": (
            "Hola, {{1}}. Su cita virtual con el Ministerio de Minas y Energía comienza hoy a las {{2}} (hora de "
            "Colombia). Al verla encuentra el enlace de la reunión."
        ),
        "en": (
            "Hello {{1}}. Your virtual appointment with the Ministry of Mines and Energy begins today at {{2}} "
            "(Colombian time). The meeting link is on its page."
        ),
    },
}
_EXAMPLES: dict[TemplateKind, dict[Language, list[str]]] = {
    TemplateKind.DAY_BEFORE: {
        "es": ["Luz Marina Pérez", "martes 1 de diciembre de 2026 a las 2:05 p. m."],
        "en": ["Luz Marina Pérez", "Tuesday, 1 December 2026, at 2:05 pm"],
    },
    TemplateKind.HOUR_BEFORE: {"es": ["Luz Marina Pérez", "2:05 p. m."], "en": ["Luz Marina Pérez", "2:05 pm"]},
}
_FOOTER: dict[Language, str] = {
    "es": "Recibe este mensaje porque lo autorizó al pedir la cita.",
    "en": "You get this message because you agreed when booking.",
}
_CONFIRM: dict[Language, str] = {"es": "Confirmo", "en": "I confirm"}
_CHANGE: dict[Language, str] = {"es": "Ver, cambiar o cancelar", "en": "View, change or cancel"}
_EXAMPLE_TOKEN = "ImVqZW1wbG8i.Zm9ybWE"  # noqa: S105


def registrations(settings: Settings) -> list[Registration]:
    """Every template in every language, with the names and the public address that the settings give."""
    languages: tuple[Language, ...] = ("es", "en")
    return [_registration(kind, language, settings) for kind in TemplateKind for language in languages]


def _registration(kind: TemplateKind, language: Language, settings: Settings) -> Registration:
    return {
        "name": template_name(kind, settings),
        "language": language_code(language, settings),
        "category": "UTILITY",
        "components": [
            {"type": "BODY", "text": _BODIES[kind][language], "example": {"body_text": [_EXAMPLES[kind][language]]}},
            {"type": "FOOTER", "text": _FOOTER[language]},
            {
                "type": "BUTTONS",
                "buttons": [
                    _button(_CONFIRM[language], f"{_EXAMPLE_TOKEN}/confirmar", settings),
                    _button(_CHANGE[language], _EXAMPLE_TOKEN, settings),
                ],
            },
        ],
    }


def _button(text: str, example: str, settings: Settings) -> dict[str, str | list[str]]:
    address = f"{settings.public_url}/citas/"
    return {"type": "URL", "text": text, "url": f"{address}{{{{1}}}}", "example": [f"{address}{example}"]}
