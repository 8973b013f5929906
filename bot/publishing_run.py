"""A publication's work on the model, in one process because importing Rasa takes seconds: validate → train → ask.

The folder holds an order (kb.gate.GateOrder); the trained model and the measures (kb.gate.GateMeasures) are
written beside it. A line of output that begins with STEP_MARK names the step that begins; others are for the log.
"""

import asyncio
import copy
import logging
import sys
import tarfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

from rasa.cli.utils import validate_files
from rasa.core.agent import Agent
from rasa.core.test import WronglyClassifiedUserUtterance, WronglyPredictedAction, _collect_story_predictions
from rasa.engine.constants import PLACEHOLDER_IMPORTER
from rasa.engine.graph import ExecutionContext, GraphModelConfiguration
from rasa.engine.recipes.recipe import Recipe
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.engine.storage.local_model_storage import MODEL_ARCHIVE_COMPONENTS_DIR, LocalModelStorage
from rasa.engine.storage.storage import ModelMetadata
from rasa.shared.core.domain import Domain
from rasa.shared.core.generator import TrainingDataGenerator
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.core.training_data.structures import StoryGraph
from rasa.shared.data import TrainingType
from rasa.shared.importers.importer import TrainingDataImporter
from rasa.utils.log_utils import configure_structlog

from bot.assistant_files import AssistantFiles
from bot.components.asked_part import with_asked_parts
from bot.components.embedding import SentenceEmbedding, load_embedding
from bot.components.knowledge_base_selector import KnowledgeBaseSelector, Training
from bot.components.remembered_vectors import KnownVectors, RememberedVectors
from bot.model_comparison import (
    TrainedSelector,
    compare_own_questions,
    cross_check,
    entry_questions,
    out_of_scope_questions,
    replay,
)
from consultame.settings import load_settings
from kb.gate import MEASURES_FILE, ORDER_FILE, STEP_MARK, GateMeasures, GateOrder, StoryFailure

log = logging.getLogger(__name__)


class QuicklyPackedStorage(LocalModelStorage):
    """Rasa's storage with the archive not compressed: numbers shrink by a third, for a second at each publication."""

    def create_model_package(
        self, model_archive_path: str | Path, model_configuration: GraphModelConfiguration, domain: Domain
    ) -> ModelMetadata:
        """See ModelStorage."""
        metadata: ModelMetadata = self._create_model_metadata(domain, model_configuration)
        with TemporaryDirectory() as folder:
            self._persist_metadata(metadata, Path(folder))
            with tarfile.open(model_archive_path, "w:gz", compresslevel=0) as archive:
                archive.add(folder, arcname="")
                archive.add(self._storage_path, arcname=MODEL_ARCHIVE_COMPONENTS_DIR)
        return metadata


def carry_out(folder: Path, importer: AssistantFiles) -> None:
    """Carry out the order in the folder. A step that fails ends the process with a status that is not 0.

    The importer is read once for all steps: it keeps what it has read.
    """
    logging.basicConfig(level=logging.WARNING, stream=sys.stdout, format="%(message)s")
    configure_structlog(logging.WARNING)
    order = GateOrder.model_validate_json((folder / ORDER_FILE).read_text(encoding="utf-8"))
    _enter("validate")
    validate_files(True, None, importer)
    _enter("train")
    archive = folder / f"{order.fingerprint}.tar.gz"
    training = train(importer, archive)
    _enter("gate")
    measures = measured(order, training, archive, importer.get_conversation_tests())
    (folder / MEASURES_FILE).write_text(measures.model_dump_json(), encoding="utf-8")


def train(importer: TrainingDataImporter, archive: Path) -> Training:
    """Train the whole assistant and write its model archive, as `rasa train` does; returns what was learned from."""
    config = importer.get_config()
    recipe = Recipe.recipe_for_name(config.get("recipe"))
    configuration = recipe.graph_config_for_recipe(config, {}, training_type=TrainingType.BOTH)
    # Whatever is trained must not change what is packed.
    domain = copy.deepcopy(importer.get_domain())
    with TemporaryDirectory() as folder:
        storage = QuicklyPackedStorage(Path(folder))
        # Not by Rasa's GraphTrainer: it hashes all questions for each node, for a cache that is not wanted here.
        runner = DaskGraphRunner.create(
            configuration.train_schema, storage, ExecutionContext(configuration.train_schema)
        )
        runner.run(inputs={PLACEHOLDER_IMPORTER: importer})
        storage.create_model_package(archive, configuration, domain)
    components = [node._component for node in runner._instantiated_nodes.values()]
    return next(c.training for c in components if isinstance(c, KnowledgeBaseSelector) and c.training)


def measured(order: GateOrder, training: Training, archive: Path, conversations: StoryGraph) -> GateMeasures:
    """Ask the candidate, and the live model beside it, everything that the gate wants to know."""
    with ThreadPoolExecutor(1) as beside:
        # Training leaves Python's lock alone, so the model can be asked meanwhile.
        held_out = beside.submit(cross_check, training.model, training.examples, order.changed_slugs, training.vectors)
        stories, failures = asyncio.run(story_failures(conversations, archive))
        outside = out_of_scope_questions()
        vectors = _vectors_of([*outside, *order.recent_questions], training.vectors)
        candidate = TrainedSelector.from_archive(archive, vectors, training)
        live = _live(order.live_model, vectors)
        questions = entry_questions(training.examples)
        own = compare_own_questions(questions, order.changed_slugs, candidate, live)
        out_of_scope = replay(outside, candidate, live)
        recent = replay(order.recent_questions, candidate, live)
    return GateMeasures(
        stories=stories,
        story_failures=failures,
        compared=live is not None,
        own_asked=len(questions),
        own=own.found,
        held_out=held_out.result(),
        stolen=own.stolen,
        unsure=own.unsure,
        out_of_scope_asked=len(outside),
        out_of_scope_answered_before=out_of_scope.answered_before,
        out_of_scope_answered=out_of_scope.answered,
        out_of_scope_answered_since=out_of_scope.answered_since,
        recent_asked=len(order.recent_questions),
        recent_changed=recent.changed,
    )


async def story_failures(stories: StoryGraph, archive: Path) -> tuple[int, list[StoryFailure]]:
    """Run the test stories as `rasa test core --e2e` does; how many there are, and every step that went wrong."""
    agent = Agent.load(archive)
    generator = TrainingDataGenerator(stories, agent.domain, use_story_concatenation=False, augmentation_factor=0)
    trackers = generator.generate_story_trackers()
    evaluation, count, _ = await _collect_story_predictions(trackers, agent, use_e2e=True)
    return count, [failure for tracker in evaluation.failed_stories for failure in _failures(tracker)]


def _failures(tracker: DialogueStateTracker) -> list[StoryFailure]:
    failures = []
    for event in tracker.events:
        if isinstance(event, WronglyClassifiedUserUtterance):
            expected = _meaning(event.intent["name"], event.target_entities)
            got = _meaning(event.predicted_intent, event.predicted_entities)
            failures.append(StoryFailure(story=tracker.sender_id, said=event.text, expected=expected, got=got))
        elif isinstance(event, WronglyPredictedAction):
            failures.append(
                StoryFailure(
                    story=tracker.sender_id, said="",
                    expected=str(event.action_name), got=str(event.action_name_prediction),
                )
            )  # fmt: skip
    return failures


def _meaning(intent: str | None, entities: list[dict[str, object]]) -> str:
    named = ", ".join(f"{entity['entity']}={entity['value']}" for entity in entities)
    return f"{intent} ({named})" if named else str(intent)


def _vectors_of(texts: list[str], trained: KnownVectors | None) -> SentenceEmbedding | None:
    """The embedding, with the vectors of these texts kept from gate to gate and those that were trained at hand."""
    embedding = load_embedding()
    if embedding is None:
        return None
    kept = RememberedVectors(embedding, load_settings().data_directory / "gate_vectors.npz")
    return KnownVectors(kept, with_asked_parts(texts), beside=trained, otherwise=embedding)


def _live(path: str, embedding: SentenceEmbedding | None) -> TrainedSelector | None:
    if not path:
        return None
    try:
        return TrainedSelector.from_archive(Path(path), embedding)
    except Exception:
        # Whatever an archive of another version of this assistant runs into; the report says nothing was compared.
        log.warning("the live model cannot be read for comparison", exc_info=True)
        return None


def _enter(step: str) -> None:
    print(f"{STEP_MARK}{step}", flush=True)  # noqa: T201
