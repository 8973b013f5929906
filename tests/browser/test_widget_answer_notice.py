"""Asking in the widget, in a real browser, to be told when there is an answer."""

from playwright.sync_api import Locator, expect

from tests.browser.widget_page import (
    CONSENT,
    PHONE,
    WHATSAPP_CONSENT,
    Channel,
    Visit,
    expect_accessible,
    expect_large_targets,
)

OFFER = "Avíseme por correo cuando haya respuesta"
ACCEPT = "Autorizo usar mi correo para este aviso"
EMAIL = "Su correo electrónico"
OFFER_OF_BOTH = "Avíseme cuando haya respuesta"
ACCEPT_WHATSAPP = "Autorizo usar mi celular para este aviso"
MOBILE = "Su número de celular"
BAD_NUMBER = "Escriba un celular de diez cifras, como 300 123 4567; de otro país, con + y su indicativo."


def offered(visit: Visit, name: str = OFFER) -> Locator:
    visit.opens()
    visit.asks("sin respuesta")
    button = visit.log.get_by_role("button", name=name)
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


def test_where_it_is_not_set_up_whatsapp_is_not_spoken_of(visit: Visit) -> None:
    offered(visit).click()
    expect(visit.log.get_by_role("textbox", name=EMAIL)).to_be_visible()
    expect(visit.log.get_by_role("radio")).to_have_count(0)
    expect(visit.log).not_to_contain_text("WhatsApp")


def test_whatsapp_is_chosen_and_the_number_given_with_the_keyboard_alone(visit: Visit, channel: Channel) -> None:
    channel.tells_by_whatsapp = True
    offered(visit, OFFER_OF_BOTH).press("Enter")
    keyboard = visit.page.keyboard
    by_mail = visit.log.get_by_role("radio", name="Por correo")
    expect(by_mail).to_be_focused()
    expect(by_mail).to_be_checked()
    expect(visit.log.get_by_role("group", name="¿Por dónde le avisamos?")).to_be_visible()
    expect(visit.log.get_by_role("textbox", name=EMAIL)).to_be_visible()
    keyboard.press("ArrowDown")
    expect(visit.log.get_by_role("radio", name="Por WhatsApp")).to_be_checked()
    expect(visit.log.get_by_role("textbox", name=EMAIL)).to_be_hidden()
    keyboard.press("Tab")
    accept, number = visit.log.get_by_role("checkbox"), visit.log.get_by_role("textbox", name=MOBILE)
    expect(accept).to_be_focused()
    expect(accept).to_have_accessible_name(ACCEPT_WHATSAPP)
    expect(accept).to_have_accessible_description(WHATSAPP_CONSENT["text"])
    keyboard.press("Space")
    keyboard.press("Tab")
    expect(number).to_be_focused()
    expect(number).to_have_accessible_description("De otro país, con + y su indicativo.")
    keyboard.type("300 123 4567")
    keyboard.press("Enter")
    expect(visit.log.get_by_role("status")).to_have_text(
        "Listo. Le escribiremos cuando haya una respuesta aprobada a esta pregunta."
    )
    expect(visit.log.get_by_role("button", name="Cambiar el correo o el celular")).to_be_focused()
    assert channel.wishes == [
        {
            "message_id": channel.received[0]["id"], "phone": "300 123 4567", "consent": WHATSAPP_CONSENT["version"],
            "language": "es",
        }
    ]  # fmt: skip


def test_a_consent_to_one_channel_is_none_to_the_other(visit: Visit, channel: Channel) -> None:
    channel.tells_by_whatsapp = True
    offered(visit, OFFER_OF_BOTH).click()
    visit.log.get_by_role("checkbox", name=ACCEPT).check()
    visit.log.get_by_role("radio", name="Por WhatsApp").check()
    visit.log.get_by_role("textbox", name=MOBILE).fill("300 123 4567")
    visit.log.get_by_role("button", name="Avisarme").click()
    expect(visit.log.get_by_role("alert")).to_have_text("Marque que autoriza el uso de su celular.")
    visit.log.get_by_role("radio", name="Por correo").check()
    expect(visit.log.get_by_role("alert")).to_be_hidden()
    assert channel.wishes == []


def test_a_bad_number_is_said_where_it_is_typed_in_the_language_of_the_form(visit: Visit, channel: Channel) -> None:
    channel.tells_by_whatsapp, channel.wish_language = True, "en"
    offered(visit, "Tell me when there is an answer").click()
    visit.log.get_by_role("radio", name="By WhatsApp").check()
    visit.log.get_by_role("checkbox", name="I authorise the use of my mobile number").check()
    number, send = visit.log.get_by_role("textbox", name="Your mobile number"), visit.log.get_by_role("button")
    send.get_by_text("Tell me", exact=True).click()
    expect(visit.log.get_by_role("alert")).to_contain_text("Write a mobile number of ten digits, such as 300 123 4567")
    expect(number).to_be_focused()
    number.fill("601 220 0300")
    channel.faults = [(400, "invalid_phone"), (429, "too_many_requests")]
    send.get_by_text("Tell me", exact=True).click()
    expect(visit.log.get_by_role("alert")).to_have_text("Explicación de invalid_phone.")
    expect(number).to_have_attribute("aria-invalid", "true")
    send.get_by_text("Tell me", exact=True).click()
    expect(visit.log.get_by_role("alert")).to_have_text("Your mobile number was not saved. Try again.")


def test_on_a_phone_the_choice_of_whatsapp_is_large_and_accessible(visit: Visit, channel: Channel) -> None:
    channel.tells_by_whatsapp = True
    visit.page.set_viewport_size(PHONE)
    offered(visit, OFFER_OF_BOTH).click()
    visit.log.get_by_role("radio", name="Por WhatsApp").check()
    send = visit.log.get_by_role("button", name="Avisarme")
    visit.log.get_by_role("checkbox").check()
    send.click()
    expect(visit.log.get_by_role("alert")).to_have_text(BAD_NUMBER)
    expect(send).to_be_in_viewport(ratio=0.9)
    expect_accessible(visit)
    expect_large_targets(visit)
    assert visit.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
