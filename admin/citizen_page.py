"""The public page of the service desk, with the chat widget."""

from dataclasses import dataclass

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from admin.pages import render

router = APIRouter()


@dataclass(frozen=True)
class TopicCard:
    """A topic the assistant helps with, and questions to try."""

    title: str
    text: str
    questions: tuple[str, str]


TOPIC_CARDS = (
    TopicCard(
        "Subsidio de gas en cilindros",
        "Quién lo recibe, cuánto cubre y cómo se usa al comprar la pipeta.",
        ("¿Qué necesito para el subsidio de la pipeta de gas?", "¿En qué departamentos hay subsidio de gas?"),
    ),
    TopicCard(
        "Estado de un radicado",
        "Consulte en qué va su comunicación y qué plazo hay para responderla.",
        ("Quiero consultar un radicado", "¿Cuánto se demoran en responder una petición?"),
    ),
    TopicCard(
        "Gas vehicular",
        "Revisiones, chip bloqueado y corrección de datos en el SICOM.",
        ("¿Por qué el surtidor dice que mi chip está bloqueado?", "¿Cómo corrijo un dato de mi carro a gas?"),
    ),
    TopicCard(
        "Energía",
        "A quién acudir por el recibo, los cortes o el servicio de energía.",
        ("¿A quién reclamo por el recibo de la luz?", "¿Quién fija la tarifa de la energía?"),
    ),
    TopicCard(
        "Minería y combustibles",
        "Qué entidad atiende títulos mineros, regalías y precios de combustibles.",
        ("¿Quién otorga los títulos mineros?", "¿Dónde consulto el precio de la gasolina?"),
    ),
    TopicCard(
        "Derechos y peticiones",
        "Cómo presentar una petición, queja o denuncia, y qué derechos tiene.",
        ("¿Cómo presento un derecho de petición?", "¿Puedo poner una queja anónima?"),
    ),
)


@router.get("/")
def citizen_page(request: Request) -> Response:
    """What the assistant can help with, the chat, and the official channels."""
    return render(request, "citizen.html", cards=TOPIC_CARDS)
