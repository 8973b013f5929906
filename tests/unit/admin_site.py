"""What the tests of the web application share: visitors, people who are signed in, and things to look at."""

import html
import itertools
import re
import tempfile
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from consultame.database import read_session, write_session
from consultame.staff import Role, StaffMember, add_staff_member, staff_member_by_email
from kb.entries import EntryText, approve, entry_by_slug, submit_for_review, write_new_entry, write_new_version
from kb.models import EntryVersion, QuestionReason, Topic, UnansweredQuestion
from kb.releases import make_candidate, promote
from kb.unanswered import keep_unanswered_question
from tests.conftest import forget_settings

# Importing the application opens the job queue in the data directory of that moment: it must not be the project's own.
with pytest.MonkeyPatch.context() as _environment:
    _environment.setenv("CONSULTAME_DATA_DIRECTORY", tempfile.mkdtemp(prefix="consultame-tests-"))
    forget_settings()
    from admin.application import create_app
forget_settings()

PASSWORD = "una-clave-larga"
ORIGIN = "http://testserver"
FINGERPRINT = "0123456789abcdef0123456789abcdef"

ENTRY = EntryText(
    title="Programa de estufas eficientes",
    label="Estufas eficientes",
    label_en="Efficient stoves",
    answer_es="El Ministerio no entrega estufas.\n\nEscriba a {correo}.",
    answer_en="The ministry does not give stoves.\n\nWrite to {correo}.",
    questions_es=["¿dan estufas?", "estufas", "cambio de estufa", "quiero una estufa", "programa de estufas"],
    questions_en=["do you give stoves?"],
    source="Oficio 1234 de 2026",
)

_numbers = itertools.count(1)


def visitor(app: FastAPI | None = None, **options: Any) -> TestClient:
    """A browser without a session; it states its origin as browsers do and follows no redirects by itself."""
    return TestClient(app or create_app(), follow_redirects=False, headers={"Origin": ORIGIN}, **options)


def account(name: str, role: Role) -> StaffMember:
    """The account of this name, added when there is none."""
    email = f"{name}@minenergia.example"
    with write_session() as session:
        known = staff_member_by_email(session, email)
        return known or add_staff_member(session, email=email, name=name.title(), role=role, password=PASSWORD)


def signed_in(name: str, role: Role, app: FastAPI | None = None) -> TestClient:
    """The browser of somebody who has signed in."""
    member = account(name, role)
    browser = visitor(app)
    answer = browser.post("/personal/ingresar", data={"email": member.email, "password": PASSWORD})
    assert answer.status_code == 303, answer.text
    return browser


def curator() -> TestClient:
    return signed_in("ana", Role.CURATOR)


def approver() -> TestClient:
    return signed_in("luis", Role.APPROVER)


def admin() -> TestClient:
    return signed_in("sara", Role.ADMIN)


def entry_fields(**changes: str) -> dict[str, str]:
    """The entry's form, filled."""
    return {
        "topic": "ministerio",
        "title": ENTRY.title,
        "label": ENTRY.label,
        "label_en": ENTRY.label_en,
        "answer_es": ENTRY.answer_es.replace("\n", "\r\n"),
        "answer_en": ENTRY.answer_en,
        "questions_es": "\r\n".join(ENTRY.questions_es),
        "questions_en": "\n".join(ENTRY.questions_en),
        "source": ENTRY.source,
        "action": "review",
    } | changes


def approved_entry(slug: str = "mme_estufas", text: EntryText = ENTRY) -> EntryVersion:
    """An entry, or its next version, written by Ana and approved by Luis."""
    version = version_in_review(slug, text)
    reviewer = account("luis", Role.APPROVER)
    with write_session() as session:
        version = session.get_one(EntryVersion, version.id)
        approve(session, version, by=reviewer)
    return version


def version_in_review(slug: str = "mme_estufas", text: EntryText = ENTRY) -> EntryVersion:
    """A version written by Ana, waiting for review."""
    version = draft(slug, text)
    author = account("ana", Role.CURATOR)
    with write_session() as session:
        version = session.get_one(EntryVersion, version.id)
        submit_for_review(session, version, by=author)
    return version


def draft(slug: str = "mme_estufas", text: EntryText = ENTRY) -> EntryVersion:
    """A draft by Ana."""
    author = account("ana", Role.CURATOR)
    with write_session() as session:
        entry = entry_by_slug(session, slug)
        if entry:
            return write_new_version(session, entry=entry, text=text, author=author)
        return write_new_entry(session, slug=slug, topic=Topic.MINISTERIO, text=text, author=author)


def versions_of(slug: str) -> list[EntryVersion]:
    """The stored versions of an entry, oldest first."""
    with read_session() as session:
        entry = entry_by_slug(session, slug)
        return list(entry.versions) if entry else []


def put_into_service(*versions: EntryVersion) -> int:
    """A live release that holds these versions; returns its number."""
    with write_session() as session:
        stored = [session.get_one(EntryVersion, version.id) for version in versions]
        release = make_candidate(session, stored, model_fingerprint=FINGERPRINT)
        promote(session, release)
        return release.id


def question(
    text: str = "¿dan estufas en las veredas?",
    nearest: str = "mme_estufas",
    channel: str = "web",
    reason: QuestionReason = QuestionReason.UNANSWERED,
) -> int:
    """A question without an answer; returns its number."""
    with write_session() as session:
        return keep_unanswered_question(
            session,
            conversation_id="web-1",
            message_id=f"message-{next(_numbers)}",
            channel=channel,
            text=text,
            conversation=[
                {"speaker": "assistant", "text": "Hola, soy ConsúltaME."},
                {"speaker": "citizen", "text": text},
            ],
            nearest=[{"slug": nearest, "confidence": 0.314}, {"slug": "consultar_radicado", "confidence": 0.1}],
            reason=reason,
        ).id


def stored_question(question_id: int) -> UnansweredQuestion:
    with read_session() as session:
        return session.get_one(UnansweredQuestion, question_id)


def visible_text(page: str, *, without_english: bool = False) -> str:
    """What a page says, in one line; form values are part of it."""
    body = re.sub(r"<(script|style)\b.*?</\1>", " ", page.partition("<body")[2], flags=re.DOTALL)
    if without_english:
        body = re.sub(r'<(\w+)[^>]*\blang="en"[^>]*>.*?</\1>', " ", body, flags=re.DOTALL)
    body = re.sub(r"<(\w+)[^>]*>|</\w+>", " ", body.partition(">")[2])
    return " ".join(html.unescape(body).split())
