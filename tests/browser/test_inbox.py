"""The curators' inbox with 300 questions, in a real browser; only the staff screens run."""

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import yaml
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from consultame.command_line.installation import DEMO_PASSWORD, install
from consultame.database import now, write_session
from consultame.settings import PROJECT_DIRECTORY
from kb.models import UnansweredQuestion
from tests.running_system import environment_for, free_ports


@pytest.fixture
def inbox(browser: Browser, data_directory: Path) -> Iterator[Page]:
    """The curator's tab at the inbox."""
    install()
    keep_labelled_questions()
    (port,) = free_ports(1)
    address = f"http://127.0.0.1:{port}"
    server = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "uvicorn",
            "--factory",
            "admin.application:create_app",
            "--port",
            str(port),
            "--ws",
            "none",
        ],
        env=environment_for(data_directory),
        cwd=PROJECT_DIRECTORY,
    )
    try:
        wait_until_it_answers(f"{address}/salud", server)
        page = browser.new_page()
        page.set_default_timeout(20_000)
        page.goto(f"{address}/personal/preguntas")
        page.get_by_label("Correo electrónico").fill("curadora@consultame.example")
        page.get_by_label("Contraseña").fill(DEMO_PASSWORD)
        page.get_by_role("button", name="Ingresar").click()
        page.goto(f"{address}/personal/preguntas")
        yield page
        page.close()
    finally:
        server.terminate()
        server.wait(timeout=30)


def keep_labelled_questions() -> None:
    """They are invented, so there is nothing in them to mask."""
    needs = yaml.safe_load((PROJECT_DIRECTORY / "tests" / "data" / "unanswered_needs.yml").read_text())["needs"]
    texts = [text for need in needs for text in need["questions"]]
    with write_session() as session:
        for number, text in enumerate(texts):
            session.add(
                UnansweredQuestion(
                    conversation_id="web-1",
                    message_id=str(number),
                    channel="whatsapp" if number % 3 == 0 else "web",
                    text=text,
                    conversation=[{"speaker": "citizen", "text": text}],
                    nearest=[
                        {"slug": "glp_requisitos", "confidence": 0.21},
                        {"slug": "consultar_radicado", "confidence": 0.1},
                    ],
                    created_at=now(),
                )
            )


def wait_until_it_answers(address: str, server: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        assert server.poll() is None, "the server has ended"
        try:
            httpx.get(address, timeout=2, trust_env=False)
        except httpx.HTTPError:
            time.sleep(0.2)
        else:
            return
    raise AssertionError(f"{address} never answered")


def figures(page: Page) -> tuple[int, int]:
    """How many needs and questions the inbox says there are."""
    words = (page.locator("#count").text_content() or "").split()
    return int(words[0]), int(words[2])


def overflows(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


def test_one_action_clears_a_need_of_the_inbox(inbox: Page) -> None:
    needs, questions = figures(inbox)
    assert questions == 300
    assert needs < 150
    row = inbox.locator("table.needs tbody tr").first
    count = int(row.locator(".times").text_content() or "")
    assert count > 3
    row.get_by_role("link").click()
    expect(inbox.get_by_role("checkbox", checked=True)).to_have_count(count)
    inbox.get_by_label("Motivo").select_option(label="Le corresponde a otra entidad")
    inbox.get_by_role("button", name="No es para esta mesa").press("Enter")
    expect(inbox.get_by_role("status").first).to_contain_text(f"{count} preguntas salieron de la lista.")
    assert figures(inbox) == (needs - 1, 300 - count)


def test_inbox_and_need_are_accessible_and_fit_the_screen(inbox: Page) -> None:
    pages = [inbox.url, inbox.locator("table.needs tbody tr").first.get_by_role("link").evaluate("link => link.href")]
    for width in (360, 1280):
        inbox.set_viewport_size({"width": width, "height": 900})
        for address in pages:
            inbox.goto(address)
            assert not overflows(inbox), (width, address)
            assert Axe().run(inbox).response["violations"] == [], (width, address)
