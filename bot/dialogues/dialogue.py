"""A guided dialogue as data, the memory it has between two messages, and what one message makes of it."""

from abc import abstractmethod
from dataclasses import asdict, dataclass, field
from typing import Any, Protocol

from bot.dialogues.fields import Answer, Answers, Context, Entity, Field, Said, Texts

# What is asked for after the fields: whether all is right, and which field is not.
CONFIRM = "confirmation"
CHANGE = "change"


@dataclass(frozen=True)
class Message:
    """What the assistant says; buttons as Rasa has them (`title`, `payload`). With a slug, that entry's answer."""

    text: str = ""
    buttons: tuple[dict[str, str], ...] = ()
    slug: str = ""


@dataclass(frozen=True)
class Finished:
    """All is done; these are the last words."""

    messages: tuple[Message, ...]


@dataclass(frozen=True)
class AskAgain:
    """The answers do not do: this field is asked again.

    `counts`: it is one of the three attempts. Without `repeats_question` the reason says what to write. `so_far`: what
    is known of the answer, as an `Unfinished` reading gives it.
    """

    field: str
    reason: str
    counts: bool = True
    repeats_question: bool = True
    so_far: Answer = None


@dataclass(frozen=True)
class Dialogue:
    """What is asked, in which order. `form` is its Rasa form, `intent` the task that begins it.

    `subject` completes «salimos de …», `opening` is said first. `reads_back` lets the citizen check all answers before
    they are used, with `confirm` on the button. `called` are the words, without accents, for what
    «cancelar la petición» names.
    """

    form: str
    intent: str
    subject: Texts
    opening: Texts
    fields: tuple[Field, ...]
    called: tuple[str, ...] = ()
    reads_back: bool = True
    confirm: Texts = field(default_factory=lambda: {"es": "Sí, está bien", "en": "Yes, it is right"})

    def field(self, name: str) -> Field | None:
        """The field of this name."""
        return next((each for each in self.fields if each.name == name), None)

    def asks_for(self, requested: str) -> bool:
        """Whether this is one of its fields, the summary, or which field to change."""
        return requested in (CONFIRM, CHANGE) or self.field(requested) is not None

    def asked_with(self, answers: Answers) -> list[Field]:
        """The fields that are asked of a citizen who gave these answers, in their order."""
        return [each for each in self.fields if each.applies(answers)]


class Finish(Protocol):
    """What is done with the answers once all are there: the service call."""

    @abstractmethod
    def __call__(self, answers: Answers, context: Context) -> Finished | AskAgain:
        """The last words, or the field that has to be asked again."""


@dataclass
class Memory:
    """What a dialogue knows between two messages; it travels in a slot of the conversation.

    `requested` is the field that was asked for; `opening` the message that began the dialogue; `pending` a text that
    was taken for an emergency and may have been an answer. `attempt` is random and stays until the dialogue is over, so
    that answers which are used once more, because the outcome was lost on its way, are known to be the same.
    """

    requested: str
    answers: Answers
    failures: int = 0
    opening: Said | None = None
    pending: str | None = None
    attempt: str = ""

    def as_json(self) -> dict[str, Any]:
        """The memory as a slot holds it."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Memory":
        """The memory that a slot holds."""
        opening = data.get("opening")
        if opening is not None:
            entities = tuple(Entity(**entity) for entity in opening["entities"])
            opening = Said(opening["text"], opening["intent"], opening["outcome"], entities, pressed=opening["pressed"])
        return cls(**(data | {"opening": opening}))


@dataclass(frozen=True)
class Step:
    """What one message led to. No memory: the dialogue is over. `digression`: the message is for the rest of the
    assistant to answer first."""

    memory: Memory | None
    messages: tuple[Message, ...] = ()
    digression: bool = False
