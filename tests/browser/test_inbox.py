"""The curators' inbox with 300 questions, in a real browser; only the staff screens run."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from sklearn.metrics import v_measure_score
from sqlalchemy import select

from consultame.command_line.installation import install
from consultame.database import now, read_session, write_session
from consultame.settings import PROJECT_DIRECTORY
from consultame.worker import need_embeddings
from kb.models import UnansweredQuestion
from kb.needs_job import Sorter
from tests.browser.staff_site import curators_tab, overflows, path_in


@pytest.fixture
def inbox(browser: Browser, data_directory: Path) -> Iterator[Page]:
    """The curator's tab at the inbox."""
    install()
    keep_labelled_questions()
    with curators_tab(browser, data_directory) as page:
        page.goto(path_in(page, "/personal/preguntas"))
        yield page


def keep_labelled_questions() -> None:
    """They are invented, so there is nothing in them to mask. The conversation is named after the need."""
    file = PROJECT_DIRECTORY / "tests" / "data" / "unanswered_needs_everyday.yml"
    needs = yaml.safe_load(file.read_text())["needs"]
    labelled = [(need["need"], text) for need in needs for text in need["questions"]]
    with write_session() as session:
        for number, (need, text) in enumerate(labelled):
            session.add(
                UnansweredQuestion(
                    conversation_id=need,
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


def figures(page: Page) -> tuple[int, int]:
    """How many needs and questions the inbox says there are."""
    words = (page.locator("#count").text_content() or "").split()
    return int(words[0]), int(words[2])


def test_the_worker_puts_the_questions_of_forty_needs_together(inbox: Page) -> None:
    Sorter(need_embeddings()).sort()
    with read_session() as session:
        sorted_questions = session.execute(select(UnansweredQuestion.conversation_id, UnansweredQuestion.need_id))
        labels, found = zip(*sorted_questions, strict=True)
    assert v_measure_score(labels, found) >= 0.8
    inbox.reload()
    assert figures(inbox) == (len(set(found)), 300)


def test_one_action_clears_a_need_of_the_inbox(inbox: Page) -> None:
    needs, _ = figures(inbox)
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


def test_the_list_is_worked_with_the_keyboard(inbox: Page) -> None:
    rows = inbox.locator("table.needs tbody tr")
    boxes = inbox.locator("table.needs tbody input")
    expect(inbox.get_by_text("Atajos del teclado")).to_be_visible()
    inbox.locator("body").press("j")
    expect(boxes.nth(0)).to_be_focused()
    inbox.keyboard.press("j")
    inbox.keyboard.press("x")
    expect(boxes.nth(1)).to_be_checked()
    inbox.keyboard.press("k")
    expect(boxes.nth(0)).to_be_focused()
    # No trap: Tab goes on to the link of the row.
    inbox.keyboard.press("Tab")
    expect(rows.nth(0).get_by_role("link")).to_be_focused()
    inbox.keyboard.press("x")
    needs, _ = figures(inbox)
    inbox.get_by_role("button", name="Unir las necesidades marcadas").press("Enter")
    expect(inbox.locator(".notice[role=status]")).to_contain_text("Se unieron 2 necesidades en una.")
    assert figures(inbox)[0] == needs - 1
    inbox.locator("body").press("j")
    inbox.keyboard.press("Enter")
    expect(inbox.locator("h1.quoted")).to_be_visible()
    inbox.locator("body").press("j")
    expect(inbox.locator(".need-questions input").first).to_be_focused()
    inbox.keyboard.press("x")
    expect(inbox.locator(".need-questions input").first).not_to_be_checked()


def test_keys_of_one_letter_can_be_switched_off(inbox: Page) -> None:
    inbox.get_by_text("Atajos del teclado").click()
    inbox.get_by_label("Usar las teclas de una letra").uncheck()
    inbox.reload()
    inbox.locator("body").press("j")
    expect(inbox.locator("table.needs tbody input").first).not_to_be_focused()


def test_a_new_question_shows_in_the_navigation_of_an_open_page(inbox: Page) -> None:
    expect(inbox.locator("#count-needs")).to_have_text(str(figures(inbox)[0]))
    inbox.evaluate(
        "htmx.ajax('GET', '/personal/contadores?visto=old', {target: '[hx-get^=\"/personal/contadores\"]',"
        " swap: 'outerHTML'})"
    )
    expect(inbox.locator("p[aria-live].visually-hidden")).to_contain_text("Ahora esperan")
