"""Another Rasa assistant's questions and answers come in as drafts that say what they lack."""

from collections.abc import Callable
from pathlib import Path

import pytest

from consultame.database import read_session, write_session
from consultame.staff import Role, StaffMember
from kb.entries import EntryRefused, entry_by_slug, latest_versions, submit_for_review
from kb.exchange import ExchangeError
from kb.models import Topic, VersionState
from kb.rasa_import import import_drafts, read_rasa_files

NLU = """
version: "3.1"
nlu:
- intent: faq/gas_subsidio
  examples: |
    - ¿hay subsidio en [Pasto](city)?
    - subsidio para [la pipeta]{"entity": "gas"}
- intent: horario
  examples: |
    - ¿a qué hora abren?
- intent: saludo
  examples: |
    - hola
- lookup: ciudades
  examples: |
    - Pasto
"""
RESPONSES = """
responses:
  utter_faq/gas_subsidio:
  - text: Sí, en algunos departamentos.
  - text: Otra manera de decirlo.
  utter_horario:
  - image: x.png
  - text: De 7 a 4.
  utter_adios:
  - text: Adiós.
"""


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    nlu, responses = tmp_path / "nlu.yml", tmp_path / "domain.yml"
    nlu.write_text(NLU, encoding="utf-8")
    responses.write_text(RESPONSES, encoding="utf-8")
    return [nlu, responses]


def test_retrieval_and_plain_intents_are_read_and_halves_are_named(files: list[Path]) -> None:
    entries, halves = read_rasa_files(files)
    assert entries["gas_subsidio"].questions == ["¿hay subsidio en Pasto?", "subsidio para la pipeta"]
    assert entries["gas_subsidio"].answer == "Sí, en algunos departamentos."
    assert entries["horario"].answer == "De 7 a 4."
    assert set(entries) == {"gas_subsidio", "horario"}
    assert halves == ["adios", "saludo"]


def test_a_draft_says_what_it_lacks_and_cannot_be_reviewed_before(
    sqlite_database: None, add_person: Callable[[str, Role], StaffMember], files: list[Path]
) -> None:
    author = add_person("ana", Role.CURATOR)
    with write_session() as session:
        drafts = import_drafts(session, read_rasa_files(files)[0], topic=Topic.GLP, author=author)
    assert drafts[0].missing == [
        "La etiqueta en inglés está vacía.",
        "La respuesta en inglés está vacía.",
        "La fuente está vacía.",
        "Escriba al menos 5 preguntas de ciudadanos, todas distintas.",
    ]
    with pytest.raises(EntryRefused, match="La fuente está vacía"), write_session() as session:
        entry = entry_by_slug(session, "gas_subsidio")
        assert entry
        submit_for_review(session, entry.versions[-1], by=author)
    with read_session() as session:
        assert {version.state for version in latest_versions(session)} == {VersionState.DRAFT}


def test_a_slug_that_is_taken_stops_the_whole_import(
    sqlite_database: None, add_person: Callable[[str, Role], StaffMember], files: list[Path]
) -> None:
    author, entries = add_person("ana", Role.CURATOR), read_rasa_files(files)[0]
    with write_session() as session:
        import_drafts(session, {"horario": entries["horario"]}, topic=Topic.GLP, author=author)
    with pytest.raises(ExchangeError, match="horario"), write_session() as session:
        import_drafts(session, entries, topic=Topic.GLP, author=author)
    with read_session() as session:
        assert entry_by_slug(session, "gas_subsidio") is None


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("nlu: [", "not YAML"),
        ("- a", "neither"),
        ("rules: []", "neither"),
        ("nlu: 3", "nlu"),
        ("responses: {utter_x: hola}", "responses.utter_x"),
        ("nlu: [{intent: a/x, examples: '- q'}, {intent: x, examples: '- r'}]\n"
         "responses: {utter_a/x: [{text: h}], utter_x: [{text: h}]}", "two intents"),
    ],
)  # fmt: skip
def test_a_malformed_file_is_refused_in_one_line(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "nlu.yml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ExchangeError) as refusal:
        read_rasa_files([path])
    assert message in str(refusal.value)
    assert "\n" not in str(refusal.value)
