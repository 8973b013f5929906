"""The publishing gate: what is measured on a candidate model, and what of it keeps the candidate out of service.

The bot measures (`bot/publishing_run.py`), because only it can ask a model; what follows from it is decided here.
"""

from collections.abc import Iterable, Iterator

from pydantic import BaseModel

from kb.models import FindingKind, GateFinding

# Shares, 0–1. Of a new or changed entry's own questions so many must have it as the likeliest …
OWN_FOUND = 0.98
# … and of those that a model was trained without, so many must have it among the three likeliest.
HELD_OUT_FOUND = 0.5
# So many more of the out-of-scope questions than before may be answered: a question or two is chance.
OUT_OF_SCOPE_TOLERANCE = 0.01
LONGEST_OUTCOME = 200

# How kb/publishing.py and the bot's process speak: files in a folder of their own, and lines that name a step.
ORDER_FILE = "order.json"
MEASURES_FILE = "measures.json"
STEP_MARK = "@step "


class GateOrder(BaseModel):
    """What the bot is asked to train and to measure. Paths are absolute; `live_model` may be ""."""

    fingerprint: str
    live_model: str
    changed_slugs: list[str]
    recent_questions: list[str]


class StoryFailure(BaseModel):
    """A step of a test story that went another way; `said` is the citizen's text, "" at an action."""

    story: str
    said: str
    expected: str
    got: str


class Difference(BaseModel):
    """A question and what two models do with it; `slug` is the entry that it belongs to, "" for none."""

    text: str
    slug: str = ""
    before: str = ""
    after: str = ""


class EntryFound(BaseModel):
    """How an entry is found by its own questions: how many were asked, and which did not find it."""

    slug: str
    asked: int
    missed: list[Difference]


class GateMeasures(BaseModel):
    """Everything the bot measured. Without a live model to compare with, `compared` is False and nothing differs."""

    stories: int
    story_failures: list[StoryFailure]
    compared: bool
    own_asked: int
    own: list[EntryFound]
    held_out: list[EntryFound]
    stolen: list[Difference]
    unsure: list[Difference]
    out_of_scope_asked: int
    out_of_scope_answered_before: int
    out_of_scope_answered: int
    out_of_scope_answered_since: list[Difference]
    recent_asked: int
    recent_changed: list[Difference]


def gate_findings(measures: GateMeasures) -> list[GateFinding]:
    """What the measures say about the candidate, the gravest first; those that block keep it out of service."""
    return [
        *(_story(failure) for failure in measures.story_failures),
        *_listed(measures.stolen, FindingKind.STOLEN, blocking=True),
        *_hardly_found(measures.own, OWN_FOUND, FindingKind.OWN_QUESTION),
        *_hardly_found(measures.held_out, HELD_OUT_FOUND, FindingKind.HELD_OUT),
        *_listed(
            measures.out_of_scope_answered_since,
            FindingKind.OUT_OF_SCOPE,
            blocking=_answers_too_much_out_of_scope(measures),
        ),
        *_listed(measures.unsure, FindingKind.UNSURE, blocking=False),
        *_listed(measures.recent_changed, FindingKind.ANSWER_CHANGE, blocking=False),
    ]


def gate_counts(measures: GateMeasures) -> dict[str, int]:
    """The numbers of the report, by name."""
    return {
        "stories": measures.stories,
        "compared": int(measures.compared),
        "own_asked": measures.own_asked,
        "held_out_asked": sum(entry.asked for entry in measures.held_out),
        "held_out_missed": sum(len(entry.missed) for entry in measures.held_out),
        "out_of_scope_asked": measures.out_of_scope_asked,
        "out_of_scope_before": measures.out_of_scope_answered_before,
        "out_of_scope_after": measures.out_of_scope_answered,
        "recent_asked": measures.recent_asked,
        "recent_changed": len(measures.recent_changed),
    }


def _answers_too_much_out_of_scope(measures: GateMeasures) -> bool:
    more = measures.out_of_scope_answered - measures.out_of_scope_answered_before
    return measures.compared and more > OUT_OF_SCOPE_TOLERANCE * measures.out_of_scope_asked


def _story(failure: StoryFailure) -> GateFinding:
    text = f"{failure.story}: «{failure.said}»" if failure.said else failure.story
    return GateFinding(
        kind=FindingKind.STORY, blocking=True, slug="", text=text,
        before=failure.expected[:LONGEST_OUTCOME], after=failure.got[:LONGEST_OUTCOME],
    )  # fmt: skip


def _hardly_found(entries: Iterable[EntryFound], share: float, kind: FindingKind) -> Iterator[GateFinding]:
    for entry in entries:
        too_many = len(entry.missed) > (1 - share) * entry.asked
        yield from _listed(entry.missed, kind, blocking=too_many)


def _listed(differences: Iterable[Difference], kind: FindingKind, *, blocking: bool) -> Iterator[GateFinding]:
    for difference in differences:
        yield GateFinding(
            kind=kind, blocking=blocking, slug=difference.slug, text=difference.text,
            before=difference.before[:LONGEST_OUTCOME], after=difference.after[:LONGEST_OUTCOME],
        )  # fmt: skip
