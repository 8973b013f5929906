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


Button = dict[str, str | list[str]]


class Component(TypedDict):
    """A part of a template, as Meta's API names its fields."""

    type: str
    text: NotRequired[str]
    example: NotRequired[dict[str, list[list[str]]]]
    buttons: NotRequired[list[Button]]


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
    TemplateKind.ANSWER_READY: {
        "es": (
            "Ya hay una respuesta a lo que usted preguntó en ConsúltaME, el asistente del Ministerio de Minas y "
            "Energía: «{{1}}». Ábrala con el botón."
        ),
        "en": (
            "There is an answer now to what you asked ConsúltaME, assistant of Colombia's Ministry of Mines and "
            "Energy: “{{1}}”. Open it with the button."
        ),
    },
}
_EXAMPLES: dict[TemplateKind, dict[Language, list[str]]] = {
    TemplateKind.DAY_BEFORE: {
        "es": ["Luz Marina Pérez", "martes 1 de diciembre de 2026 a las 2:05 p. m."],
        "en": ["Luz Marina Pérez", "Tuesday, 1 December 2026, at 2:05 pm"],
    },
    TemplateKind.HOUR_BEFORE: {"es": ["Luz Marina Pérez", "2:05 p. m."], "en": ["Luz Marina Pérez", "2:05 pm"]},
    TemplateKind.ANSWER_READY: {
        "es": ["¿El Ministerio entrega estufas eficientes en las veredas?"],
        "en": ["Does the ministry give efficient stoves in rural areas?"],
    },
}
_AGREED_WHEN_BOOKING: dict[Language, str] = {
    "es": "Recibe este mensaje porque lo autorizó al pedir la cita.",
    "en": "You get this message because you agreed when booking.",
}
_ASKED_TO_BE_TOLD: dict[Language, str] = {
    "es": "Recibe este mensaje, el único, porque pidió el aviso.",
    "en": "You get this one message because you asked to be told.",
}
_FOOTERS = {
    TemplateKind.DAY_BEFORE: _AGREED_WHEN_BOOKING,
    TemplateKind.HOUR_BEFORE: _AGREED_WHEN_BOOKING,
    TemplateKind.ANSWER_READY: _ASKED_TO_BE_TOLD,
}
_CONFIRM: dict[Language, str] = {"es": "Confirmo", "en": "I confirm"}
_CHANGE: dict[Language, str] = {"es": "Ver, cambiar o cancelar", "en": "View, change or cancel"}
_SEE_ANSWER: dict[Language, str] = {"es": "Ver la respuesta", "en": "See the answer"}
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
            {"type": "FOOTER", "text": _FOOTERS[kind][language]},
            {"type": "BUTTONS", "buttons": _buttons(kind, language, settings)},
        ],
    }


def _buttons(kind: TemplateKind, language: Language, settings: Settings) -> list[Button]:
    if kind is TemplateKind.ANSWER_READY:
        return [_button(_SEE_ANSWER[language], f"{settings.public_url}/respuestas/", _EXAMPLE_TOKEN)]
    appointments = f"{settings.public_url}/citas/"
    return [
        _button(_CONFIRM[language], appointments, f"{_EXAMPLE_TOKEN}/confirmar"),
        _button(_CHANGE[language], appointments, _EXAMPLE_TOKEN),
    ]


def _button(text: str, address: str, example: str) -> Button:
    return {"type": "URL", "text": text, "url": f"{address}{{{{1}}}}", "example": [f"{address}{example}"]}
