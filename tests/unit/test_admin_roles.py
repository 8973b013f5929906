"""Everyone may look at everything; each role acts on its own part."""

import pytest
from fastapi.testclient import TestClient

from consultame.staff import Role
from kb.models import VersionState
from tests.unit.admin_site import (
    ENTRY,
    admin,
    approved_entry,
    approver,
    curator,
    draft,
    entry_fields,
    put_into_service,
    question,
    signed_in,
    version_in_review,
    versions_of,
    visible_text,
)

pytestmark = pytest.mark.usefixtures("sqlite_database")


@pytest.fixture(autouse=True)
def _no_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kb.publishing_job.publish", lambda publication_id: None)


@pytest.fixture
def pages() -> list[str]:
    """An address of every page, with something to see on each."""
    put_into_service(approved_entry("mme_estufas"))
    approved_entry("mme_hornos")
    draft("mme_braseros")
    waiting = version_in_review("mme_estufas")
    number = question()
    started = approver().post("/personal/publicaciones").headers["location"]
    return [
        "/personal/",
        "/personal/preguntas",
        f"/personal/preguntas/{number}",
        "/personal/entradas",
        "/personal/entradas?buscar=nada+de+esto",
        "/personal/entradas/mme_estufas",
        "/personal/entradas/mme_estufas/versiones/1",
        "/personal/entradas/mme_braseros",
        "/personal/resumen-de-entrada?slug=mme_estufas",
        "/personal/revisiones",
        f"/personal/revisiones/{waiting.id}",
        "/personal/publicaciones",
        started,
        f"{started}/avance",
    ]


ENGLISH = frozenset(
    "the and save draft review submit error login password none true false queued running curator approver approved "
    "returned topic version search".split()
)


@pytest.mark.parametrize("role", list(Role))
def test_every_page_opens_for_every_role_in_spanish(pages: list[str], role: Role) -> None:
    browser = signed_in("persona", role)
    for path in pages:
        answer = browser.get(path)
        assert answer.status_code == 200, path
        assert _english_words(answer.text) == set(), path


def test_the_pages_only_writers_see_are_in_spanish_too(pages: list[str]) -> None:
    for path in ("/personal/nueva-entrada", "/personal/entradas/mme_estufas/editar"):
        answer = curator().get(path)
        assert answer.status_code == 200
        assert _english_words(answer.text) == set(), path
        assert "{linea_gratuita}" in answer.text


def _writing(waiting: int, number: int) -> list[tuple[str, str, dict[str, str]]]:
    return [
        ("GET", "/personal/nueva-entrada", {}),
        ("POST", "/personal/nueva-entrada", entry_fields(slug="mme_otra")),
        ("GET", "/personal/entradas/mme_estufas/editar", {}),
        ("POST", "/personal/entradas/mme_estufas/editar", entry_fields(base_number="1")),
        ("POST", "/personal/entradas/mme_estufas/versiones/1/enviar", {}),
        ("POST", f"/personal/preguntas/{number}/vincular", {"slug": "mme_estufas", "text": "x"}),
        ("POST", f"/personal/preguntas/{number}/descartar", {"reason": "no_question"}),
    ]


def _reviewing(waiting: int, number: int) -> list[tuple[str, str, dict[str, str]]]:
    return [
        ("POST", f"/personal/revisiones/{waiting}/aprobar", {}),
        ("POST", f"/personal/revisiones/{waiting}/devolver", {"comment": "x"}),
        ("POST", "/personal/publicaciones", {}),
    ]


def _assert_all_forbidden(browser: TestClient, requests: list[tuple[str, str, dict[str, str]]]) -> None:
    for method, path, data in requests:
        answer = browser.request(method, path, data=data)
        assert answer.status_code == 403, path
        assert "Su rol no permite esta acción." in answer.text


def test_a_curator_neither_reviews_nor_publishes() -> None:
    waiting = version_in_review()
    _assert_all_forbidden(signed_in("otra", Role.CURATOR), _reviewing(waiting.id, question()))
    assert versions_of("mme_estufas")[0].state is VersionState.IN_REVIEW


def test_an_approver_does_not_write() -> None:
    waiting = version_in_review()
    _assert_all_forbidden(approver(), _writing(waiting.id, question()))
    assert len(versions_of("mme_estufas")) == 1


def test_what_a_role_may_not_do_is_not_offered(pages: list[str]) -> None:
    everything = {
        Role.CURATOR: _all_text(curator(), pages),
        Role.APPROVER: _all_text(approver(), pages),
    }
    for button in ("Escribir una respuesta nueva", "No es para esta mesa", "Escribir una entrada nueva", ">Editar<"):
        assert button in everything[Role.CURATOR]
        assert button not in everything[Role.APPROVER]
    for button in (">Aprobar<", ">Devolver<"):
        assert button not in everything[Role.CURATOR]
        assert button in everything[Role.APPROVER]


def test_publishing_is_offered_to_those_who_may() -> None:
    approved_entry()
    assert ">Publicar<" in approver().get("/personal/publicaciones").text
    assert ">Publicar<" in admin().get("/personal/publicaciones").text
    assert ">Publicar<" not in curator().get("/personal/publicaciones").text


def test_an_administrator_may_write_review_and_publish() -> None:
    browser = admin()
    waiting = version_in_review()
    assert browser.post("/personal/nueva-entrada", data=entry_fields(title="Otra")).status_code == 303
    assert browser.post(f"/personal/revisiones/{waiting.id}/aprobar").status_code == 303
    assert browser.post("/personal/publicaciones").status_code == 303
    assert versions_of("mme_estufas")[0].title == ENTRY.title


def _english_words(page: str) -> set[str]:
    return ENGLISH & set(visible_text(page, without_english=True).lower().split())


def _all_text(browser: TestClient, pages: list[str]) -> str:
    return "\n".join(browser.get(path).text for path in pages)
