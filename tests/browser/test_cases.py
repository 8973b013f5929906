"""The staff's case screens in a real browser: accessible, fitting, and usable with the keyboard."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from consultame.command_line.installation import DEMO_PASSWORD, install
from consultame.database import now
from desk.cases.kinds import CaseKind, Channel
from tests.browser.staff_site import overflows, running_site
from tests.unit.case_filings import NOBODY, filed


@pytest.fixture
def desk(browser: Browser, data_directory: Path) -> Iterator[Page]:
    """The tab of somebody who handles cases, at the list."""
    install()
    file_some_cases()
    with running_site(data_directory) as address:
        page = browser.new_page()
        page.set_default_timeout(20_000)
        page.goto(f"{address}/personal/casos")
        page.get_by_label("Correo electrónico").fill("casos@consultame.example")
        page.get_by_label("Contraseña").fill(DEMO_PASSWORD)
        page.get_by_role("button", name="Ingresar").click()
        page.get_by_role("button", name="Cerrar sesión").wait_for()
        page.goto(f"{address}/personal/casos")
        yield page
        page.close()


def file_some_cases() -> None:
    """Late, due soon, due later and without a name, in several dependencies."""
    for days, more in (
        (60, {"dependency": "Dirección de Hidrocarburos", "topic": "Subsidio de gas en cilindros (GLP)"}),
        (20, {"kind": CaseKind.DOCUMENTS, "channel": Channel.EMAIL}),
        (1, {"kind": CaseKind.FIRST_LEVEL, "priority": True}),
        (14, {"kind": CaseKind.COMPLAINT, "requester": NOBODY}),
        (2, {"attachments": ("recibo.pdf",)}),
    ):
        filed(received_at=now() - timedelta(days=days), now=now(), **more)


def test_list_and_case_page_are_accessible_and_fit_the_screen(desk: Page) -> None:
    base = desk.url
    case = desk.locator("table.cases tbody tr").first.get_by_role("link").evaluate("link => link.href")
    pages = [base, case, f"{base}/radicar", f"{base}/dependencias", base.removesuffix("casos")]
    for width in (360, 1280):
        desk.set_viewport_size({"width": width, "height": 900})
        for address in pages:
            desk.goto(address)
            for summary in desk.locator("details > summary").all():
                summary.click()
            assert not overflows(desk), (width, address)
            assert Axe().run(desk).response["violations"] == [], (width, address)


def test_a_case_is_answered_with_the_keyboard(desk: Page) -> None:
    desk.get_by_label("Buscar").fill("pipeta")
    desk.get_by_label("Buscar").press("Enter")
    expect(desk.locator("#count")).to_have_text("5 casos")
    desk.locator("table.cases tbody tr").first.get_by_role("link").press("Enter")
    desk.get_by_text("Responder", exact=True).press("Enter")
    desk.get_by_label("Respuesta para el ciudadano").fill("Sí, el subsidio llega a su vereda.")
    desk.get_by_role("button", name="Enviar la respuesta").press("Enter")
    expect(desk.get_by_role("status")).to_contain_text("La respuesta quedó registrada con el número 2-")
    expect(desk.get_by_role("heading", name="Respuesta del")).to_be_visible()
