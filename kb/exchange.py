"""Entries as YAML files: the first knowledge base, import and export."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from sqlalchemy.orm import Session

from consultame.audit import Action, SubjectKind, record
from consultame.staff import Role, StaffMember, add_staff_member, staff_member_by_email
from kb.entries import (
    EntryRefused,
    EntryText,
    approve,
    distinct_questions,
    entry_by_slug,
    newest_approved_versions,
    submit_for_review,
    write_new_entry,
    write_new_version,
)
from kb.models import EntryVersion, Task, Topic

WRITER_EMAIL = "redaccion@consultame.example"
REVIEWER_EMAIL = "revision@consultame.example"


class ExchangeError(Exception):
    """A file cannot be read as entries; the message names file, entry and fault in one line."""


class EntryDocument(BaseModel):
    """One entry as it stands in a file."""

    model_config = ConfigDict(extra="forbid")

    slug: str
    title: str
    label: str
    label_en: str
    answer_es: str
    answer_en: str
    source: str
    valid_from: date | None = None
    valid_until: date | None = None
    task: Task | None = None
    questions_es: list[str] = Field(min_length=1)
    questions_en: list[str] = Field(default_factory=list)

    def text(self) -> EntryText:
        return EntryText(**self.model_dump(exclude={"slug"}))


class TopicDocument(BaseModel):
    """One file: the entries of a topic."""

    model_config = ConfigDict(extra="forbid")

    topic: Topic
    entries: list[EntryDocument]


def read_topic_file(path: Path) -> TopicDocument:
    """Read and check one YAML file.

    Raises:
        ExchangeError: not readable, not YAML, or not of this form.
    """
    try:
        return TopicDocument.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8 text"
        raise ExchangeError(f"{path}: {reason}") from None
    except yaml.YAMLError as error:
        raise ExchangeError(f"{path}: not YAML: {' '.join(str(error).split())}") from None
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise ExchangeError(f"{path}: {place or 'file'}: {first['msg']}") from None


def topic_files(path: Path) -> list[Path]:
    """The file itself, or the YAML files of a folder by name.

    Raises:
        ExchangeError: nothing there.
    """
    if path.is_file():
        return [path]
    files = sorted([*path.glob("*.yml"), *path.glob("*.yaml")])
    if not files:
        raise ExchangeError(f"{path}: no such file, or a folder without YAML files")
    return files


def import_entries(
    session: Session, documents: Iterable[TopicDocument], *, author: StaffMember, approver: StaffMember | None = None
) -> list[EntryVersion]:
    """Write the entries that differ from what is stored, as versions in review, or approved when there is an approver.

    An entry whose newest version already says the same is left alone, so an import can be run again.

    Raises:
        ExchangeError: an entry has a problem; the caller's transaction must then be rolled back.
    """
    written = []
    for document in documents:
        for item in document.entries:
            try:
                version = _import_entry(session, document.topic, item, author)
                if version and approver:
                    approve(session, version, by=approver)
            except EntryRefused as refusal:
                raise ExchangeError(f"{item.slug}: {refusal}") from None
            if version:
                written.append(version)
    if written:
        record(session, Action.ENTRIES_IMPORTED, SubjectKind.IMPORT, "", author=author.email, versions=len(written))
    return written


def _import_entry(session: Session, topic: Topic, item: EntryDocument, author: StaffMember) -> EntryVersion | None:
    entry = entry_by_slug(session, item.slug)
    if entry and entry.topic is not topic:
        raise EntryRefused(f"La entrada pertenece al tema «{entry.topic}», no a «{topic}».")
    if entry and entry.versions and _same_text(entry.versions[-1], item):
        return None
    if entry:
        version = write_new_version(session, entry=entry, text=item.text(), author=author)
    else:
        version = write_new_entry(session, slug=item.slug, topic=topic, text=item.text(), author=author)
    submit_for_review(session, version, by=author)
    return version


def _same_text(version: EntryVersion, item: EntryDocument) -> bool:
    stored = _as_document(version).model_dump()
    return stored == item.model_copy(update=_cleaned(item)).model_dump()


def _cleaned(item: EntryDocument) -> dict[str, str | list[str]]:
    texts = {name: getattr(item, name).strip() for name in _TEXT_FIELDS}
    return texts | {
        "questions_es": distinct_questions(item.questions_es),
        "questions_en": distinct_questions(item.questions_en),
    }


_TEXT_FIELDS = ("title", "label", "label_en", "answer_es", "answer_en", "source")


def _as_document(version: EntryVersion) -> EntryDocument:
    return EntryDocument(slug=version.entry.slug, **asdict(EntryText.of(version)))


def load_first_knowledge_base(session: Session, folder: Path) -> list[EntryVersion]:
    """Load the entries that ship with the system, approved, in the name of two closed accounts."""
    author = _closed_account(session, WRITER_EMAIL, "Base inicial: redacción", Role.CURATOR)
    approver = _closed_account(session, REVIEWER_EMAIL, "Base inicial: revisión", Role.APPROVER)
    documents = [read_topic_file(path) for path in topic_files(folder)]
    fresh = [
        document.model_copy(update={"entries": [e for e in document.entries if not entry_by_slug(session, e.slug)]})
        for document in documents
    ]
    return import_entries(session, fresh, author=author, approver=approver)


def _closed_account(session: Session, email: str, name: str, role: Role) -> StaffMember:
    known = staff_member_by_email(session, email)
    return known or add_staff_member(session, email=email, name=name, role=role, password=None)


def export_entries(session: Session, folder: Path) -> list[Path]:
    """Write the newest approved version of every entry in use, one YAML file a topic; returns the files."""
    folder.mkdir(parents=True, exist_ok=True)
    by_topic: dict[Topic, list[EntryVersion]] = {}
    in_use = [version for version in newest_approved_versions(session) if version.entry.retired_at is None]
    for version in in_use:
        by_topic.setdefault(version.entry.topic, []).append(version)
    written = []
    for topic, versions in sorted(by_topic.items()):
        path = folder / f"{topic}.yml"
        document = TopicDocument(topic=topic, entries=[_as_document(version) for version in versions])
        content = document.model_dump(mode="json", exclude_none=True)
        path.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=120), encoding="utf-8")
        written.append(path)
    return written
