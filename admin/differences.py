"""What changes between two versions, part by part, for whoever has to approve it."""

import re
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from enum import StrEnum

from admin.wording import TASKS, long_date
from kb.models import EntryVersion


class Change(StrEnum):
    """What happened to a piece of text."""

    KEPT = "kept"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True)
class Piece:
    """A stretch of text and what happened to it."""

    change: Change
    text: str


@dataclass(frozen=True)
class TextDifference:
    """A part that reads differently, its text in pieces; `language` is that of the text."""

    name: str
    language: str
    pieces: list[Piece]


@dataclass(frozen=True)
class ListDifference:
    """A list of questions with some added or removed, and how many stay."""

    name: str
    language: str
    pieces: list[Piece]
    kept: int


_TEXTS = (
    ("Título", "es", "title"),
    ("Etiqueta del botón", "es", "label"),
    ("Etiqueta en inglés", "en", "label_en"),
    ("Respuesta en español", "es", "answer_es"),
    ("Respuesta en inglés", "en", "answer_en"),
    ("Fuente", "es", "source"),
)


def text_differences(old: EntryVersion, new: EntryVersion) -> list[TextDifference]:
    """The texts that differ, word by word."""
    pairs = [(name, language, str(getattr(old, a)), str(getattr(new, a))) for name, language, a in _TEXTS]
    pairs.append(("Válida desde", "es", _day(old.valid_from), _day(new.valid_from)))
    pairs.append(("Válida hasta", "es", _day(old.valid_until), _day(new.valid_until)))
    pairs.append(("Botón que ofrece hacerlo ya", "es", _task(old), _task(new)))
    return [
        TextDifference(name, language, _word_pieces(before, after))
        for name, language, before, after in pairs
        if before != after
    ]


def question_differences(old: EntryVersion, new: EntryVersion) -> list[ListDifference]:
    """The lists of questions that differ."""
    lists = (
        ("Preguntas en español", "es", old.questions_es, new.questions_es),
        ("Preguntas en inglés", "en", old.questions_en, new.questions_en),
    )
    return [
        _list_difference(name, language, before, after) for name, language, before, after in lists if before != after
    ]


def _list_difference(name: str, language: str, before: list[str], after: list[str]) -> ListDifference:
    added = [Piece(Change.ADDED, question) for question in after if question not in before]
    removed = [Piece(Change.REMOVED, question) for question in before if question not in after]
    return ListDifference(name, language, added + removed, len(after) - len(added))


def _day(day: date | None) -> str:
    return long_date(day) if day else "sin fecha"


def _task(version: EntryVersion) -> str:
    return TASKS[version.task] if version.task else "ninguno"


def _word_pieces(before: str, after: str) -> list[Piece]:
    old, new = _words(before), _words(after)
    pieces: list[Piece] = []
    for _, old_start, old_end, new_start, new_end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        gone, come = "".join(old[old_start:old_end]), "".join(new[new_start:new_end])
        if gone == come:
            pieces.append(Piece(Change.KEPT, come))
            continue
        pieces += [Piece(Change.REMOVED, gone)] if gone else []
        pieces += [Piece(Change.ADDED, come)] if come else []
    return pieces


def _words(text: str) -> list[str]:
    """Words and the blanks between them, each a token of its own."""
    return re.findall(r"\s+|[^\s]+", text)
