"""Entries go out as YAML and come back the same; a bad file changes nothing."""

from collections.abc import Callable
from pathlib import Path

import pytest

from consultame.database import read_session, write_session
from consultame.staff import Role, StaffMember
from kb.entries import approve, approved_versions, latest_versions, versions_in_review
from kb.exchange import (
    ExchangeError,
    export_entries,
    import_entries,
    load_first_knowledge_base,
    read_topic_file,
    topic_files,
)

AddPerson = Callable[[str, Role], StaffMember]

FILE = """
topic: energia
entries:
  - slug: estufas
    title: Estufas
    label: Estufas
    label_en: Stoves
    answer_es: |
      No hay programa. Escriba a {correo}.
    answer_en: There is no programme.
    source: Prueba
    valid_until: 2027-05-31
    task: presentar_queja
    questions_es: [uno, dos, tres, cuatro, cinco]
    questions_en: [one]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "entries"
    folder.mkdir()
    (folder / "energia.yml").write_text(FILE, encoding="utf-8")
    return folder


def test_the_first_knowledge_base_is_loaded_approved_once(any_database: str, folder: Path) -> None:
    for expected in (1, 0):
        with write_session() as session:
            assert len(load_first_knowledge_base(session, folder)) == expected
    with read_session() as session:
        (version,) = approved_versions(session)
        assert version.author_id != version.approver_id


def test_what_the_staff_changed_is_not_overwritten_by_loading_the_first_knowledge_base_again(
    sqlite_database: None, folder: Path, add_person: AddPerson
) -> None:
    with write_session() as session:
        load_first_knowledge_base(session, folder)
    changed = FILE.replace("No hay programa.", "Ahora sí hay.")
    (folder / "energia.yml").write_text(changed, encoding="utf-8")
    author, approver = add_person("ana", Role.CURATOR), add_person("luis", Role.APPROVER)
    with write_session() as session:
        (version,) = import_entries(session, [read_topic_file(folder / "energia.yml")], author=author)
        approve(session, version, by=approver)
    (folder / "energia.yml").write_text(FILE, encoding="utf-8")
    with write_session() as session:
        assert load_first_knowledge_base(session, folder) == []
        assert approved_versions(session)[0].answer_es.startswith("Ahora sí hay.")


def test_an_export_imported_again_changes_nothing(
    sqlite_database: None, folder: Path, tmp_path: Path, add_person: AddPerson
) -> None:
    author = add_person("ana", Role.CURATOR)
    with write_session() as session:
        load_first_knowledge_base(session, folder)
        files = export_entries(session, tmp_path / "out")
    assert [file.name for file in files] == ["energia.yml"]
    with write_session() as session:
        assert import_entries(session, [read_topic_file(file) for file in files], author=author) == []


def test_an_import_waits_for_review(sqlite_database: None, folder: Path, add_person: AddPerson) -> None:
    author = add_person("ana", Role.CURATOR)
    with write_session() as session:
        import_entries(session, [read_topic_file(folder / "energia.yml")], author=author)
    with read_session() as session:
        assert [version.entry.slug for version in versions_in_review(session)] == ["estufas"]
        assert approved_versions(session) == []


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("topic: [", "not YAML"),
        ("- a", "valid dictionary"),
        (FILE.replace("energia", "deportes"), "topic"),
        (FILE.replace("    title: Estufas\n", ""), "entries.0.title: Field required"),
        (FILE.replace("source: Prueba", "source: Prueba\n    precio: 3"), "entries.0.precio"),
        (FILE.replace("2027-05-31", "mañana"), "entries.0.valid_until"),
    ],
)
def test_a_malformed_file_is_refused_in_one_line_that_names_the_place(content: str, message: str, folder: Path) -> None:
    (folder / "energia.yml").write_text(content, encoding="utf-8")
    with pytest.raises(ExchangeError) as refusal:
        read_topic_file(folder / "energia.yml")
    assert message in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_bytes_that_are_no_text_and_missing_files_are_refused(folder: Path) -> None:
    (folder / "energia.yml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ExchangeError, match="UTF-8"):
        read_topic_file(folder / "energia.yml")
    with pytest.raises(ExchangeError, match="no such file"):
        topic_files(folder / "nada")


def test_one_bad_entry_stops_the_whole_import(sqlite_database: None, folder: Path, add_person: AddPerson) -> None:
    author = add_person("ana", Role.CURATOR)
    good = read_topic_file(folder / "energia.yml")
    (folder / "energia.yml").write_text(
        FILE.replace("slug: estufas", "slug: Mal Escrito").replace("{correo}", "{fax}"), encoding="utf-8"
    )
    bad = read_topic_file(folder / "energia.yml")
    with pytest.raises(ExchangeError, match="Mal Escrito"), write_session() as session:
        import_entries(session, [good, bad], author=author)
    with read_session() as session:
        assert latest_versions(session) == []
