"""Trying a question: what the model in service does with it, and what a candidate would do, side by side."""

import logging
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from admin.access import Member
from admin.entry_form import plain_text
from admin.entry_page import entry_named
from admin.identifiers import RowId, Slug
from admin.loaded_models import loaded_model, understood_by
from admin.pages import STAFF_PATH, render
from admin.refusals import Refused
from admin.wording import TASKS
from bot.intents import EMERGENCY, Outcome
from consultame.database import read_session
from kb import trial_job
from kb.models import EntryVersion, Task
from kb.publishing import publication_by_id
from kb.releases import live_release, release_by_id
from kb.trial import TrialState, ask_for_trial, trial_fingerprint, trial_state, trial_versions

log = logging.getLogger(__name__)
TRIAL_PATH = f"{STAFF_PATH}/probar"
router = APIRouter(prefix=TRIAL_PATH)

LONGEST_QUESTION = 1000
OUTCOMES: dict[Outcome, str] = {
    "answered": "Responde",
    "suggested": "No está seguro y ofrece",
    "unanswered": "Dice que no tiene una respuesta y guarda la pregunta",
    "task": "Empieza la tarea",
    "smalltalk": "Conversa: saludo, agradecimiento o despedida",
}


@dataclass(frozen=True)
class Contestant:
    """A model by its name for people, its fingerprint and the versions it would answer with, by slug."""

    name: str
    fingerprint: str
    versions: dict[str, EntryVersion]


@dataclass(frozen=True)
class Reaction:
    """What a model does with a question; `version` is the entry it answers with, `offered` what it offers instead."""

    name: str
    outcome: str
    version: EntryVersion | None
    offered: list[str]
    confidence: float | None


@dataclass(frozen=True)
class Trial:
    """What is tried: where the page is, and the two models. Without a candidate, `obstacle` says why."""

    address: str
    back: str
    live: Contestant | None
    candidate: Contestant | None
    state: TrialState
    obstacle: str = ""


@router.get("/entrada/{slug}")
def try_entry(request: Request, member: Member, slug: Slug) -> Response:
    """The live model beside one that knows the entry's newest version."""
    with read_session() as session:
        return _page(request, entry_trial(session, slug))


@router.post("/entrada/{slug}")
def ask_both_of_entry(request: Request, member: Member, slug: Slug, text: Annotated[str, Form()] = "") -> Response:
    """Ask both."""
    with read_session() as session:
        return _page(request, entry_trial(session, slug), text)


@router.post("/entrada/{slug}/preparar")
def prepare(request: Request, member: Member, slug: Slug) -> Response:
    """Have the worker train the model with the entry's newest version."""
    with read_session() as session:
        version = entry_named(session, slug).versions[-1]
        fingerprint = trial_fingerprint(session, version)
    if ask_for_trial(fingerprint):
        trial_job.train(version.id)
        log.info("staff member %s has %s version %s trained for a trial", member.id, slug, version.number)
    return RedirectResponse(f"{TRIAL_PATH}/entrada/{slug}", HTTPStatus.SEE_OTHER)


@router.get("/publicacion/{publication_id}")
def try_publication(request: Request, member: Member, publication_id: RowId) -> Response:
    """The live model beside the one of this publication."""
    with read_session() as session:
        return _page(request, publication_trial(session, publication_id))


@router.post("/publicacion/{publication_id}")
def ask_both_of_publication(
    request: Request, member: Member, publication_id: RowId, text: Annotated[str, Form()] = ""
) -> Response:
    """Ask both."""
    with read_session() as session:
        return _page(request, publication_trial(session, publication_id), text)


def entry_trial(session: Session, slug: str) -> Trial:
    """The models for the entry's newest version.

    Raises:
        Refused: there is no such entry.
    """
    entry = entry_named(session, slug)
    version = entry.versions[-1]
    fingerprint = trial_fingerprint(session, version)
    versions = {each.entry.slug: each for each in trial_versions(session, version)}
    name = f"Con la versión {version.number} de esta entrada"
    return Trial(
        address=f"{TRIAL_PATH}/entrada/{slug}",
        back=f"{STAFF_PATH}/entradas/{slug}",
        live=_live(session),
        candidate=Contestant(name, fingerprint, versions),
        state=trial_state(fingerprint),
    )


def publication_trial(session: Session, publication_id: int) -> Trial:
    """The models for a publication: its own, and the live one (or the one before, where its own is live).

    Raises:
        Refused: there is no such publication.
    """
    publication = publication_by_id(session, publication_id)
    if publication is None:
        raise Refused(HTTPStatus.NOT_FOUND, "Esta publicación no existe.")
    release = release_by_id(session, publication.release_id) if publication.release_id else None
    candidate = None
    if release:
        versions = {version.entry.slug: version for version in release.versions}
        candidate = Contestant(f"La publicación {publication.id}", release.model_fingerprint, versions)
    state = trial_state(release.model_fingerprint) if release else TrialState.MISSING
    has_model = state is TrialState.READY
    return Trial(
        address=f"{TRIAL_PATH}/publicacion/{publication_id}",
        back=f"{STAFF_PATH}/publicaciones/{publication_id}",
        live=_live(session),
        candidate=candidate,
        state=state,
        obstacle="" if has_model else "Esta publicación no dejó un modelo, o ya no se conserva.",
    )


def _live(session: Session) -> Contestant | None:
    release = live_release(session)
    if release is None:
        return None
    versions = {version.entry.slug: version for version in release.versions}
    return Contestant(f"En servicio (versión {release.id})", release.model_fingerprint, versions)


def reaction(contestant: Contestant, text: str) -> Reaction | None:
    """What the model does with the text; None when its file is gone."""
    model = loaded_model(contestant.fingerprint)
    if model is None:
        return None
    understood = understood_by(model, text)
    match = understood.match
    outcome = "Da el aviso de emergencia" if understood.intent == EMERGENCY else OUTCOMES[match["outcome"]]
    if match["outcome"] == "task":
        outcome = f"{outcome} «{TASKS[Task(understood.intent)]}»"
    offered = match["candidates"] if match["outcome"] == "suggested" else []
    return Reaction(
        name=contestant.name,
        outcome=outcome,
        version=contestant.versions.get(match["slug"] or ""),
        offered=[_label(contestant, each["slug"], each["intent"]) for each in offered],
        confidence=match["confidence"] if match["outcome"] in ("answered", "task") else None,
    )


def _label(contestant: Contestant, slug: str | None, intent: str) -> str:
    if slug is None:
        return TASKS[Task(intent)]
    version = contestant.versions.get(slug)
    return version.title if version else slug


def _page(request: Request, trial: Trial, text: str = "") -> Response:
    text = " ".join(plain_text(text).split())[:LONGEST_QUESTION]
    is_ready = trial.state is TrialState.READY
    asked = [each for each in (trial.live, trial.candidate if is_ready else None) if each] if text else []
    return render(
        request,
        "trial.html",
        trial=trial,
        text=text,
        longest=LONGEST_QUESTION,
        reactions=[(each.name, reaction(each, text)) for each in asked],
    )
