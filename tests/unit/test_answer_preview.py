"""The preview of an answer follows what the website's chat and WhatsApp do with it."""

from dataclasses import replace

import pytest

from admin.answer_preview import Block, answer_preview, chat_blocks, shortened, whatsapp_markup
from consultame import whatsapp_limits
from tests.unit.test_entries import TEXT

pytestmark = pytest.mark.usefixtures("data_directory")


def test_lines_become_paragraphs_and_lists() -> None:
    text = "Primero.\n\n1. uno\n2. dos\nDespués:\n- tres\n• cuatro\n3) cinco"
    assert chat_blocks(text) == [
        Block("p", ["Primero."]),
        Block("ol", ["uno", "dos"]),
        Block("p", ["Después:"]),
        Block("ul", ["tres", "cuatro"]),
        Block("ol", ["cinco"], start=3),
    ]


def test_whatsapp_shows_its_own_marks_and_nothing_else_as_formatting() -> None:
    shown = whatsapp_markup("*Gratis* y _ya_, ~no~ ```x < *y*``` <b>no</b> a_b_c 2*3*4 * suelto *")
    assert shown == (
        "<strong>Gratis</strong> y <em>ya</em>, <s>no</s> <code>x &lt; *y*</code> &lt;b&gt;no&lt;/b&gt; "
        "a_b_c 2*3*4 * suelto *"
    )


def test_contact_data_is_filled_in_and_counts() -> None:
    view = answer_preview(answer="Escriba a {correo}.", label="Correo", task="", language="es")
    assert view.blocks[0].lines == ["Escriba a menergia@minenergia.gov.co."]
    assert view.whatsapp[0].length == len("Escriba a menergia@minenergia.gov.co.")


def test_an_answer_with_buttons_that_is_too_long_for_them_goes_out_as_two_messages() -> None:
    (short,) = answer_preview(answer="x" * 1024, label="x", task="agendar_cita", language="es").whatsapp
    assert short.limit == whatsapp_limits.BODY_WITH_BUTTONS
    assert short.buttons == ["Agendar una cita vi…", "Sí me sirvió", "No me sirvió"]
    text, asked = answer_preview(answer="x" * 1025, label="x", task="agendar_cita", language="en").whatsapp
    assert (text.buttons, text.limit) == ([], whatsapp_limits.TEXT)
    assert asked.buttons[1:] == ["It was helpful", "It was not helpful"]
    assert answer_preview(answer=" ", label="", task="", language="es").whatsapp == []


def test_no_button_is_longer_than_whatsapp_allows() -> None:
    assert shortened("x" * 20) == "x" * 20
    assert len(shortened("x" * 21)) == whatsapp_limits.BUTTON_TITLE


def test_what_does_not_fit_once_contact_data_is_filled_in_is_refused() -> None:
    assert TEXT.problems() == []
    answer = "{direccion} " * 300
    (problem,) = replace(TEXT, answer_es=answer).problems()
    assert problem.startswith("La respuesta en español tiene ")
    assert "en un mensaje de WhatsApp caben 4096." in problem
