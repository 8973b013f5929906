"""Whether this process works, for whoever watches over it."""

import logging
from http import HTTPStatus

from fastapi import APIRouter
from sqlalchemy.exc import SQLAlchemyError
from starlette.responses import JSONResponse, Response

from consultame.database import read_session
from kb.releases import live_release_identity

log = logging.getLogger(__name__)
router = APIRouter()


@router.get("/salud")
def health() -> Response:
    """The number of the live release, read from the database; 503 when that fails."""
    try:
        with read_session() as session:
            identity = live_release_identity(session)
    except SQLAlchemyError:
        log.exception("the database does not answer")
        return JSONResponse({"status": "error", "release": None}, HTTPStatus.SERVICE_UNAVAILABLE)
    return JSONResponse({"status": "ok", "release": identity[0] if identity else None})
