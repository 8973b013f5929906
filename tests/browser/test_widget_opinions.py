"""What citizens think of answers and of a conversation, said in the widget in a real browser."""

import pytest
from playwright.sync_api import expect

from tests.browser.widget_page import PHONE, Channel, Visit, expect_accessible, expect_large_targets


def test_only_an_entrys_answer_is_rated_and_the_vote_can_be_changed_and_survives_a_reload(
    visit: Visit, channel: Channel
) -> None:
    visit.opens()
    visit.asks("hola")
    visit.asks("requisitos")
    rating = visit.log.get_by_role("group", name="¿Le sirvió esta respuesta?")
    expect(rating).to_have_count(1)
    no, yes = (rating.get_by_role("button", name=name, exact=True) for name in ("No me sirvió", "Sí, me sirvió"))
    no.click()
    expect(visit.log.get_by_role("status")).to_contain_text("Gracias por su opinión. Si quiere, cuéntenos")
    expect(no).to_be_focused()
    yes.click()
    expect(visit.log.get_by_role("status")).to_have_text("Gracias por su opinión.")
    expect(visit.log.get_by_role("textbox")).to_have_count(0)
    message_id = channel.received[1]["id"]
    assert channel.judgements == [{"message_id": message_id, "helpful": helpful} for helpful in (False, True)]
    visit.page.reload()
    expect(yes).to_have_attribute("aria-pressed", "true")
    expect(no).to_have_attribute("aria-pressed", "false")


def test_after_a_thumb_down_a_comment_is_written_with_the_keyboard_alone(visit: Visit, channel: Channel) -> None:
    visit.opens()
    visit.asks("requisitos")
    visit.log.get_by_role("button", name="No me sirvió").press("Enter")
    comment = visit.log.get_by_role("textbox", name="¿Qué le faltó a la respuesta? (opcional)")
    expect(comment).to_have_attribute("maxlength", "500")
    expect(comment).to_have_accessible_description("No escriba su nombre, su cédula ni otros datos personales.")
    visit.page.keyboard.press("Tab")
    expect(comment).to_be_focused()
    visit.page.keyboard.type("falta el precio")
    visit.page.keyboard.press("Tab")
    visit.page.keyboard.press("Enter")
    expect(visit.log.get_by_role("status")).to_have_text("Gracias. El personal del Ministerio leerá su comentario.")
    expect(comment).to_be_hidden()
    expect(visit.log.get_by_role("button", name="No me sirvió")).to_be_focused()
    assert channel.judgements[-1]["comment"] == "falta el precio"
    assert visit.spoken()[1:] == ["requisitos", visit.spoken()[2]]


def test_what_may_be_said_after_a_thumb_down_comes_into_sight(visit: Visit) -> None:
    visit.page.set_viewport_size(PHONE)
    visit.opens()
    visit.asks("requisitos")
    visit.log.get_by_role("button", name="No me sirvió").click()
    expect(visit.log.get_by_role("button", name="Enviar comentario")).to_be_in_viewport(ratio=0.9)


def test_a_vote_that_was_not_kept_is_taken_back_and_said(visit: Visit, channel: Channel) -> None:
    visit.opens()
    visit.asks("requisitos")
    expect(visit.bubbles).to_have_count(3)
    channel.faults = [(429, "too_many_requests")]
    yes = visit.log.get_by_role("button", name="Sí, me sirvió")
    yes.click()
    expect(visit.log.get_by_role("status")).to_have_text("No se guardó su opinión. Inténtelo de nuevo.")
    expect(yes).to_have_attribute("aria-pressed", "false")
    yes.click()
    expect(visit.log.get_by_role("status")).to_have_text("Gracias por su opinión.")


def test_an_english_answer_is_rated_in_english(visit: Visit) -> None:
    visit.opens()
    visit.asks("requirements")
    rating = visit.log.get_by_role("group", name="Was this answer helpful?")
    expect(rating.get_by_role("button", name="Yes, it helped me")).to_be_visible()
    expect(rating).to_have_attribute("lang", "en")


def test_closing_asks_how_the_conversation_was_until_it_is_scored(visit: Visit, channel: Channel) -> None:
    card = visit.page.get_by_role("group", name="¿Cómo le pareció esta conversación?")
    visit.opens()
    visit.page.keyboard.press("Escape")
    expect(visit.launcher).to_be_focused()
    expect(card).to_have_count(0)
    visit.opens()
    visit.asks("hola")
    expect(visit.bubbles).to_have_count(3)
    visit.page.keyboard.press("Escape")
    expect(visit.launcher).to_be_focused()
    expect(card).to_be_visible()
    visit.launcher.click()
    expect(card).to_have_count(0)
    visit.page.keyboard.press("Escape")
    card.get_by_role("button", name="4, buena").click()
    expect(card.get_by_role("status")).to_have_text("Gracias por su opinión.")
    card.get_by_role("button", name="5, muy buena").click()
    expect(card.get_by_role("button", name="5, muy buena")).to_have_attribute("aria-pressed", "true")
    expect(card.get_by_role("status")).to_have_text("Gracias por su opinión.")
    assert channel.judgements == [{"score": 4}, {"score": 5}]
    visit.launcher.click()
    visit.page.keyboard.press("Escape")
    expect(visit.launcher).to_be_focused()
    expect(card).to_have_count(0)


def test_who_does_not_want_to_score_is_not_asked_again(visit: Visit) -> None:
    card = visit.page.get_by_role("group", name="¿Cómo le pareció esta conversación?")
    visit.opens()
    visit.asks("hola")
    expect(visit.bubbles).to_have_count(3)
    visit.page.keyboard.press("Escape")
    card.get_by_role("button", name="No calificar").click()
    expect(card).to_have_count(0)
    expect(visit.launcher).to_be_focused()
    visit.launcher.click()
    visit.page.keyboard.press("Escape")
    expect(visit.launcher).to_be_focused()
    expect(card).to_have_count(0)


def test_a_goodbye_asks_how_the_conversation_was(visit: Visit, channel: Channel) -> None:
    visit.opens()
    visit.asks("chao")
    visit.log.get_by_role("button", name="3, regular").click()
    expect(visit.log.get_by_role("status")).to_have_text("Gracias por su opinión.")
    assert channel.judgements == [{"score": 3}]


@pytest.mark.parametrize("width", [1280, 360, 320])
def test_axe_finds_nothing_in_what_asks_for_opinions_and_all_fits(width: int, visit: Visit) -> None:
    visit.page.set_viewport_size({"width": width, "height": 720})
    visit.opens()
    visit.asks("requisitos")
    visit.log.get_by_role("button", name="No me sirvió").click()
    expect(visit.log.get_by_role("textbox")).to_be_visible()
    visit.asks("chao")
    visit.log.get_by_role("button", name="2, mala").click()
    expect(visit.log.get_by_role("status").last).to_have_text("Gracias por su opinión.")
    expect_accessible(visit)
    expect_large_targets(visit)
    assert visit.log.evaluate("log => log.parentElement.scrollWidth <= log.parentElement.clientWidth")
    visit.widget.evaluate("chat => chat.store.set({ score: undefined })")
    visit.page.keyboard.press("Escape")
    expect(visit.page.get_by_role("button", name="1, muy mala")).to_be_in_viewport(ratio=0.9)
    expect_accessible(visit)
    expect_large_targets(visit)
    assert visit.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
