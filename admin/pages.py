"""Rendering: the templates, what all of them know, and the notice that survives one redirect."""

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from fastapi.responses import HTMLResponse
from fastapi.templating import Jinja2Templates
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request

from admin import case_wording, wording
from admin.access import Permission, may
from consultame.contact import with_contact_data
from consultame.database import read_session
from consultame.settings import Language, load_settings
from kb.entries import count_versions_in_review
from kb.open_needs import count_open_needs

_FOLDER = Path(__file__).resolve().parent
STATIC_FOLDER = _FOLDER / "static"
STAFF_PATH = "/personal"


def render(
    request: Request, template: str, *, status: int = 200, headers: dict[str, str] | None = None, **context: object
) -> HTMLResponse:
    """The page; `member` is the person signed in, or None, and `notice` what the last action has to say."""
    shared = {
        "member": getattr(request.state, "member", None),
        "notice": _take_notice(request),
        "settings": load_settings(),
    }
    return _templates().TemplateResponse(request, template, shared | context, status_code=status, headers=headers or {})


@dataclass(frozen=True)
class LiveCounts:
    """What waits for the staff: needs without an answer, versions in review."""

    needs: int
    reviews: int

    @property
    def mark(self) -> str:
        """Changes whenever one of them does."""
        return f"{self.needs}-{self.reviews}"


def live_counts() -> LiveCounts:
    """What waits at this moment, two counts by index; nothing where the database does not answer.

    A page that says so must not fail for the counts in its navigation.
    """
    try:
        with read_session() as session:
            return LiveCounts(count_open_needs(session), count_versions_in_review(session))
    except SQLAlchemyError:
        return LiveCounts(0, 0)


def leave_notice(request: Request, text: str) -> None:
    """Show this text once, on the next page the person sees."""
    request.session["notice"] = text


def _take_notice(request: Request) -> str | None:
    if "session" not in request.scope or not request.url.path.startswith(STAFF_PATH):
        return None
    notice = request.session.pop("notice", None)
    return str(notice) if notice else None


@lru_cache(maxsize=1)
def _templates() -> Jinja2Templates:
    environment = Environment(
        loader=FileSystemLoader(_FOLDER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "age": wording.age,
        "clock": wording.clock,
        "decimal": wording.decimal,
        "long_date": wording.long_date,
        "short_date": wording.short_date,
        "long_moment": wording.long_moment,
        "percent": wording.percent,
        "channel": wording.channel_label,
        "actor": wording.actor_label,
        "as_citizens_read": _as_citizens_read,
    }
    environment.globals |= {
        "static_url": _static_url,
        "live_counts": live_counts,
        "may": may,
        "Permission": Permission,
        "DISMISSAL_REASONS": wording.DISMISSAL_REASONS,
        "TASKS": wording.TASKS,
        "TOPICS": wording.TOPICS,
        "VERSION_STATES": wording.VERSION_STATES,
        "VALIDITIES": wording.VALIDITIES,
        "QUESTION_REASONS": wording.QUESTION_REASONS,
        "PUBLICATION_STATES": wording.PUBLICATION_STATES,
        "ROLES": wording.ROLES,
        "AUDIT_ACTIONS": wording.AUDIT_ACTIONS,
    } | case_wording.GLOBALS
    return Jinja2Templates(env=environment)


def _as_citizens_read(text: str, language: Language) -> str:
    return with_contact_data(text, load_settings(), language)


@lru_cache(maxsize=16)
def _static_url(name: str) -> str:
    digest = hashlib.sha256((STATIC_FOLDER / name).read_bytes()).hexdigest()
    return f"/static/{name}?v={digest[:12]}"
