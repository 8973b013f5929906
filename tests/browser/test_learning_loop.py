"""The main job from end to end in a real browser: what the running system does not know today it answers tomorrow."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from consultame.command_line.installation import DEMO_PASSWORD
from tests.running_system import RunningSystem

QUESTION = "¿Cuánto cuesta el SOAT de una moto?"
ASKED_OTHERWISE = "quiero averiguar el precio del soat pa mi motico"
ANSWER = "Este Ministerio no vende el SOAT ni fija su precio.\n\nSi quiere confirmarlo, escriba a {correo}."
QUESTIONS = """\
precio del soat
cuanto vale el soat de un carro
soat moto valor
me dicen cuanto cuesta el soat
x fa necesito saber el precio del soat pa la moto
valor del SOAT este año
se me venció el soat, ¿cuánto me sale renovarlo?
cuanto toca pagar de soat por una moto 125
"""
PUBLISHING_MILLISECONDS = 300_000


class CitizenTab:
    """The public page with the chat open."""

    def __init__(self, page: Page, system: RunningSystem) -> None:
        self.page = page
        page.goto(system.citizen_page)
        page.get_by_role("button", name="Pregunte aquí").click()
        expect(self.log).to_contain_text("Hola, soy ConsúltaME")

    @property
    def log(self) -> Locator:
        return self.page.get_by_role("log")

    def asks(self, text: str) -> Locator:
        """Type the question; gives the bubble that holds the (last) answer."""
        before = self.log.locator(".bubble").count()
        box = self.page.get_by_role("textbox", name="Escriba su pregunta")
        box.fill(text)
        box.press("Enter")
        answer = self.log.locator(".bubble").nth(before + 1)
        expect(answer).to_be_visible(timeout=20_000)
        return answer


@contextmanager
def staff_member(browser: Browser, system: RunningSystem, email: str) -> Iterator[Page]:
    """A tab of somebody who has signed in."""
    context = browser.new_context()
    page = context.new_page()
    page.set_default_timeout(15_000)
    page.goto(system.staff_screens)
    page.get_by_label("Correo electrónico").fill(email)
    page.get_by_label("Contraseña").fill(DEMO_PASSWORD)
    page.get_by_role("button", name="Ingresar").click()
    expect(page.get_by_role("button", name="Cerrar sesión")).to_be_visible()
    yield page
    context.close()


@pytest.fixture
def citizen(browser: Browser, system: RunningSystem) -> Iterator[CitizenTab]:
    context = browser.new_context()
    yield CitizenTab(context.new_page(), system)
    context.close()


def answer_as_curator(page: Page) -> None:
    page.get_by_role("link", name="Preguntas sin respuesta").first.click()
    page.get_by_role("link", name=QUESTION).click()
    page.get_by_role("link", name=f"Ver la conversación de «{QUESTION}»").click()
    expect(page.locator(".transcript")).to_contain_text(QUESTION)
    page.go_back()
    page.get_by_role("button", name="Escribir una respuesta nueva").click()
    page.get_by_label("Tema").select_option(label="Ministerio y canales")
    page.get_by_label("Título").fill("Precio del SOAT")
    page.get_by_label("Etiqueta del botón", exact=True).fill("Precio del SOAT")
    page.get_by_label("Etiqueta del botón en inglés").fill("Price of the SOAT")
    page.get_by_label("Respuesta en español").fill(ANSWER)
    page.get_by_label("Respuesta en inglés").fill("This Ministry neither sells the SOAT nor sets its price.")
    questions = page.get_by_label("Preguntas en español")
    expect(questions).to_have_value(QUESTION)
    questions.fill(f"{QUESTION}\n{QUESTIONS}")
    page.get_by_label("Fuente").fill("Prueba del recorrido completo")
    page.get_by_role("button", name="Enviar a revisión").click()
    expect(page.get_by_role("status")).to_contain_text("quedó en revisión")
    page.goto(page.url.split("/personal/")[0] + "/personal/revisiones")
    page.get_by_role("link", name="Precio del SOAT").click()
    expect(page.get_by_role("button", name="Aprobar")).to_have_count(0)
    expect(page.get_by_text("Quien escribe una respuesta no puede aprobarla")).to_be_visible()


def approve_and_publish(page: Page) -> None:
    page.get_by_role("link", name="Revisiones").first.click()
    page.get_by_role("link", name="Precio del SOAT").click()
    page.get_by_role("button", name="Aprobar").click()
    expect(page.get_by_role("status")).to_contain_text("Aprobó la versión 1")
    page.get_by_role("link", name="Publicaciones").first.click()
    page.get_by_role("button", name=re.compile("Publicar")).click()
    bar = page.get_by_role("progressbar", name="Avance de la publicación")
    expect(bar).to_be_visible()
    expect(page.locator("#progress")).to_contain_text("En curso: entrenar el modelo", timeout=PUBLISHING_MILLISECONDS)
    expect(page.locator("#progress")).to_contain_text("Publicación terminada", timeout=PUBLISHING_MILLISECONDS)
    expect(bar).to_have_attribute("aria-valuenow", "100")


def asked_until_known(citizen: CitizenTab) -> Locator:
    """Ask the running server, which takes the promoted model up within its polling interval and without a restart."""
    for _ in range(10):
        answer = citizen.asks(ASKED_OTHERWISE)
        if "no vende el SOAT" in (answer.text_content() or ""):
            return answer
        citizen.page.wait_for_timeout(3_000)
    raise AssertionError(f"the published answer never came; the last one was {answer.text_content()!r}")


@pytest.mark.timeout(1800)
def test_a_question_without_answer_is_answered_by_a_new_entry_once_it_is_written_approved_and_published(
    browser: Browser, system: RunningSystem, citizen: CitizenTab
) -> None:
    known = citizen.asks("¿Qué necesito para el subsidio de la pipeta de gas?")
    expect(known).to_contain_text("estrato")
    expect(citizen.asks(QUESTION)).to_contain_text("No tengo una respuesta aprobada")
    expect(citizen.log).to_contain_text("Guardé su pregunta")

    with staff_member(browser, system, "curadora@consultame.example") as page:
        answer_as_curator(page)
    with staff_member(browser, system, "aprobador@consultame.example") as page:
        approve_and_publish(page)

    answer = asked_until_known(citizen)
    expect(answer).to_contain_text("menergia@minenergia.gov.co")
    expect(citizen.log).to_contain_text("¿Qué necesito para el subsidio de la pipeta de gas?")
