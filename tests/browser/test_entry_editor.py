"""The form of an entry in a real browser: the preview follows the typing, and questions that are taken are named."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from consultame.command_line.installation import install
from tests.browser.staff_site import curators_tab, overflows, path_in


@pytest.fixture
def tab(browser: Browser, data_directory: Path) -> Iterator[Page]:
    """The curator's tab at the form of a new entry."""
    install()
    with curators_tab(browser, data_directory) as page:
        page.goto(path_in(page, "/personal/nueva-entrada"))
        yield page


def test_the_preview_follows_the_typing_and_the_typing_goes_on(tab: Page) -> None:
    answer = tab.get_by_label("Respuesta en español")
    answer.press_sequentially("*Gratis*: debe diligenciar el formulario y escribir a {correo}.\n- uno")
    preview = tab.locator("#preview")
    expect(preview.locator(".whatsapp-bubble strong").first).to_have_text("Gratis")
    expect(preview.locator(".chat-bubble li").first).to_have_text("uno")
    expect(preview).to_contain_text("menergia@minenergia.gov.co")
    expect(preview).to_contain_text("En vez de «diligenciar»: «llenar».")
    expect(answer).to_be_focused()
    tab.get_by_label("Botón que ofrece hacerlo ya").select_option(label="Agendar una cita virtual")
    expect(preview.locator(".chat-bubble .bubble-button").first).to_have_text("Agendar una cita virtual")
    expect(preview.locator(".whatsapp-bubble .bubble-button").first).to_have_text("Agendar una cita vi…")


def test_questions_of_other_entries_are_named_while_typing(tab: Page) -> None:
    tab.get_by_label("Preguntas en español").press_sequentially("horario atencion ministerio\nun asunto nuevo del todo")
    expect(tab.locator("#taken")).to_contain_text("«horario atencion ministerio» se parece a")
    expect(tab.locator("#taken")).not_to_contain_text("un asunto nuevo del todo")
    expect(tab.locator("#taken-status")).to_have_text("1 de las preguntas ya está en otra entrada.")


def test_without_javascript_a_button_shows_how_it_will_look(tab: Page, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False, storage_state=tab.context.storage_state())
    page = context.new_page()
    page.goto(tab.url)
    page.get_by_label("Respuesta en español").fill("Llame al {telefono}.")
    page.get_by_label("Preguntas en español").fill("horario atencion ministerio")
    page.get_by_role("button", name="Ver cómo queda").click()
    expect(page.locator(".whatsapp-bubble").first).to_contain_text("Llame al (601) 220 0300.")
    expect(page.locator("#taken")).to_contain_text("se parece a")
    expect(page.get_by_label("Respuesta en español")).to_have_value("Llame al {telefono}.")
    context.close()


def test_form_figures_and_trial_are_accessible_and_fit_the_screen(tab: Page) -> None:
    form = tab.url
    pages = ["/personal/uso", "/personal/probar/entrada/mme_horario", "/personal/entradas/mme_horario", "/personal/"]
    for width in (360, 1280):
        tab.set_viewport_size({"width": width, "height": 900})
        for address in (form, *(path_in(tab, path) for path in pages)):
            tab.goto(address)
            if address == form:
                tab.get_by_label("Respuesta en español").press_sequentially("Debe diligenciar el formulario.")
                expect(tab.locator("#preview")).to_contain_text("diligenciar»")
            assert not overflows(tab), (width, address)
            assert Axe().run(tab).response["violations"] == [], (width, address)
