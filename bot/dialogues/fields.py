"""What a guided dialogue is made of: fields that are asked for, one after the other, and what may come of an answer."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.intents import Outcome
from consultame.contact import with_contact_data
from consultame.settings import Language, load_settings

_PLACEHOLDER = re.compile(r"\{(\w+)\}")

Texts = Mapping[Language, str]
# What a field holds: anything that JSON has, since it travels in a slot of the conversation.
Answer = Any
Answers = dict[str, Answer]

# The answer to an optional field that the citizen left out.
LEFT_OUT = ""


@dataclass(frozen=True)
class Entity:
    """An identifier or a place that bot/components/entities.py found in a message."""

    kind: str
    value: str


@dataclass(frozen=True)
class Said:
    """A citizen's message as the dialogue needs it.

    `pressed`: it came by a button; `chosen` is the field and the value that the button of a dialogue stands for.
    """

    text: str
    intent: str
    outcome: Outcome | None = None
    entities: tuple[Entity, ...] = ()
    pressed: bool = False
    chosen: tuple[str, str] | None = None

    def values_of(self, kind: str) -> list[str]:
        """The values of the entities of this kind, in their order."""
        return [entity.value for entity in self.entities if entity.kind == kind]


@dataclass(frozen=True)
class Context:
    """Where and when a message was said. `attempt` tells one run of a dialogue from all others, however often its
    answers are used; empty where none is under way."""

    conversation_id: str
    message_id: str
    channel: str
    language: Language
    moment: datetime
    attempt: str = ""


@dataclass(frozen=True)
class Accepted:
    """The message holds a value for the field. The note, if any, is said before the next question."""

    value: Answer
    note: str = ""


@dataclass(frozen=True)
class Refused:
    """The message holds none, or one that cannot be; the reason is said to the citizen, placeholders already filled.

    `about_a_value`: there is a value, and why it does not do is worth saying even of the message that began the
    dialogue.
    """

    reason: str
    about_a_value: bool = False


@dataclass(frozen=True)
class Leaving:
    """The answer ends the dialogue, as refusing consent does; the text is the last word."""

    text: str


@dataclass(frozen=True)
class Unfinished:
    """A part of the answer: the field is asked on, with the reason, and finds `so_far` among the answers."""

    so_far: Answer
    reason: str


def so_far_of(field: str) -> str:
    """The key among the answers under which a field finds what an unfinished answer left; gone with the next answer."""
    return f"{field}:so_far"


Reading = Accepted | Refused | Leaving | Unfinished
Reader = Callable[[Said, Answers, Context], Reading]


@dataclass(frozen=True)
class Option:
    """A value that can be chosen with a button, and the words by which it is chosen in writing besides its title."""

    value: str
    title: Texts
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Link:
    """A button beside the options that asks an entry of the knowledge base."""

    slug: str
    title: Texts


@dataclass(frozen=True)
class Question:
    """What a field asks, in the citizen's language."""

    text: str
    options: tuple[Option, ...] = ()
    links: tuple[Link, ...] = ()


Asker = Callable[[Answers, Context], Question]


@dataclass(frozen=True)
class Help:
    """What is said when a citizen asks something of this very field, whatever it means elsewhere.

    `asks` is sought in the message's words without accents and signs; the answer is an entry's, or a text.
    """

    asks: re.Pattern[str]
    slug: str = ""
    text: Texts | None = None


class Style(StrEnum):
    """How far what is written is taken for an answer.

    EXACT: only what the reader recognises. SHORT: any short text that is no question of its own. FREE: whatever is
    written, except an emergency and the wish to leave.
    """

    EXACT = "exact"
    SHORT = "short"
    FREE = "free"


def always(answers: Answers) -> bool:
    """A field that every citizen is asked."""
    return True


def as_written(value: Answer, language: Language) -> str:
    """A value read back as it is."""
    return str(value)


@dataclass(frozen=True)
class Field:
    """One thing a dialogue asks for.

    `called` are the words, without accents, by which a citizen names it in «corregir la placa». `read_back` turns the
    value into what the summary shows; None leaves it out. `from_opening`: the message that began the dialogue is read
    for it too, so that nobody is asked for what they have just said. `reads_first`: a value is looked for before the
    wish to leave, where «cancelar» may be the answer.
    """

    name: str
    label: Texts
    ask: Asker
    read: Reader
    style: Style = Style.EXACT
    called: tuple[str, ...] = ()
    help: tuple[Help, ...] = ()
    optional: bool = False
    from_opening: bool = False
    reads_first: bool = False
    applies: Callable[[Answers], bool] = always
    read_back: Callable[[Answer, Language], str] | None = as_written


def filled(texts: Texts, language: Language, **values: str) -> str:
    """The text in the language, with contact data and values filled in; what a citizen wrote is never read again."""
    template = with_contact_data(texts[language], load_settings(), language)
    return _PLACEHOLDER.sub(lambda match: values.get(match.group(1), match.group(0)), template)


def asking(es: str, en: str, *, options: tuple[Option, ...] = (), links: tuple[Link, ...] = ()) -> Asker:
    """A question that is always the same."""

    def ask(answers: Answers, context: Context) -> Question:
        return Question(filled({"es": es, "en": en}, context.language), options, links)

    return ask
