"""How an answer will look to citizens: in the chat of the website and in WhatsApp, with the limits that it keeps."""

import re
from dataclasses import dataclass
from itertools import groupby

from markupsafe import Markup, escape

from bot.task_labels import TASK_LABELS
from consultame import whatsapp_limits
from consultame.contact import with_contact_data
from consultame.settings import Language, load_settings

_LIST_ITEM = re.compile(r"\s*(?:[-•]|(?P<number>\d{1,2})[.)])\s+(?P<text>.*)")
_OPINION: dict[Language, tuple[str, str, str]] = {
    "es": ("¿Le sirvió esta respuesta?", "Sí me sirvió", "No me sirvió"),
    "en": ("Was this answer helpful?", "It was helpful", "It was not helpful"),
}
_CODE = re.compile(r"```(.+?)```", re.DOTALL)
_STYLES = (("*", "strong"), ("_", "em"), ("~", "s"))


@dataclass(frozen=True)
class Block:
    """A paragraph (`tag` is "p" and there is one line) or a list; a numbered one begins at `start`."""

    tag: str
    lines: list[str]
    start: int = 1


@dataclass(frozen=True)
class WhatsappMessage:
    """One message: its text with the formatting WhatsApp knows, its length and limit, and its buttons."""

    body: Markup
    length: int
    limit: int
    buttons: list[str]


@dataclass(frozen=True)
class AnswerPreview:
    """An answer in one language as citizens get it."""

    language: Language
    blocks: list[Block]
    task_button: str
    whatsapp: list[WhatsappMessage]
    label: str
    short_label: str
    length: int


def answer_preview(*, answer: str, label: str, task: str, language: Language) -> AnswerPreview:
    """What is typed so far, as it would be sent; `task` may be "" or none that exists."""
    text = with_contact_data(answer, load_settings(), language).strip()
    button = TASK_LABELS[task][language] if task in TASK_LABELS else ""
    return AnswerPreview(
        language=language,
        blocks=chat_blocks(text),
        task_button=button,
        whatsapp=whatsapp_messages(text, button, language),
        label=label.strip(),
        short_label=shortened(label.strip()),
        length=len(text),
    )


def chat_blocks(text: str) -> list[Block]:
    """Paragraphs and lists, as the widget makes them of lines."""
    blocks = []
    lines = [_LIST_ITEM.fullmatch(line) or line.strip() for line in text.splitlines()]
    for tag, group in groupby(lines, key=_tag):
        members = list(group)
        if tag == "p":
            blocks += [Block("p", [str(line)]) for line in members if line]
            continue
        items = [line for line in members if isinstance(line, re.Match)]
        blocks.append(Block(tag, [item["text"] for item in items], int(items[0]["number"] or 1)))
    return blocks


def _tag(line: "re.Match[str] | str") -> str:
    if isinstance(line, str):
        return "p"
    return "ol" if line["number"] else "ul"


def whatsapp_messages(text: str, task_button: str, language: Language) -> list[WhatsappMessage]:
    """One message with its buttons, or a plain one and then the buttons when the text is too long to carry them."""
    if not text:
        return []
    question, yes, no = _OPINION[language]
    buttons = [*([shortened(task_button)] if task_button else []), yes, no]
    if len(text) <= whatsapp_limits.BODY_WITH_BUTTONS:
        return [_message(text, whatsapp_limits.BODY_WITH_BUTTONS, buttons)]
    return [
        _message(text, whatsapp_limits.TEXT, []),
        _message(question, whatsapp_limits.BODY_WITH_BUTTONS, buttons),
    ]


def _message(text: str, limit: int, buttons: list[str]) -> WhatsappMessage:
    return WhatsappMessage(whatsapp_markup(text), len(text), limit, buttons[: whatsapp_limits.BUTTONS])


def whatsapp_markup(text: str) -> Markup:
    """The text with *bold*, _italic_, ~struck~ and ```fixed width``` as WhatsApp shows them, the rest escaped."""
    parts = _CODE.split(text)
    # What stands between the marks is every second part.
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if position % 2 else _styled(part) for position, part in enumerate(parts)
    )


def _styled(text: str) -> Markup:
    html = str(escape(text))
    for mark, tag in _STYLES:
        sign = re.escape(mark)
        html = re.sub(rf"(?<!\w){sign}(?=\S)([^{sign}\n]*[^{sign}\s]){sign}(?!\w)", rf"<{tag}>\1</{tag}>", html)
    return Markup(html)  # noqa: S704  (escaped above; only our own tags were added)


def shortened(title: str) -> str:
    """What fits on a button of WhatsApp."""
    limit = whatsapp_limits.BUTTON_TITLE
    return title if len(title) <= limit else title[: limit - 1].rstrip() + "…"
