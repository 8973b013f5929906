"""A citizen books on the calendar page with the keyboard alone; every step passes axe, on a screen and on a phone."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from consultame.command_line.installation import install
from tests.browser.keyboard import press, reach, tell_the_subject
from tests.browser.staff_site import curators_tab, overflows, path_in, running_site


@pytest.fixture
def site(data_directory: Path) -> Iterator[str]:
    """The address of the application with the demo's attendants."""
    install()
    with running_site(data_directory) as address:
        yield address


@pytest.fixture
def tab(browser: Browser, site: str) -> Iterator[Page]:
    """A citizen's tab at the booking page, in Spanish."""
    page = browser.new_page(locale="es-CO")
    page.set_default_timeout(20_000)
    page.goto(f"{site}/citas")
    yield page
    page.close()


def check(page: Page, title: str) -> None:
    """The step is this one, axe finds nothing, and it fits a screen and a phone."""
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        assert not overflows(page), (title, width)
        assert Axe().run(page).response["violations"] == [], (title, width)


def test_a_citizen_books_with_the_keyboard_alone(tab: Page) -> None:
    check(tab, "Autorización de datos personales")
    press(tab, "Continuar")
    check(tab, "Autorización de datos personales")
    expect(tab.get_by_role("checkbox")).to_be_focused()
    tab.keyboard.press("Space")
    press(tab, "Continuar")

    check(tab, "¿Sobre qué es la cita?")
    tell_the_subject(tab, "Un título minero en Marmato")

    check(tab, "Elija el día")
    month = tab.get_by_role("caption").text_content()
    press(tab, "Mes siguiente")
    expect(tab.get_by_role("caption")).not_to_have_text(month or "")
    days = tab.locator("[data-calendar] button")
    reach(tab, days.first)
    tab.keyboard.press("ArrowRight")
    expect(days.nth(1)).to_be_focused()
    tab.keyboard.press("ArrowLeft")
    expect(days.first).to_be_focused()
    day = (days.first.get_attribute("aria-label") or "").partition(",")[0]
    tab.keyboard.press("Enter")

    check(tab, "Elija la hora")
    expect(tab.get_by_role("main")).to_contain_text(day, ignore_case=True)
    reach(tab, tab.locator("#inicio"))
    tab.keyboard.press("Space")
    press(tab, "Continuar")

    check(tab, "Sus datos")
    expect(tab.get_by_text("Le guardamos hasta las")).to_contain_text(day)
    press(tab, "Continuar")
    check(tab, "Sus datos")
    expect(tab.get_by_label("Nombre completo")).to_be_focused()
    for text in ("Luz Marina Pérez", "luz@correo", "300 123 4567"):
        tab.keyboard.type(text)
        tab.keyboard.press("Tab")
    press(tab, "Continuar")
    expect(tab.get_by_label("Correo electrónico")).to_be_focused()
    tab.keyboard.press("End")
    tab.keyboard.type(".example")
    # Enter in a field goes on, as in any form.
    tab.keyboard.press("Enter")

    check(tab, "Revise y confirme")
    expect(tab.get_by_role("main")).to_contain_text("luz@correo.example")
    press(tab, "Reservar la cita")
    check(tab, "Su cita virtual")
    expect(tab.get_by_role("status")).to_contain_text("Su cita quedó reservada.")
    expect(tab.get_by_role("main")).to_contain_text(re.compile("Código de la cita: [0-9A-Z]{5}-[0-9A-Z]{5}"))
    expect(tab.get_by_role("link", name=re.compile("calendario"))).to_be_visible()


def test_it_is_booked_without_javascript_too(browser: Browser, site: str) -> None:
    context = browser.new_context(java_script_enabled=False, locale="en-GB")
    page = context.new_page()
    page.goto(f"{site}/citas")
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Continue").last.click()
    page.get_by_role("radio", name="Mining").check()
    page.get_by_label("Tell us briefly what you need").fill("A mining title")
    page.get_by_role("radio", name="Español").check()
    page.get_by_role("button", name="Continue").last.click()
    page.get_by_role("button", name="Next month").click()
    page.locator("[data-calendar] button").last.click()
    page.locator("#inicio").check()
    page.get_by_role("button", name="Continue").last.click()
    page.get_by_label("Full name").fill("John Smith")
    page.get_by_label("E-mail").fill("john@mail.example")
    page.get_by_label("Phone").fill("+44 20 7946 0958")
    page.get_by_role("button", name="Continue").last.click()
    page.get_by_role("button", name="Book the appointment").click()
    expect(page.get_by_role("status")).to_contain_text("quedó reservada")
    context.close()


def test_the_agenda_is_accessible_and_fits_the_screen(browser: Browser, data_directory: Path) -> None:
    install()
    with curators_tab(browser, data_directory) as page:
        for path, title in {
            "/personal/agenda": "Agenda de citas",
            "/personal/agenda?vista=semana": "Agenda de citas",
            "/personal/agenda/nueva": "Agendar por teléfono",
            "/personal/agenda/personas": "Quién atiende citas",
            "/personal/agenda/personas/1": None,
            "/personal/agenda/cifras": "Cifras de citas",
        }.items():
            page.goto(path_in(page, path))
            check(page, title or page.get_by_role("heading", level=1).inner_text())
