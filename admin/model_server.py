"""The model server: Rasa asks every few seconds whether the live release has another model than the one it runs."""

import hmac
import logging
from http import HTTPStatus

from fastapi import APIRouter
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response

from consultame.database import read_session
from consultame.settings import load_settings
from kb.publishing import model_path
from kb.releases import live_release_identity
from kb.replicas import report_replica

log = logging.getLogger(__name__)
# A Rasa server says its name here; without one it goes by its address.
REPLICA_HEADER = "X-Consultame-Replica"
router = APIRouter()


@router.get("/models/active")
def active_model(request: Request) -> Response:
    """The live model, 304 when the caller has it, 204 when there is none."""
    if not _is_authorised(request):
        body = {"error": {"code": "unauthorized", "message": "Falta la credencial del servidor de modelos."}}
        return JSONResponse(body, HTTPStatus.UNAUTHORIZED, {"WWW-Authenticate": "Bearer"})
    _keep_report(request)
    with read_session() as session:
        identity = live_release_identity(session)
    if identity is None or not model_path(identity[1]).is_file():
        return Response(status_code=HTTPStatus.NO_CONTENT)
    fingerprint = identity[1]
    if request.headers.get("if-none-match") in (fingerprint, f'"{fingerprint}"'):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers={"ETag": fingerprint})
    # Rasa sends back as If-None-Match exactly what it got as ETag, and stores the file under `filename`.
    headers = {"ETag": fingerprint, "filename": f"{fingerprint}.tar.gz"}
    return FileResponse(model_path(fingerprint), media_type="application/gzip", headers=headers)


def _keep_report(request: Request) -> None:
    """What the caller asks with is what it answers with. It gets its model even when this cannot be written down."""
    address = request.client.host if request.client else "unknown"
    name = request.headers.get(REPLICA_HEADER, "").strip() or address
    try:
        report_replica(name, request.headers.get("if-none-match", "").strip('"'))
    except SQLAlchemyError:
        log.warning("the report of a Rasa server cannot be kept", exc_info=True)


def _is_authorised(request: Request) -> bool:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    expected = load_settings().secret("model-server")
    return scheme.lower() == "bearer" and hmac.compare_digest(token.encode(), expected.encode())
