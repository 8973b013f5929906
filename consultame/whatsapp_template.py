"""Messages made with templates that Meta has approved: which there are, and what may be filled in.

A template's texts are registered with Meta, not kept here; docs/deployment.md has them as they are submitted. A message
names the template and gives, in order, what its `{{1}}`, `{{2}}` … become, and what is appended to the address of each
of its buttons.
"""

from dataclasses import dataclass
from enum import StrEnum

from consultame.settings import Language, Settings

# A body is at most 1,024 characters with what is filled in (error 132005); the registered texts take at most 330.
LONGEST_PARAMETER = 300
LONGEST_BUTTON_PARAMETER = 1500


class TemplateKind(StrEnum):
    """What a message says."""

    DAY_BEFORE = "appointment-day-before"
    HOUR_BEFORE = "appointment-hour-before"
    ANSWER_READY = "answer-ready"


@dataclass(frozen=True)
class Template:
    """What a message is made of: the body's parameters, and the end of each button's address."""

    kind: TemplateKind
    language: Language
    parameters: tuple[str, ...]
    buttons: tuple[str, ...] = ()

    def as_json(self) -> dict[str, str | list[str]]:
        """As it is kept."""
        return {
            "kind": self.kind.value,
            "language": self.language,
            "parameters": list(self.parameters),
            "buttons": list(self.buttons),
        }

    @classmethod
    def from_json(cls, kept: dict[str, str | list[str]]) -> "Template":
        """The inverse of `as_json`."""
        language: Language = "en" if kept["language"] == "en" else "es"
        return cls(TemplateKind(str(kept["kind"])), language, tuple(kept["parameters"]), tuple(kept["buttons"]))


def template_name(kind: TemplateKind, settings: Settings) -> str:
    """The name under which it is registered."""
    return {
        TemplateKind.DAY_BEFORE: settings.whatsapp_template_day_before,
        TemplateKind.HOUR_BEFORE: settings.whatsapp_template_hour_before,
        TemplateKind.ANSWER_READY: settings.whatsapp_template_answer,
    }[kind]


def language_code(language: Language, settings: Settings) -> str:
    """The code of the language in which it is registered."""
    return settings.whatsapp_language_en if language == "en" else settings.whatsapp_language_es


def as_parameter(text: str) -> str:
    """A text as a parameter may be: one line, no tabs, no run of spaces, not too long, and never empty (error 132012).

    A parameter must have no new lines, no tabs and no more than four consecutive spaces (error 132018).
    """
    line = " ".join(text.split())
    if len(line) > LONGEST_PARAMETER:
        line = f"{line[: LONGEST_PARAMETER - 1].rstrip()}…"
    return line or "—"


def template_body(template: Template, recipient: str, settings: Settings) -> dict[str, object]:
    """The message as the Cloud API takes it (`POST /{version}/{phone-number-id}/messages`)."""
    components: list[dict[str, object]] = [
        {"type": "body", "parameters": [{"type": "text", "text": as_parameter(text)} for text in template.parameters]}
    ]
    components += [
        {"type": "button", "sub_type": "url", "index": str(index), "parameters": [{"type": "text", "text": text}]}
        for index, text in enumerate(template.buttons)
    ]
    return {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": recipient,
        "type": "template",
        "template": {
            "name": template_name(template.kind, settings),
            "language": {"code": language_code(template.language, settings)},
            "components": components,
        },
    }
