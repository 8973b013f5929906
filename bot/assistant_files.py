"""The assistant's training files, each read once. Rasa's own importer reads and copies all of them several times."""

from functools import cached_property
from pathlib import Path

from rasa.shared.core.domain import Domain
from rasa.shared.core.training_data.structures import StoryGraph
from rasa.shared.importers.importer import TrainingDataImporter
from rasa.shared.importers.utils import story_graph_from_paths
from rasa.shared.nlu.training_data.formats.rasa_yaml import RasaYAMLReader
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.utils.io import read_model_configuration

QUESTION_FOLDERS = ("nlu", "kb")
RULE_FOLDER = "rules"


class AssistantFiles(TrainingDataImporter):
    """What stands under a bot directory: config.yml, domain.yml, data/nlu, data/kb and data/rules."""

    def __init__(self, bot_directory: Path) -> None:
        self._directory = bot_directory

    def get_domain(self) -> Domain:
        """See TrainingDataImporter."""
        return self._domain

    def get_stories(self, exclusion_percentage: int | None = None) -> StoryGraph:
        """See TrainingDataImporter; nothing is excluded."""
        return self._rules

    def get_config(self) -> dict[str, object]:
        """See TrainingDataImporter."""
        return dict(self._config)

    def get_config_file_for_auto_config(self) -> str:
        """See TrainingDataImporter."""
        return str(self._directory / "config.yml")

    def get_nlu_data(self, language: str | None = "es") -> TrainingData:
        """See TrainingDataImporter."""
        return self._questions

    @cached_property
    def _domain(self) -> Domain:
        return Domain.load(str(self._directory / "domain.yml"))

    @cached_property
    def _rules(self) -> StoryGraph:
        return story_graph_from_paths(self._files(RULE_FOLDER), self._domain)

    @cached_property
    def _config(self) -> dict[str, object]:
        return read_model_configuration(self.get_config_file_for_auto_config())

    @cached_property
    def _questions(self) -> TrainingData:
        parts = [RasaYAMLReader().read(file) for folder in QUESTION_FOLDERS for file in self._files(folder)]
        return TrainingData([message for part in parts for message in part.training_examples])

    def _files(self, folder: str) -> list[str]:
        return [str(path) for path in sorted((self._directory / "data" / folder).rglob("*.yml"))]
