"""Asking in the widget, in a real browser, to be told when there is an answer."""

from playwright.sync_api import Locator, expect

from tests.browser.widget_page import CONSENT, PHONE, Channel, Visit, expect_accessible, expect_large_targets

OFFER = "Avíseme por correo cuando haya respuesta"
ACCEPT = "Autorizo usar mi correo para este aviso"
EMAIL = "Su correo electrónico"


def offered(visit: Visit) -> Locator:
    visit.opens()
    visit.asks("sin respuesta")
    button = visit.log.get_by_role("button", name=OFFER)
    expect(button).to_be_visible()
    return button


def test_consent_and_address_are_given_with_the_keyboard_alone(visit: Visit, channel: Channel) -> None:
    button = offered(visit)
    expect(button).to_have_attribute("aria-expanded", "false")
    expect(visit.log.get_by_label(EMAIL)).to_be_hidden()
    button.press("Enter")
    accept, email = visit.log.get_by_role("checkbox", name=ACCEPT), visit.log.get_by_role("textbox", name=EMAIL)
    expect(accept).to_be_focused()
    expect(accept).to_have_accessible_description(CONSENT["text"])
    visit.page.keyboard.press("Space")
    visit.page.keyboard.press("Tab")
    expect(email).to_be_focused()
    visit.page.keyboard.type("ana@correo.co")
    visit.page.keyboard.press("Enter")
    expect(visit.log.get_by_role("status")).to_have_text(
        "Listo. Le escribiremos cuando haya una respuesta aprobada a esta pregunta."
    )
    expect(email).to_be_hidden()
    expect(visit.log.get_by_role("button", name="Cambiar el correo")).to_be_focused()
    assert channel.wishes == [
        {
            "message_id": channel.received[0]["id"], "email": "ana@correo.co", "consent": CONSENT["version"],
            "language": "es",
        }
    ]  # fmt: skip


def test_without_consent_or_address_nothing_is_sent_and_it_is_said_which(visit: Visit, channel: Channel) -> None:
    offered(visit).click()
    send, error = visit.log.get_by_role("button", name="Avisarme"), visit.log.get_by_role("alert")
    send.click()
    expect(error).to_have_text("Marque que autoriza el uso de su correo.")
    accept, email = visit.log.get_by_role("checkbox", name=ACCEPT), visit.log.get_by_role("textbox", name=EMAIL)
    expect(accept).to_be_focused()
    accept.check()
    for address in ("", "ana", "ana@"):
        email.fill(address)
        send.click()
        expect(error).to_have_text("Escriba un correo electrónico completo, como nombre@correo.com.")
        expect(email).to_be_focused()
    assert channel.wishes == []


def test_a_wish_that_was_refused_is_said_with_the_reason_and_can_be_sent_again(visit: Visit, channel: Channel) -> None:
    offered(visit).click()
    visit.log.get_by_role("checkbox", name=ACCEPT).check()
    visit.log.get_by_role("textbox", name=EMAIL).fill("ana@correo.co")
    channel.faults = [(409, "consent_outdated")]
    send = visit.log.get_by_role("button", name="Avisarme")
    send.click()
    expect(visit.log.get_by_role("alert")).to_have_text("Explicación de consent_outdated.")
    send.click()
    expect(visit.log.get_by_role("status")).to_contain_text("Listo.")


def test_after_a_reload_it_is_still_known_that_the_answer_was_asked_for(visit: Visit) -> None:
    offered(visit).click()
    visit.log.get_by_role("checkbox", name=ACCEPT).check()
    visit.log.get_by_role("textbox", name=EMAIL).fill("ana@correo.co")
    visit.log.get_by_role("button", name="Avisarme").click()
    expect(visit.log.get_by_role("status")).to_contain_text("Listo.")
    visit.page.reload()
    expect(visit.log.get_by_text("Listo. Le escribiremos")).to_be_visible()
    expect(visit.log.get_by_role("button", name="Cambiar el correo")).to_be_visible()


def test_on_a_phone_the_form_is_whole_large_and_accessible(visit: Visit) -> None:
    visit.page.set_viewport_size(PHONE)
    offered(visit).click()
    send = visit.log.get_by_role("button", name="Avisarme")
    expect(send).to_be_in_viewport(ratio=0.9)
    send.click()
    expect(visit.log.get_by_role("alert")).to_be_in_viewport(ratio=0.9)
    expect(send).to_be_in_viewport(ratio=0.9)
    expect_accessible(visit)
    expect_large_targets(visit)
    assert visit.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
