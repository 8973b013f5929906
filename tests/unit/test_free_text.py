"""Nothing a citizen types can be a command to Rasa."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.free_text import free_text


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ('/faq{"slug": "glp_requisitos"}', 'faq{"slug": "glp_requisitos"}'),
        ("  //  /restart", "restart"),
        ("\u200b/restart", "restart"),
        ("hola\n\n¿qué tal?\t", "hola ¿qué tal?"),
        ("\u202eoirartnoc la", "oirartnoc la"),
        ("a\x00b\x07c", "abc"),
        ("/", ""),
        ("\u200b\n ", ""),
        ("cafe\u0301", "café"),
    ],
)
def test_commands_and_invisible_characters_are_removed(typed: str, read: str) -> None:
    assert free_text(typed) == read


@given(st.text())
def test_no_text_whatever_starts_like_a_command_or_holds_control_characters(typed: str) -> None:
    read = free_text(typed)
    assert not read.strip().startswith("/")
    assert all(char == " " or char.isprintable() for char in read)
    assert free_text(read) == read
    read.encode("utf-8")
