"""Questions and answers of another Rasa assistant, as drafts that say what they lack.

Read are `nlu` and `responses` of Rasa's YAML: retrieval intents (`faq/slug` with `utter_faq/slug`) and plain intents
(`intent` with `utter_intent`).
"""

import re
from dataclasses import dataclass, field
from pathlib import Path

import yaml
from pydantic import BaseModel, ValidationError
from sqlalchemy.orm import Session

from consultame.audit import Action, SubjectKind, record
from consultame.staff import StaffMember
from kb.entries import EntryRefused, EntryText, write_draft
from kb.exchange import ExchangeError
from kb.models import Topic

MAXIMUM_BYTES = 5_000_000
# [Bogotá](city), [Bogotá]{"entity": "city"}: the words stay.
_ANNOTATION = re.compile(r"\[([^\]]+)\](?:\([^)]*\)|\{[^}]*\})")


@dataclass
class RasaEntry:
    """What the files say under one name."""

    questions: list[str] = field(default_factory=list)
    answer: str = ""


@dataclass(frozen=True)
class ImportedDraft:
    """A draft that was written, and what must be added before it can be reviewed (Spanish sentences)."""

    slug: str
    missing: list[str]


def read_rasa_files(paths: list[Path]) -> tuple[dict[str, RasaEntry], list[str]]:
    """What has questions and an answer, by slug, and the names that have one of the two only.

    Raises:
        ExchangeError: a file cannot be read, is no YAML, or holds neither `nlu` nor `responses`.
    """
    found: dict[str, RasaEntry] = {}
    for path in paths:
        document = _read(path)
        for item in document.nlu:
            if item.intent:
                found.setdefault(item.intent, RasaEntry()).questions += _examples(item.examples)
        for name, variants in document.responses.items():
            if name.startswith("utter_"):
                found.setdefault(name.removeprefix("utter_"), RasaEntry()).answer = _first_text(variants)
    whole = [name for name, entry in found.items() if entry.questions and entry.answer]
    slugs = [_slug(name) for name in whole]
    if twice := next((slug for slug in slugs if slugs.count(slug) > 1), None):
        raise ExchangeError(f"two intents would be named {twice!r}; rename one of them")
    return {_slug(name): found[name] for name in whole}, sorted(found.keys() - set(whole))


def import_drafts(
    session: Session, entries: dict[str, RasaEntry], *, topic: Topic, author: StaffMember
) -> list[ImportedDraft]:
    """Write each as the draft of a new entry.

    Raises:
        ExchangeError: a slug is malformed or taken; the caller's transaction must then be rolled back.
    """
    written = []
    for slug, entry in entries.items():
        title = slug.replace("_", " ").capitalize()
        text = EntryText(
            title=title,
            label=title[:48],
            label_en="",
            answer_es=entry.answer,
            answer_en="",
            questions_es=entry.questions,
            questions_en=[],
            source="",
        )
        try:
            write_draft(session, slug=slug, topic=topic, text=text, author=author)
        except EntryRefused as refusal:
            raise ExchangeError(f"{slug}: {refusal}") from None
        written.append(ImportedDraft(slug, text.problems()))
    if written:
        record(session, Action.ENTRIES_IMPORTED, SubjectKind.IMPORT, "", author=author.email, versions=len(written))
    return written


class _Examples(BaseModel):
    intent: str = ""
    examples: str = ""


class _RasaDocument(BaseModel):
    nlu: list[_Examples] = []
    responses: dict[str, list[dict[str, object]]] = {}


def _read(path: Path) -> _RasaDocument:
    try:
        if path.stat().st_size > MAXIMUM_BYTES:
            raise ExchangeError(f"{path}: larger than {MAXIMUM_BYTES // 1_000_000} MB")
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8 text"
        raise ExchangeError(f"{path}: {reason}") from None
    except yaml.YAMLError as error:
        raise ExchangeError(f"{path}: not YAML: {' '.join(str(error).split())}") from None
    if not isinstance(document, dict) or not {"nlu", "responses"} & document.keys():
        raise ExchangeError(f"{path}: holds neither `nlu` nor `responses`")
    try:
        return _RasaDocument.model_validate(document)
    except ValidationError as error:
        first = error.errors()[0]
        raise ExchangeError(f"{path}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from None


def _examples(examples: str) -> list[str]:
    lines = (line.lstrip("- ").strip() for line in examples.splitlines())
    return [_ANNOTATION.sub(r"\1", line) for line in lines if line]


def _first_text(variants: list[dict[str, object]]) -> str:
    return next((str(variant["text"]).strip() for variant in variants if variant.get("text")), "")


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", name.rpartition("/")[2].lower()).strip("_")
