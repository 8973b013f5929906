"""The website widget in a real browser."""

import re
import threading
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.widget_page import ANSWERS, DESKTOP, PHONE, Channel, Visit, expect_accessible, expect_large_targets


def test_the_children_are_shown_only_without_the_widget(browser: Browser, site: str, visit: Visit) -> None:
    expect(visit.launcher).to_be_visible()
    expect(visit.page.locator("#fallback")).to_be_hidden()
    without = browser.new_context(java_script_enabled=False).new_page()
    without.goto(site)
    expect(without.locator("#fallback")).to_be_visible()
    without.context.close()


def test_a_question_is_asked_and_its_answer_shown_with_lists_and_links(visit: Visit) -> None:
    visit.opens()
    visit.asks("requisitos")
    answer = visit.bubbles.last
    expect(answer.locator("ol > li")).to_have_count(4)
    expect(answer.locator("ul > li")).to_have_count(2)
    links = {link.get_attribute("href"): link for link in answer.locator("a").all()}
    assert list(links) == [
        "mailto:menergia@minenergia.gov.co",
        "tel:018000910180",
        "tel:+576012200300",
        "https://www.minenergia.gov.co/es/glp/",
    ]
    assert links["https://www.minenergia.gov.co/es/glp/"].get_attribute("rel") == "noopener"
    expect(answer).to_contain_text("ConsúltaME respondió:")
    expect(visit.log.locator("time").last).to_have_text(re.compile(r"^\d{1,2}:\d{2}\s[ap]\.\sm\.$"))
    expect(visit.box).to_have_value("")
    expect(visit.box).to_be_focused()


def test_three_figures_are_a_telephone_number_only_when_the_line_is_about_calling(visit: Visit) -> None:
    visit.opens()
    visit.asks("emergencia")
    expect(visit.bubbles.last.locator("a")).to_have_text(["164", "123"])
    visit.asks("norma")
    expect(visit.bubbles.last).to_contain_text("artículo 123")
    expect(visit.bubbles.last.locator("a")).to_have_count(0)


def test_html_in_an_answer_and_in_a_question_is_shown_as_text(visit: Visit) -> None:
    visit.opens()
    visit.asks("html")
    expect(visit.bubbles.last).to_contain_text(ANSWERS["html"])
    visit.asks("<b>hola</b>")
    expect(visit.bubbles).to_have_count(5)
    assert visit.spoken()[3] == "<b>hola</b>"
    assert visit.bubbles.locator("img, b, script").count() == 0
    assert visit.page.title() == "Página de prueba"


def test_a_long_answer_is_shown_from_its_beginning(visit: Visit) -> None:
    visit.opens()
    visit.asks("largo")
    expect(visit.bubbles.last.locator("p").nth(1)).to_be_in_viewport()
    expect(visit.bubbles.last.locator("p").last).not_to_be_in_viewport()


def test_a_pressed_button_becomes_the_citizens_message_and_all_buttons_go(visit: Visit, channel: Channel) -> None:
    visit.opens()
    visit.page.get_by_role("button", name="Consultar un radicado").click()
    expect(visit.bubbles.last).to_contain_text("Respuesta a: Consultar un radicado")
    assert visit.spoken()[1:] == ["Consultar un radicado", "Respuesta a: Consultar un radicado"]
    assert channel.received[0]["button"].endswith(".Consultar un radicado")
    assert "text" not in channel.received[0]
    expect(visit.log.get_by_role("button")).to_have_count(0)
    expect(visit.box).to_be_focused()


def test_the_buttons_of_the_newest_turn_are_active_whichever_of_its_messages_has_them(visit: Visit) -> None:
    visit.opens()
    visit.asks("ambigua")
    expect(visit.log.get_by_role("button")).to_have_text(["Ninguna de estas", "Requisitos"])
    visit.asks("otra cosa")
    expect(visit.bubbles.last).to_contain_text("Respuesta a: otra cosa")
    expect(visit.log.get_by_role("button")).to_have_count(0)


def test_a_reload_restores_the_conversation_with_its_buttons(visit: Visit, channel: Channel) -> None:
    visit.opens()
    visit.asks("hola")
    visit.asks("ambigua")
    expect(visit.bubbles).to_have_count(6)
    before = visit.spoken()
    visit.page.reload()
    expect(visit.bubbles).to_have_count(6)
    assert visit.spoken() == before
    assert len(channel.conversations) == 1
    assert visit.page.evaluate("localStorage.length") == 0
    visit.page.get_by_role("button", name="Requisitos").click()
    expect(visit.bubbles.last).to_contain_text("Respuesta a: Requisitos")


def test_a_reload_before_the_first_question_shows_the_greeting_again(visit: Visit, channel: Channel) -> None:
    visit.opens()
    visit.page.keyboard.press("Escape")
    visit.page.reload()
    expect(visit.page.get_by_role("dialog")).to_be_hidden()
    visit.opens()
    visit.page.get_by_role("button", name="Hablar con una persona").click()
    expect(visit.bubbles.last).to_contain_text("Respuesta a: Hablar con una persona")
    assert len(channel.conversations) == 1


def test_a_failed_message_is_sent_again_with_its_id_and_shown_once(visit: Visit, channel: Channel) -> None:
    visit.opens()
    channel.faults = [(503, "not_ready"), (500, "internal_error")]
    visit.asks("hola")
    retry = visit.page.get_by_role("button", name="Reintentar")
    expect(visit.log).to_contain_text("No se envió. Reintentar")
    visit.page.context.set_offline(True)
    retry.click()
    expect(visit.log).to_contain_text("No se envió. Reintentar")
    visit.page.context.set_offline(False)
    for _ in range(2):
        retry.click()
        expect(visit.page.get_by_role("status").filter(has_text="Escribiendo…")).to_have_count(0)
    expect(visit.bubbles.last).to_contain_text("Respuesta a: hola")
    assert len({body["id"] for body in channel.received}) == 1
    assert visit.spoken()[1:] == ["hola", "Respuesta a: hola"]
    expect(retry).to_have_count(0)
    expect(visit.box).to_be_focused()


def test_an_answer_that_was_lost_on_its_way_is_not_processed_twice(visit: Visit, channel: Channel) -> None:
    visit.opens()
    visit.page.route("**/chat/messages", lambda route: (route.fetch(), route.abort())[1], times=1)
    visit.asks("hola")
    visit.page.get_by_role("button", name="Reintentar").click()
    expect(visit.bubbles.last).to_contain_text("Respuesta a: hola")
    (conversation,) = channel.conversations.values()
    assert [said["from"] for said in conversation.said] == ["citizen", "assistant"]


def test_a_server_that_does_not_answer_is_given_up_after_fifteen_seconds(visit: Visit, channel: Channel) -> None:
    visit.page.clock.install()
    visit.page.reload()
    visit.opens()
    channel.release = threading.Event()
    visit.asks("hola")
    expect(visit.page.get_by_role("status").filter(has_text="Escribiendo…")).to_be_visible()
    visit.page.clock.fast_forward(14_000)
    expect(visit.log).not_to_contain_text("No se envió")
    visit.page.clock.fast_forward(2_000)
    expect(visit.log).to_contain_text("No se envió. Reintentar")
    channel.release.set()


def test_messages_sent_while_one_waits_go_out_in_order_with_each_answer_under_its_question(
    visit: Visit, channel: Channel
) -> None:
    visit.opens()
    channel.release = threading.Event()
    with visit.page.expect_request(lambda request: request.method == "POST"):
        visit.asks("uno")
    visit.asks("dos")
    visit.asks("tres")
    expect(visit.log.get_by_text("En espera")).to_have_count(2)
    assert len(channel.received) <= 1
    channel.release.set()
    expect(visit.bubbles).to_have_count(7)
    assert [body["text"] for body in channel.received] == ["uno", "dos", "tres"]
    pairs = [(text, f"Respuesta a: {text}") for text in ("uno", "dos", "tres")]
    assert visit.spoken()[1:] == [said for pair in pairs for said in pair]
    expect(visit.log.get_by_text("En espera")).to_have_count(0)


def test_going_too_fast_and_a_refused_message_are_said(visit: Visit, channel: Channel) -> None:
    visit.opens()
    channel.faults = [(429, "too_many_requests"), (400, "empty_text")]
    visit.asks("uno")
    expect(visit.log).to_contain_text("Espere un minuto")
    expect(visit.page.get_by_role("button", name="Reintentar")).to_have_count(1)
    visit.asks("dos")
    expect(visit.log).to_contain_text("Explicación de empty_text.")
    expect(visit.page.get_by_role("button", name="Reintentar")).to_have_count(1)


@pytest.mark.parametrize("way", ["text", "button"])
def test_an_expired_session_is_replaced_and_the_message_sent_again(way: str, visit: Visit, channel: Channel) -> None:
    visit.opens()
    channel.conversations.clear()
    if way == "text":
        visit.asks("Consultar un radicado")
    else:
        visit.page.get_by_role("button", name="Consultar un radicado").click()
    expect(visit.bubbles.last).to_contain_text("Respuesta a: Consultar un radicado")
    expect(visit.log).to_contain_text("La conversación anterior venció; empezamos una nueva.")
    assert len({body["id"] for body in channel.received}) == 1
    assert channel.received[-1]["text"] == "Consultar un radicado"
    assert visit.spoken()[1:] == ["Consultar un radicado", "Respuesta a: Consultar un radicado"]


def test_a_session_that_expired_before_a_reload_is_replaced(visit: Visit, channel: Channel) -> None:
    visit.opens()
    channel.conversations.clear()
    visit.page.reload()
    expect(visit.log.locator("> :first-child")).to_have_text("La conversación anterior venció; empezamos una nueva.")
    visit.page.get_by_role("button", name="Consultar un radicado").click()
    expect(visit.bubbles.last).to_contain_text("Respuesta a: Consultar un radicado")


def test_a_server_that_is_not_ready_can_be_tried_again(visit: Visit, channel: Channel) -> None:
    channel.session_faults = [(503, "not_ready")]
    visit.launcher.click()
    expect(visit.log).to_contain_text("Explicación de not_ready.")
    visit.page.get_by_role("button", name="Reintentar").click()
    expect(visit.log).to_contain_text("¿En qué le ayudo?")
    expect(visit.log).not_to_contain_text("Explicación de not_ready.")


def test_an_overlong_text_is_refused_and_a_long_one_counted(visit: Visit, channel: Channel) -> None:
    visit.opens()
    visit.box.fill("a" * 899)
    expect(visit.page.get_by_text("caracteres")).to_have_count(0)
    visit.box.fill("ñ" * 999 + "😀")
    expect(visit.page.get_by_text("1.000 de 1.000 caracteres")).to_be_visible()
    visit.box.fill("a" * 1001)
    expect(visit.page.get_by_role("alert")).to_contain_text("El mensaje es muy largo")
    expect(visit.box).to_have_attribute("aria-invalid", "true")
    visit.box.press("Enter")
    visit.page.get_by_role("button", name="Enviar").click()
    expect(visit.box).to_have_value("a" * 1001)
    assert channel.received == []
    visit.asks("ñ" * 999 + "😀")
    expect(visit.bubbles).to_have_count(3)
    expect(visit.page.get_by_role("alert")).to_have_count(0)


def test_what_is_empty_is_not_sent_and_shift_enter_breaks_the_line(visit: Visit, channel: Channel) -> None:
    visit.opens()
    visit.asks(" \n ")
    visit.box.fill("")
    low = visit.box.bounding_box()
    visit.page.keyboard.type("uno")
    visit.page.keyboard.press("Shift+Enter")
    visit.page.keyboard.type("dos")
    expect(visit.box).to_have_value("uno\ndos")
    high = visit.box.bounding_box()
    assert low
    assert high
    assert high["height"] > low["height"] + 10
    visit.page.keyboard.press("Enter")
    expect(visit.bubbles).to_have_count(3)
    assert [body["text"] for body in channel.received] == ["uno\ndos"]
    assert visit.box.bounding_box() == low


def test_everything_can_be_done_with_the_keyboard(visit: Visit) -> None:
    keyboard = visit.page.keyboard
    keyboard.press("Tab")
    keyboard.press("Tab")
    expect(visit.launcher).to_be_focused()
    keyboard.press("Enter")
    expect(visit.box).to_be_focused()
    expect(visit.widget).to_have_attribute("open", "")
    expect(visit.log).to_contain_text("¿En qué le ayudo?")
    keyboard.press("Shift+Tab")
    expect(visit.page.get_by_role("button", name="Hablar con una persona")).to_be_focused()
    keyboard.press("Enter")
    expect(visit.bubbles.last).to_contain_text("Respuesta a: Hablar con una persona")
    expect(visit.box).to_be_focused()
    keyboard.type("hola")
    keyboard.press("Enter")
    expect(visit.bubbles.last).to_contain_text("Respuesta a: hola")
    keyboard.press("Escape")
    expect(visit.page.get_by_role("dialog")).to_be_hidden()
    expect(visit.launcher).to_be_focused()
    assert visit.widget.get_attribute("open") is None


def test_beside_the_page_the_panel_is_not_modal_and_full_screen_it_keeps_the_focus(visit: Visit) -> None:
    visit.opens()
    # The panel hears of the new size after the page has it.
    modal = visit.page.locator("dialog:modal")
    dialog = visit.page.get_by_role("dialog", name="ConsúltaME")
    expect(modal).to_have_count(0)
    visit.box.fill("a medio escribir")
    visit.page.set_viewport_size(PHONE)
    expect(visit.box).to_be_focused()
    expect(modal).to_have_count(1)
    assert dialog.bounding_box() == {"x": 0, "y": 0, "width": 360, "height": 640}
    for key in ("Tab", "Shift+Tab"):
        for _ in range(12):
            visit.page.keyboard.press(key)
            assert visit.page.evaluate("document.activeElement.localName") == "consultame-chat"
    visit.page.set_viewport_size(DESKTOP)
    expect(modal).to_have_count(0)
    expect(visit.box).to_have_value("a medio escribir")
    visit.page.get_by_role("button", name="Cerrar").click()
    expect(visit.launcher).to_be_focused()


def test_an_element_of_the_page_asks_its_question_and_gets_the_focus_back(visit: Visit, channel: Channel) -> None:
    trigger = visit.page.get_by_role("link", name="Pregunte dónde queda")
    trigger.click()
    expect(visit.bubbles).to_have_count(3)
    assert visit.spoken() == [
        "Hola, soy ConsúltaME.¿En qué le ayudo?",
        "¿Dónde queda el Ministerio?",
        "Respuesta a: ¿Dónde queda el Ministerio?",
    ]
    assert visit.page.url.endswith("/")
    visit.page.keyboard.press("Escape")
    expect(trigger).to_be_focused()


def test_the_methods_and_the_open_attribute(visit: Visit, channel: Channel) -> None:
    visit.widget.evaluate("chat => chat.ask('hola')")
    expect(visit.bubbles.last).to_contain_text("Respuesta a: hola")
    visit.widget.evaluate("chat => chat.close()")
    expect(visit.page.get_by_role("dialog")).to_be_hidden()
    visit.widget.evaluate("chat => chat.open()")
    expect(visit.box).to_be_focused()
    visit.widget.evaluate("chat => chat.removeAttribute('open')")
    expect(visit.page.get_by_role("dialog")).to_be_hidden()
    visit.widget.evaluate("chat => chat.ask('a'.repeat(1001))")
    expect(visit.page.get_by_role("alert")).to_contain_text("El mensaje es muy largo")
    assert len(channel.received) == 1


def test_a_new_conversation_is_confirmed_and_does_not_get_the_old_ones_answers(visit: Visit, channel: Channel) -> None:
    visit.opens()
    channel.release = threading.Event()
    visit.asks("vieja")
    options = visit.page.get_by_role("button", name="Opciones")
    options.click()
    visit.page.get_by_role("button", name="Nueva conversación").click()
    confirmation = visit.page.get_by_role("alertdialog", name="¿Empezar una conversación nueva?")
    expect(confirmation.get_by_role("button", name="Cancelar")).to_be_focused()
    visit.page.keyboard.press("Escape")
    expect(confirmation).to_be_hidden()
    expect(visit.bubbles).to_have_count(2)
    options.click()
    visit.page.get_by_role("button", name="Nueva conversación").click()
    confirmation.get_by_role("button", name="Empezar una nueva").click()
    expect(visit.bubbles).to_have_count(1)
    with visit.page.expect_response("**/chat/messages"):
        channel.release.set()
    visit.asks("nueva")
    expect(visit.bubbles.last).to_contain_text("Respuesta a: nueva")
    assert visit.spoken()[1:] == ["nueva", "Respuesta a: nueva"]
    assert [len(conversation.said) for conversation in channel.conversations.values()] == [2, 2]


def test_the_conversation_can_be_saved_as_text(visit: Visit, tmp_path: Path) -> None:
    visit.opens()
    visit.asks("requisitos")
    expect(visit.bubbles).to_have_count(3)
    visit.page.get_by_role("button", name="Opciones").click()
    with visit.page.expect_download() as download:
        visit.page.get_by_role("button", name="Guardar conversación").click()
    assert re.fullmatch(r"conversacion-consultame-\d{4}-\d\d-\d\d\.txt", download.value.suggested_filename)
    download.value.save_as(tmp_path / "saved.txt")
    saved = (tmp_path / "saved.txt").read_text()
    assert re.search(r"\] Usted:\nrequisitos\n", saved)
    assert ANSWERS["requisitos"] in saved


def test_the_interface_in_english(visit: Visit) -> None:
    visit.widget.evaluate("chat => chat.lang = 'en'")
    visit.page.get_by_role("button", name="Ask here").click()
    expect(visit.page.get_by_role("textbox", name="Write your question")).to_be_focused()
    expect(visit.page.get_by_role("dialog")).to_contain_text("Virtual assistant: its answers are approved")
    visit.page.get_by_role("textbox").fill("a" * 1001)
    expect(visit.page.get_by_text("1,001 of 1,000 characters")).to_be_visible()


@pytest.mark.parametrize("width", [1280, 360, 320])
def test_axe_finds_nothing_in_any_state_and_nothing_overflows(width: int, visit: Visit, channel: Channel) -> None:
    visit.page.set_viewport_size({"width": width, "height": 720})
    expect(visit.launcher).to_be_visible()
    expect_accessible(visit)
    visit.opens()
    expect_accessible(visit)
    visit.asks("requisitos")
    expect(visit.bubbles).to_have_count(3)
    channel.faults = [(503, "not_ready")]
    visit.asks("https://ejemplo.co/" + "muylargo" * 30)
    expect(visit.log).to_contain_text("No se envió")
    visit.box.fill("a" * 1001)
    visit.page.get_by_role("button", name="Opciones").click()
    expect_accessible(visit)
    assert visit.log.evaluate("log => log.parentElement.scrollWidth <= log.parentElement.clientWidth")
    assert visit.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    visit.page.get_by_role("button", name="Nueva conversación").click()
    expect_accessible(visit)


def test_targets_are_large_enough_for_a_finger(visit: Visit) -> None:
    visit.page.set_viewport_size(PHONE)
    visit.opens()
    visit.page.get_by_role("button", name="Opciones").click()
    expect_large_targets(visit)


@pytest.mark.parametrize(("width", "height"), [(640, 400), (320, 256)])
def test_a_zoomed_page_leaves_room_for_the_answer_and_the_text_box(width: int, height: int, visit: Visit) -> None:
    visit.page.set_viewport_size({"width": width, "height": height})
    visit.opens()
    visit.asks("requisitos")
    expect(visit.bubbles).to_have_count(3)
    expect(visit.bubbles.last.locator("p").nth(1)).to_be_in_viewport()
    expect(visit.box).to_be_in_viewport(ratio=1)
    close = visit.page.get_by_role("button", name="Cerrar")
    close.click()
    expect(visit.page.get_by_role("dialog")).to_be_hidden()


def test_the_menu_leads_to_the_booking_page(visit: Visit) -> None:
    visit.opens()
    visit.page.get_by_role("button", name="Opciones").press("Enter")
    link = visit.page.get_by_role("link", name="Pedir una cita virtual (se abre en otra pestaña)")
    expect(link).to_have_attribute("href", "/citas")
    expect_accessible(visit)
    expect_large_targets(visit)
