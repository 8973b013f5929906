"""The form of an entry: typed text in, text for the knowledge base out, and a slug when none was given."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from pydantic import BaseModel, field_validator
from sqlalchemy.orm import Session

from kb.entries import EntryRefused, EntryText, distinct_questions, entry_by_slug
from kb.models import EntryVersion, Task, Topic, UnansweredQuestion

_SLUG_PREFIXES = {
    Topic.MINISTERIO: "mme",
    Topic.DERECHOS: "pqrsd",
    Topic.CITAS: "cita",
    Topic.MINERIA_COMBUSTIBLES: "mineria",
}
_LONGEST_PROPOSAL = 56
_EMPTY_WORDS = frozenset("a al con de del e el en es la las lo los o para por que se son su sus u un una y".split())


class EntryForm(BaseModel):
    """What was typed, as it was typed, so that a refused form shows it again."""

    slug: str = ""
    topic: str = ""
    title: str = ""
    label: str = ""
    label_en: str = ""
    answer_es: str = ""
    answer_en: str = ""
    questions_es: str = ""
    questions_en: str = ""
    source: str = ""
    valid_from: str = ""
    valid_until: str = ""
    task: str = ""
    question_ids: str = ""
    base_number: str = ""
    # What the page said of questions that other entries have.
    taken_summary: str = ""
    action: str = ""

    @field_validator("*", mode="before")
    @classmethod
    def _plain(cls, text: object) -> object:
        return plain_text(text) if isinstance(text, str) else text

    @property
    def wants_preview(self) -> bool:
        """Whether «Ver cómo queda» was pressed: nothing is kept then."""
        return self.action == "preview"

    @property
    def wants_review(self) -> bool:
        """Whether «Enviar a revisión» was pressed, not «Guardar borrador»."""
        return self.action == "review"

    def chosen_topic(self) -> Topic:
        """The topic.

        Raises:
            EntryRefused: none was chosen; the messages name whatever else is wrong as well.
        """
        try:
            return Topic(self.topic)
        except ValueError:
            raise EntryRefused("Elija un tema.", *self._text_without_days().problems()) from None

    def text(self) -> EntryText:
        """The text to be kept.

        Raises:
            EntryRefused: a date is none; the messages name whatever else is wrong as well.
        """
        problems: list[str] = []
        first = _day(self.valid_from, "Válida desde", problems)
        last = _day(self.valid_until, "Válida hasta", problems)
        if problems:
            raise EntryRefused(*problems, *self._text_without_days().problems())
        return replace(self._text_without_days(), valid_from=first, valid_until=last)

    def _text_without_days(self) -> EntryText:
        return EntryText(
            title=self.title,
            label=self.label,
            label_en=self.label_en,
            answer_es=self.answer_es,
            answer_en=self.answer_en,
            questions_es=self.questions_es.splitlines(),
            questions_en=self.questions_en.splitlines(),
            source=self.source,
            task=self._chosen_task(),
        )

    def _chosen_task(self) -> Task | None:
        if not self.task:
            return None
        try:
            return Task(self.task)
        except ValueError:
            raise EntryRefused("Esa tarea no existe. Elija una de la lista.") from None


def _day(typed: str, name: str, problems: list[str]) -> date | None:
    try:
        return date.fromisoformat(typed.strip()) if typed.strip() else None
    except ValueError:
        problems.append(f"La fecha de «{name}» no es una fecha.")
        return None


def plain_text(text: str) -> str:
    """The text with plain line breaks and without control characters, which PostgreSQL refuses in part."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(char for char in text if char in "\n\t" or unicodedata.category(char) != "Cc")


def form_for_questions(questions: Sequence[UnansweredQuestion]) -> EntryForm:
    """An empty form that starts from citizens' questions."""
    return EntryForm(
        questions_es="\n".join(distinct_questions(question.text for question in questions)),
        question_ids=",".join(str(question.id) for question in questions),
    )


def form_for_version(version: EntryVersion) -> EntryForm:
    """The form filled with what a version says."""
    return EntryForm(
        slug=version.entry.slug,
        topic=version.entry.topic,
        title=version.title,
        label=version.label,
        label_en=version.label_en,
        answer_es=version.answer_es,
        answer_en=version.answer_en,
        questions_es="\n".join(version.questions_es),
        questions_en="\n".join(version.questions_en),
        source=version.source,
        valid_from=version.valid_from.isoformat() if version.valid_from else "",
        valid_until=version.valid_until.isoformat() if version.valid_until else "",
        task=version.task or "",
        base_number=str(version.number),
    )


def proposed_slug(session: Session, *, topic: Topic, title: str) -> str:
    """A free slug for a new entry: the topic's prefix and the telling words of the title."""
    prefix = _SLUG_PREFIXES.get(topic, topic.value)
    words = [word for word in _plain_words(title) if word not in _EMPTY_WORDS]
    slug = "_".join([prefix, *(word for word in words if word != prefix)])
    if len(slug) > _LONGEST_PROPOSAL:
        slug = slug[:_LONGEST_PROPOSAL].rpartition("_")[0]
    free, number = slug, 2
    while entry_by_slug(session, free):
        free, number = f"{slug}_{number}", number + 1
    return free


def _plain_words(text: str) -> list[str]:
    decomposed = unicodedata.normalize("NFKD", text.lower())
    return re.findall(r"[a-z0-9]+", "".join(char for char in decomposed if not unicodedata.combining(char)))
