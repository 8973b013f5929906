"""Starting a publication, watching it and reading how it went."""

from dataclasses import replace
from datetime import timedelta

import pytest

from consultame.database import now, write_session
from kb.models import Publication, PublicationState
from tests.unit.admin_site import ENTRY, approved_entry, approver, curator, put_into_service, visible_text

pytestmark = pytest.mark.usefixtures("sqlite_database")


@pytest.fixture(autouse=True)
def handed_over(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The publications that were handed to the worker."""
    numbers: list[int] = []
    monkeypatch.setattr("kb.publishing_job.publish", numbers.append)
    return numbers


def _change(number: int, **values: object) -> None:
    with write_session() as session:
        publication = session.get_one(Publication, number)
        for name, value in values.items():
            setattr(publication, name, value)


def test_publishing_hands_one_publication_to_the_worker(handed_over: list[int]) -> None:
    approved_entry()
    browser = approver()
    answer = browser.post("/personal/publicaciones")
    assert (answer.status_code, answer.headers["location"]) == (303, "/personal/publicaciones/1")
    assert handed_over == [1]
    second = browser.post("/personal/publicaciones")
    assert second.status_code == 409
    assert "Ya hay una publicación en curso. Espere a que termine." in visible_text(second.text)
    assert handed_over == [1]
    assert "Hay una publicación en curso: 0 %" in visible_text(browser.get("/personal/").text)


def test_the_page_says_what_will_change() -> None:
    live = approved_entry("mme_estufas"), approved_entry("mme_hornos"), approved_entry("mme_igual")
    put_into_service(*live)
    approved_entry("mme_estufas", replace(ENTRY, title="Estufas", answer_es="Otra."))
    approved_entry("mme_hornos", replace(ENTRY, title="Hornos", questions_es=[*ENTRY.questions_es, "hornos"]))
    approved_entry("mme_nueva", replace(ENTRY, title="Nueva"))
    text = visible_text(approver().get("/personal/publicaciones").text)
    assert "3 versiones aprobadas entrarán en servicio" in text
    assert "Estufas Cambia el texto, versión 2" in text
    assert "Hornos Cambian las preguntas que reconoce, versión 2" in text
    assert "Nueva Entrada nueva, versión 1" in text
    assert "toma unos minutos" in text
    assert "3 versiones aprobadas sin publicar" in visible_text(curator().get("/personal/").text)


def test_the_page_of_a_running_publication_shows_steps_progress_and_log() -> None:
    approved_entry()
    browser = approver()
    browser.post("/personal/publicaciones")
    log = "Preparar los datos\nValidar los datos\nEntrenar el modelo\n<época 1>\n"
    _change(1, state=PublicationState.RUNNING, step="train", percent=25, log=log)
    page = browser.get("/personal/publicaciones/1").text
    assert 'role="progressbar"' in page
    assert 'aria-valuenow="25"' in page
    assert '<noscript><meta http-equiv="refresh" content="3"></noscript>' in page
    assert 'hx-trigger="every 1s"' in page
    assert "&lt;época 1&gt;" in page
    text = visible_text(page)
    assert "En curso: entrenar el modelo." in text
    assert "Validar los datos Hecho Entrenar el modelo En curso Probar las conversaciones Pendiente" in text


def test_the_moving_part_is_sent_only_when_it_changed() -> None:
    browser = approver()
    browser.post("/personal/publicaciones")
    moving = "/personal/publicaciones/1/avance"
    assert browser.get(moving, params={"visto": "queued-queued-0-"}).status_code == 204
    _change(1, state=PublicationState.RUNNING, step="prepare", percent=2, log="Preparar los datos\n")
    changed = browser.get(moving, params={"visto": "queued-queued-0-", "paso": "queued-queued"}).text
    assert "<html" not in changed
    assert 'id="spoken-status" hx-swap-oob' in changed
    _change(1, log="Preparar los datos\nOtra línea.\n")
    same_step = browser.get(moving, params={"visto": "running-prepare-19-", "paso": "running-prepare"}).text
    assert "Otra línea." in same_step
    assert "spoken-status" not in same_step


def test_a_publication_without_training_says_which_steps_were_not_needed() -> None:
    release = put_into_service(approved_entry())
    browser = approver()
    browser.post("/personal/publicaciones")
    _change(
        1, state=PublicationState.SUCCEEDED, active=None, step="promote", percent=100, release_id=release,
        log="Preparar los datos\nPoner en servicio\nVersión 1 en servicio.\n", finished_at=now(),
    )  # fmt: skip
    page = browser.get("/personal/publicaciones/1").text
    assert "http-equiv" not in page
    assert 'hx-trigger="every 1s"' not in page
    text = visible_text(page)
    assert f"Publicación terminada. La versión {release} quedó en servicio." in text
    assert "Entrenar el modelo No hizo falta" in text
    assert "Poner en servicio Hecho" in text


def test_a_failed_publication_says_why_and_what_to_do() -> None:
    browser = approver()
    browser.post("/personal/publicaciones")
    failure = "Falló el paso «Probar las conversaciones». Lo publicado antes sigue en servicio."
    _change(
        1, state=PublicationState.FAILED, active=None, step="gate", percent=60, finished_at=now(),
        log=f"Preparar los datos\nValidar los datos\nEntrenar el modelo\nProbar las conversaciones\n{failure}\n",
    )  # fmt: skip
    text = visible_text(browser.get("/personal/publicaciones/1").text)
    assert failure in text
    assert "se parece demasiado" in text
    assert "Probar las conversaciones Falló Poner en servicio Pendiente" in text


def test_a_publication_no_worker_takes_says_so() -> None:
    browser = approver()
    browser.post("/personal/publicaciones")
    assert "tardando" not in browser.get("/personal/publicaciones/1").text
    _change(1, created_at=now() - timedelta(minutes=1))
    assert "Está tardando en comenzar." in browser.get("/personal/publicaciones/1").text
    assert browser.get("/personal/publicaciones/1/avance?visto=queued-queued-0").status_code == 200


def test_the_start_page_names_the_release_in_service() -> None:
    assert "Todavía no hay ninguna versión en servicio." in approver().get("/personal/").text
    release = put_into_service(approved_entry())
    assert f"versión {release} , que tiene 1 entrada" in visible_text(approver().get("/personal/").text)
