"""While an entry is written: how it will look, how plainly it speaks, and whether its questions are taken already."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Form
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from admin.access import Writer
from admin.answer_preview import AnswerPreview, answer_preview
from admin.clear_language import Readability, readability
from admin.entry_form import EntryForm
from admin.loaded_models import nearest_by_live_model
from admin.nearest_entries import Nearest, nearest_labels
from admin.pages import STAFF_PATH, render
from bot.components.spanish_text import normalised
from consultame.database import read_session
from consultame.settings import load_settings
from kb.entries import distinct_questions, latest_versions
from kb.models import Entry, EntryVersion
from kb.similar_questions import QuestionIndex, SimilarQuestion

router = APIRouter(prefix=STAFF_PATH)

SHOWN = 8


@dataclass(frozen=True)
class FormPreview:
    """What the page shows beside the form."""

    spanish: AnswerPreview
    english: AnswerPreview
    readability: Readability


@dataclass(frozen=True)
class TakenQuestions:
    """What of the typed questions other entries have, with the titles of these by slug."""

    typed: int
    taken: list[SimilarQuestion]
    entries: list[Nearest]
    titles: dict[str, str]

    @property
    def summary(self) -> str:
        """What a screen reader is told."""
        if not self.taken:
            return "Ninguna de las preguntas está en otra entrada." if self.typed else ""
        return f"{len(self.taken)} de las preguntas ya {'está' if len(self.taken) == 1 else 'están'} en otra entrada."


@router.post("/vista-de-entrada")
def preview(request: Request, member: Writer, form: Annotated[EntryForm, Form()]) -> Response:
    """How the answer will look and how it reads, as a fragment of the form's page."""
    return render(request, "entries/preview.html", preview=form_preview(form))


@router.post("/preguntas-parecidas")
def similar_questions(request: Request, member: Writer, form: Annotated[EntryForm, Form()]) -> Response:
    """Which of the questions are taken, as a fragment; what was said of it already is not said again."""
    with read_session() as session:
        taken = taken_questions(session, [*form.questions_es.splitlines(), *form.questions_en.splitlines()], form.slug)
    return render(request, "entries/taken.html", taken=taken, announces=taken.summary != form.taken_summary)


def form_preview(form: EntryForm) -> FormPreview:
    """The preview of what is typed so far."""
    return FormPreview(
        spanish=answer_preview(answer=form.answer_es, label=form.label, task=form.task, language="es"),
        english=answer_preview(answer=form.answer_en, label=form.label_en, task=form.task, language="en"),
        readability=readability(form.answer_es),
    )


def taken_questions(session: Session, questions: Sequence[str], slug: str) -> TakenQuestions:
    """The questions that another entry than this one has already or nearly, and the entries that come near."""
    typed = distinct_questions(questions)
    known = _current(session)
    nearest = nearest_labels(nearest_by_live_model(session, typed, besides=slug), known.versions)
    return TakenQuestions(
        typed=len(typed),
        taken=known.index.nearly_the_same(typed, besides=slug)[:SHOWN],
        entries=[near for near in nearest if near.version],
        titles={slug: version.title for slug, version in known.versions.items()},
    )


@dataclass(frozen=True)
class _Known:
    """The index of one state of the knowledge base."""

    state: tuple[object, ...]
    index: QuestionIndex
    versions: dict[str, EntryVersion]


_known: list[_Known] = []


def _current(session: Session) -> _Known:
    """The index over the newest versions of the entries in use, made anew when one was written or retired."""
    retired = select(func.count()).where(Entry.retired_at.is_not(None)).scalar_subquery()
    counts = session.execute(select(func.max(EntryVersion.id), func.count(EntryVersion.id), retired)).one()
    state = (load_settings().database_url, *counts)
    if not _known or _known[0].state != state:
        versions = [version for version in latest_versions(session) if version.entry.retired_at is None]
        index = QuestionIndex(versions, normalised)
        _known[:] = [_Known(state, index, {version.entry.slug: version for version in versions})]
    return _known[0]
