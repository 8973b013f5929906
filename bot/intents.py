"""The intents by what a turn with them amounts to, and the message data that carries it."""

from typing import Literal, TypedDict

from consultame import conversations
from kb.models import Task

Outcome = Literal["answered", "suggested", "unanswered", "task", "smalltalk"]

FAQ = "faq"
AMBIGUOUS = "faq_ambigua"
NONE_OF_THESE = "ninguna_de_estas"
OUT_OF_SCOPE = "fuera_de_alcance"
EMERGENCY = "emergencia"
OTHER_LANGUAGE = "otro_idioma"
CHANGE_LANGUAGE = "cambiar_idioma"
FAREWELL = "despedirse"

# An entry as a label of the question model: this and its slug.
ENTRY_PREFIX = f"{FAQ}/"

TASKS = tuple(task.value for task in Task)
SMALL_TALK = ("saludar", FAREWELL, "agradecer", "afirmar", "negar", "es_un_bot", CHANGE_LANGUAGE)

# The key of the parse data under which KnowledgeBaseMatch travels; the kept conversation is read by it too.
MATCH_KEY = conversations.MATCH_KEY
# The key under which the message's language travels, when it is clear.
LANGUAGE_KEY = "language"
LANGUAGE_SLOT = "language"
# In the metadata of what the assistant says: the id of the message whose question was kept for the staff.
QUESTION_KEPT_KEY = "question_kept"
# With a button that was pressed: the `field` and `value` of a dialogue's button, or nothing.
CHOICE_KEY = "choice"


class Candidate(TypedDict):
    """An answer that might be meant: an entry (`slug`) or a task (`intent`, slug None)."""

    intent: str
    slug: str | None
    confidence: float


class KnowledgeBaseMatch(TypedDict):
    """What the selector decided about a message."""

    outcome: Outcome
    slug: str | None
    confidence: float
    candidates: list[Candidate]


def outcome_of(intent: str) -> Outcome:
    """What a turn with this intent amounts to."""
    if intent in (FAQ, EMERGENCY):
        return "answered"
    if intent == AMBIGUOUS:
        return "suggested"
    if intent in (OUT_OF_SCOPE, NONE_OF_THESE, OTHER_LANGUAGE):
        return "unanswered"
    return "task" if intent in TASKS else "smalltalk"
