"""What a form for an entry does: the services of the knowledge base, put together in one transaction each."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from admin.entry_form import EntryForm, proposed_slug
from admin.identifiers import row_id
from consultame.staff import StaffMember
from kb.entries import (
    EntryRefused,
    EntryText,
    distinct_questions,
    submit_for_review,
    write_new_entry,
    write_new_version,
)
from kb.models import Entry, EntryVersion, QuestionState, UnansweredQuestion, VersionState
from kb.unanswered import link_to_entry, question_by_id


class ChangedMeanwhile(EntryRefused):
    """Somebody else saved a version, or dealt with the question, since the form was opened."""


@dataclass(frozen=True)
class CitizenQuestion:
    """A question to add to an entry, and its language."""

    text: str
    is_english: bool


def start_entry(session: Session, form: EntryForm, author: StaffMember) -> EntryVersion:
    """Write a new entry from the form, offer it for review if asked, and link the questions it answers.

    Raises:
        EntryRefused: the form has problems.
    """
    questions = [open_question(session, number) for number in form.question_ids.split(",") if number]
    topic = form.chosen_topic()
    text = form.text()
    slug = form.slug.strip() or proposed_slug(session, topic=topic, title=form.title)
    version = write_new_entry(session, slug=slug, topic=topic, text=text, author=author)
    for question in questions:
        link_to_entry(session, question, version.entry)
    if form.wants_review:
        submit_for_review(session, version, by=author)
    return version


def continue_entry(session: Session, entry: Entry, form: EntryForm, author: StaffMember) -> EntryVersion:
    """Write a new version of an entry from the form, and offer it for review if asked.

    Raises:
        ChangedMeanwhile: the entry has a newer version than the one the form started from.
        EntryRefused: the form has problems.
    """
    newest = entry.versions[-1]
    if form.base_number != str(newest.number):
        raise ChangedMeanwhile(
            f"Mientras usted escribía, {newest.author.name} guardó la versión {newest.number}. Revísela en otra "
            "pestaña; si guarda de nuevo, el texto de abajo será la versión más nueva."
        )
    version = write_new_version(session, entry=entry, text=form.text(), author=author)
    if form.wants_review:
        submit_for_review(session, version, by=author)
    return version


def open_question(session: Session, question_id: str) -> UnansweredQuestion:
    """The question of this number that nobody has dealt with.

    Raises:
        EntryRefused: there is none.
        ChangedMeanwhile: somebody was faster.
    """
    number = row_id(question_id)
    question = question_by_id(session, number) if number else None
    if question is None:
        raise EntryRefused("La pregunta que quería responder no existe.")
    if question.state is not QuestionState.NEW:
        raise ChangedMeanwhile("Otra persona ya atendió esta pregunta.")
    return question


def add_questions(
    session: Session, entry: Entry, questions: Sequence[CitizenQuestion], author: StaffMember
) -> EntryVersion | None:
    """Add citizens' questions to what an entry recognises, as one version in review; None when all are there already.

    Somebody's unfinished draft is left out: the new version starts from the newest text that was offered for review.

    Raises:
        EntryRefused: a question is empty or too long.
    """
    if not questions or any(not question.text.strip() for question in questions):
        raise EntryRefused("Escriba la pregunta que se suma a la entrada.")
    old = EntryText.of(_newest_offered(entry))
    spanish = distinct_questions([*old.questions_es, *(_in_one_line(q) for q in questions if not q.is_english)])
    english = distinct_questions([*old.questions_en, *(_in_one_line(q) for q in questions if q.is_english)])
    if (len(spanish), len(english)) == (len(old.questions_es), len(old.questions_en)):
        return None
    text = replace(old, questions_es=spanish, questions_en=english)
    version = write_new_version(session, entry=entry, text=text, author=author)
    submit_for_review(session, version, by=author)
    return version


def _in_one_line(question: CitizenQuestion) -> str:
    return " ".join(question.text.split())


def _newest_offered(entry: Entry) -> EntryVersion:
    offered = [v for v in entry.versions if v.state in (VersionState.APPROVED, VersionState.IN_REVIEW)]
    return (offered or entry.versions)[-1]
