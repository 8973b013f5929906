"""A question is tried on the model in service and on a candidate, side by side, without Rasa in the web process."""

import json
import subprocess
import sys
import tarfile
from dataclasses import replace
from pathlib import Path

import pytest

from bot.components.question_model import QuestionModel
from bot.intents import ENTRY_PREFIX, OUT_OF_SCOPE
from bot.trained_model import ModelUnreadable, TrainedModel
from consultame.database import read_session, write_session
from consultame.settings import PROJECT_DIRECTORY
from kb import trial
from kb.entries import entry_by_slug
from kb.models import EntryVersion, Publication, PublicationState
from kb.publishing import model_path
from kb.releases import make_candidate, promote
from kb.trial import TrialState, ask_for_trial, train_trial, trial_fingerprint, trial_model_path, trial_state
from tests.unit.admin_site import ENTRY, approved_entry, curator, draft, visible_text

STOVES = ["¿dan estufas?", "estufas nuevas", "cambio de estufa", "quiero una estufa", "programa de estufas"]
PHONES = ["¿cuál es el teléfono?", "número para llamar", "línea gratuita", "a dónde llamo", "teléfono del ministerio"]
OUTSIDE = ["receta de arepas", "quién ganó el partido", "precio del dólar", "horóscopo de hoy", "letra de la canción"]


@pytest.fixture(autouse=True)
def _no_embedding(sqlite_database: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("admin.loaded_models.load_embedding", lambda: None)


def archive(path: Path, folder: Path, **entries: list[str]) -> None:
    """A model archive as Rasa writes it, as far as it is read here."""
    texts = [*OUTSIDE, *(text for questions in entries.values() for text in questions)]
    labels = [OUT_OF_SCOPE] * len(OUTSIDE)
    labels += [ENTRY_PREFIX + slug for slug, questions in entries.items() for _ in questions]
    model_folder = folder / "components" / "train_selector"
    model_folder.mkdir(parents=True)
    QuestionModel.trained(texts, labels, [1.0] * len(texts), None).save(model_folder)
    node = {
        "uses": "bot.components.knowledge_base_selector.KnowledgeBaseSelector",
        "resource": {"name": "train_selector"},
        "config": {"answer_threshold": 0.5},
    }
    (folder / "metadata.json").write_text(json.dumps({"predict_schema": {"nodes": {"run_selector": node}}}))
    path.parent.mkdir(parents=True, exist_ok=True)
    with tarfile.open(path, "w:gz") as packed:
        packed.add(folder, arcname="")


@pytest.fixture
def live(tmp_path_factory: pytest.TempPathFactory) -> EntryVersion:
    """A release in service that knows of stoves only."""
    version = approved_entry("mme_estufas", replace(ENTRY, questions_es=STOVES))
    archive(model_path("f" * 32), tmp_path_factory.mktemp("live"), mme_estufas=STOVES)
    with write_session() as session:
        release = make_candidate(session, [session.get_one(EntryVersion, version.id)], model_fingerprint="f" * 32)
        promote(session, release)
    return version


def fingerprint_of(slug: str) -> str:
    with read_session() as session:
        entry = entry_by_slug(session, slug)
        assert entry is not None
        return trial_fingerprint(session, entry.versions[-1])


def test_a_model_is_read_without_rasa(live: EntryVersion) -> None:
    command = (
        "import sys; from pathlib import Path; from bot.trained_model import TrainedModel; "
        "import admin.loaded_models, admin.model_trial; "
        "model = TrainedModel.from_archive(Path(sys.argv[1])); print(model.understand('estufas', None).match['slug']); "
        "print([name for name in ('rasa', 'tensorflow') if name in sys.modules])"
    )
    path = str(model_path("f" * 32))
    done = subprocess.run(
        [sys.executable, "-c", command, path], cwd=PROJECT_DIRECTORY, capture_output=True, text=True, check=False
    )
    assert done.stdout.splitlines() == ["mme_estufas", "[]"], done.stderr


def test_what_is_no_model_says_so(tmp_path: Path) -> None:
    (tmp_path / "broken.tar.gz").write_bytes(b"not an archive")
    for name in ("broken.tar.gz", "missing.tar.gz"):
        with pytest.raises(ModelUnreadable):
            TrainedModel.from_archive(tmp_path / name)


def test_a_question_is_answered_by_both_models_side_by_side(
    live: EntryVersion, tmp_path_factory: pytest.TempPathFactory
) -> None:
    draft("mme_telefonos", replace(ENTRY, title="Teléfonos", answer_es="Llame al {telefono}.", questions_es=PHONES))
    path = trial_model_path(fingerprint_of("mme_telefonos"))
    archive(path, tmp_path_factory.mktemp("trial"), mme_estufas=STOVES, mme_telefonos=PHONES)
    address, browser = "/personal/probar/entrada/mme_telefonos", curator()
    assert "La prueba está lista." in browser.get(address).text
    text = visible_text(browser.post(address, data={"text": "teléfono del ministerio"}).text)
    assert "En servicio (versión 1) Dice que no tiene una respuesta y guarda la pregunta" in text
    assert "Con la versión 1 de esta entrada Responde con Teléfonos" in text
    assert "Llame al (601) 220 0300." in text
    both = visible_text(browser.post(address, data={"text": "quiero una estufa"}).text)
    assert both.count("Responde con Programa de estufas eficientes") == 2
    assert "/personal/probar/entrada/mme_telefonos" in browser.get("/personal/entradas/mme_telefonos").text


def test_a_model_for_an_entry_is_trained_by_the_worker_when_somebody_asks(
    live: EntryVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    monkeypatch.setattr("kb.trial_job.train", asked.append)
    version = draft("mme_telefonos", replace(ENTRY, questions_es=PHONES))
    address, browser = "/personal/probar/entrada/mme_telefonos", curator()
    page = browser.get(address).text
    assert "Preparar la prueba" in page
    assert "every 3s" not in page
    for _ in range(2):
        assert browser.post(f"{address}/preparar").status_code == 303
    assert asked == [version.id]
    page = browser.get(address).text
    assert "Se está entrenando una prueba" in page
    assert "every 3s" in page
    only_live = visible_text(browser.post(address, data={"text": "quiero una estufa"}).text)
    assert only_live.count("Responde con") == 1


def test_training_a_trial_leaves_the_bots_own_files_alone_and_tells_a_failure(
    live: EntryVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = draft("mme_telefonos", replace(ENTRY, questions_es=PHONES))
    fingerprint = fingerprint_of("mme_telefonos")
    seen: list[str] = []

    def run(command: list[str], **options: object) -> subprocess.CompletedProcess[str]:
        folder = Path(command[-2])
        seen.append((folder / "data" / "kb" / "ministerio.yml").read_text())
        assert (folder / "data" / "nlu" / "tasks.yml").exists()
        assert (folder / "config.yml").exists()
        if len(seen) > 1:
            Path(command[-1]).write_bytes(b"a model")
        return subprocess.CompletedProcess(command, returncode=0)

    monkeypatch.setattr(trial.subprocess, "run", run)
    assert ask_for_trial(fingerprint)
    assert trial_state(fingerprint) is TrialState.PREPARING
    train_trial(version.id)
    assert trial_state(fingerprint) is TrialState.FAILED
    assert ask_for_trial(fingerprint)
    train_trial(version.id)
    assert trial_state(fingerprint) is TrialState.READY
    assert not ask_for_trial(fingerprint)
    assert "línea gratuita" in seen[0]
    assert "cambio de estufa" in seen[0]


def test_a_publication_is_tried_with_the_model_it_left(
    live: EntryVersion, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with write_session() as session:
        versions = [session.get_one(EntryVersion, live.id)]
        release = make_candidate(session, versions, model_fingerprint="e" * 32)
        publication = Publication(state=PublicationState.FAILED, active=None, release_id=release.id)
        session.add(publication)
        session.flush()
        number = publication.id
    address, browser = f"/personal/probar/publicacion/{number}", curator()
    assert "no dejó un modelo" in browser.get(address).text
    archive(model_path("e" * 32), tmp_path_factory.mktemp("held"), mme_estufas=STOVES)
    text = visible_text(browser.post(address, data={"text": "quiero una estufa"}).text)
    assert f"La publicación {number} Responde con Programa de estufas eficientes" in text
    assert address in browser.get(f"/personal/publicaciones/{number}").text
    assert browser.get("/personal/probar/publicacion/99").status_code == 404


def test_the_form_names_the_entries_the_live_model_thinks_of(live: EntryVersion) -> None:
    fields = {"questions_es": "¿dan estufas?\nestufa para la cocina", "slug": ""}
    fragment = curator().post("/personal/preguntas-parecidas", data=fields).text
    assert "el asistente en servicio piensa también en" in fragment
    assert "/personal/entradas/mme_estufas" in fragment
    own = curator().post("/personal/preguntas-parecidas", data=fields | {"slug": "mme_estufas"}).text
    assert "piensa también en" not in own
