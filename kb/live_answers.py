"""The answers that are live to questions that had none, for those who asked to be told."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, contains_eager

from consultame.contact import with_contact_data
from consultame.settings import load_settings
from kb.answer_requests import AnswerRequest
from kb.models import EntryVersion, QuestionState, UnansweredQuestion
from kb.releases import live_version_ids
from kb.validity import Validity, validity

_HOLDS = (Validity.CURRENT, Validity.ENDS_SOON)


@dataclass(frozen=True)
class LiveAnswer:
    """A request with its question, and the answer in the citizen's language, contact data filled in."""

    request: AnswerRequest
    text: str


def live_answers(session: Session, *wanted: ColumnElement[bool]) -> list[LiveAnswer]:
    """Those of the wanted requests whose answer is live, holds today and was found to reach the question."""
    query = (
        select(AnswerRequest, EntryVersion)
        .join(UnansweredQuestion, UnansweredQuestion.id == AnswerRequest.question_id)
        .join(EntryVersion, EntryVersion.entry_id == UnansweredQuestion.entry_id)
        .where(
            UnansweredQuestion.state == QuestionState.ANSWERED,
            UnansweredQuestion.answer_checked_at.is_not(None),
            EntryVersion.id.in_(live_version_ids()),
            *wanted,
        )
        .order_by(AnswerRequest.id)
        .options(contains_eager(AnswerRequest.question))
    )
    found = session.execute(query).tuples().all()
    return [LiveAnswer(request, _text(request, version)) for request, version in found if validity(version) in _HOLDS]


def _text(request: AnswerRequest, version: EntryVersion) -> str:
    answer = version.answer_en if request.language == "en" else version.answer_es
    return with_contact_data(answer.strip(), load_settings(), request.language)
