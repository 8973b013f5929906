"""Refusals and faults, as a Spanish page for people or JSON for programs."""

from http import HTTPStatus

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from admin.entry_writing import ChangedMeanwhile
from admin.pages import render
from kb.entries import EntryRefused

_JSON_PATHS = ("/models", "/salud")
_TITLES = {
    400: "La solicitud no es válida",
    403: "No puede hacer esto",
    404: "Esta página no existe",
    405: "Esta página no existe",
    409: "No se pudo guardar",
    413: "El envío es demasiado grande",
    422: "Hay un dato que no se entiende",
    429: "Demasiados intentos",
    500: "Ocurrió un error",
}
_TEXTS = {
    400: "Vuelva a la página anterior e inténtelo de nuevo.",
    403: "Su rol no permite esta acción.",
    404: "Revise la dirección: puede estar incompleta, o lo que busca ya no está.",
    405: "Esa dirección no se puede abrir de esta manera. Vuelva a la página anterior.",
    409: "Otra persona cambió lo mismo al mismo tiempo. Vuelva a la página anterior, actualícela e inténtelo de nuevo.",
    413: "Acorte los textos e inténtelo de nuevo.",
    422: "Un dato del formulario o de la dirección falta o no es válido. Vuelva a la página anterior y revíselo.",
    429: "Espere unos minutos y vuelva a intentarlo.",
    500: "No es culpa suya. Inténtelo de nuevo en un momento; si se repite, avise al equipo técnico.",
}


class Refused(HTTPException):
    """A request that is refused with a Spanish sentence for the person who made it."""

    def __init__(self, status: HTTPStatus, message: str) -> None:
        super().__init__(status, message)


def status_of(refused: EntryRefused | None) -> HTTPStatus:
    """The status of a form's page: shown, refused for what was typed, or refused because somebody was faster."""
    if refused is None:
        return HTTPStatus.OK
    return HTTPStatus.CONFLICT if isinstance(refused, ChangedMeanwhile) else HTTPStatus.UNPROCESSABLE_ENTITY


def refusal(request: Request, status: int, message: str | None = None) -> Response:
    """The answer to a refused request: JSON for programs, a page for people."""
    title = _TITLES.get(status, _TITLES[400])
    text = message or _TEXTS.get(status, _TEXTS[400])
    if request.url.path.startswith(_JSON_PATHS):
        return JSONResponse({"error": {"code": HTTPStatus(status).name.lower(), "message": text}}, status)
    return render(request, "error.html", status=status, title=title, text=text)


async def on_http_exception(request: Request, error: Exception) -> Response:
    """404, 405 and whatever a route refuses."""
    assert isinstance(error, HTTPException)
    answer = refusal(request, error.status_code, error.detail if isinstance(error, Refused) else None)
    for name, value in (error.headers or {}).items():
        answer.headers[name] = value
    return answer


async def on_invalid_request(request: Request, error: Exception) -> Response:
    """A malformed number in the path names nothing that exists; elsewhere it is an invalid value."""
    assert isinstance(error, RequestValidationError)
    in_path = all(problem["loc"][0] == "path" for problem in error.errors())
    return refusal(request, HTTPStatus.NOT_FOUND if in_path else HTTPStatus.UNPROCESSABLE_ENTITY)


async def on_conflict(request: Request, _error: Exception) -> Response:
    """Two people wrote the same at once and the database let one of them in."""
    return refusal(request, HTTPStatus.CONFLICT)
