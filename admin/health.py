"""Whether this process works, for whoever watches over it."""

import logging
from http import HTTPStatus

from fastapi import APIRouter
from sqlalchemy.exc import SQLAlchemyError
from starlette.responses import JSONResponse, Response

from consultame.database import read_session
from kb.releases import live_release_identity
from kb.replicas import replicas

log = logging.getLogger(__name__)
router = APIRouter()


@router.get("/salud")
def health() -> Response:
    """The live release, its model and the model each Rasa server answers with; 503 when the database fails."""
    try:
        with read_session() as session:
            identity = live_release_identity(session)
            servers = replicas(session)
    except SQLAlchemyError:
        log.exception("the database does not answer")
        return JSONResponse(
            {"status": "error", "release": None, "model": None, "replicas": []}, HTTPStatus.SERVICE_UNAVAILABLE
        )
    release, model = identity or (None, None)
    answering = [
        {"name": server.name, "model": server.model_fingerprint, "reported_at": server.reported_at.isoformat()}
        for server in servers
    ]
    return JSONResponse({"status": "ok", "release": release, "model": model, "replicas": answering})
