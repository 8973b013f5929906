"""The assistant's training files and its test stories, each read once.

Rasa's own importer reads and copies all of them several times.
"""

from functools import cached_property
from pathlib import Path
from typing import Any

import yaml
from rasa.shared.core.domain import Domain
from rasa.shared.core.training_data.structures import StoryGraph
from rasa.shared.importers.importer import TrainingDataImporter
from rasa.shared.importers.utils import story_graph_from_paths
from rasa.shared.nlu.training_data.formats.rasa_yaml import RasaYAMLReader
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.utils.io import read_model_configuration

from consultame.settings import STORY_TESTS

QUESTION_FOLDER = "nlu"
GENERATED_FOLDER = "kb"
RULE_FOLDER = "rules"
# Written in C where PyYAML was built with it: ten times as fast.
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class GeneratedQuestionsReader(RasaYAMLReader):
    """Reads what `kb.training_data` wrote, with the library that wrote it, and once.

    Rasa's reader parses a file four times to check it against its schema, in Python.
    """

    def reads(self, string: str, **kwargs: Any) -> TrainingData:
        """See TrainingDataReader."""
        self._parse_nlu(yaml.load(string, Loader=_Loader)["nlu"])  # noqa: S506
        return TrainingData(self.training_examples)


class AssistantFiles(TrainingDataImporter):
    """What stands under a bot directory: config.yml, domain.yml, data/nlu, data/kb and data/rules; and test stories."""

    def __init__(self, bot_directory: Path, story_tests: Path = STORY_TESTS) -> None:
        self._directory, self._story_tests = bot_directory, story_tests

    def get_domain(self) -> Domain:
        """See TrainingDataImporter."""
        return self._domain

    def get_stories(self, exclusion_percentage: int | None = None) -> StoryGraph:
        """See TrainingDataImporter; nothing is excluded."""
        return self._rules

    def get_conversation_tests(self) -> StoryGraph:
        """See TrainingDataImporter."""
        return self._conversation_tests

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
    def _conversation_tests(self) -> StoryGraph:
        return story_graph_from_paths(_yaml_files(self._story_tests), self._domain)

    @cached_property
    def _config(self) -> dict[str, object]:
        return read_model_configuration(self.get_config_file_for_auto_config())

    @cached_property
    def _questions(self) -> TrainingData:
        generated = [GeneratedQuestionsReader().read(file) for file in self._files(GENERATED_FOLDER)]
        parts = [*self._own_questions, *generated]
        questions = TrainingData()
        # Set, not handed over: it would look once more for what stands there twice, by a fingerprint of each.
        questions.training_examples = [message for part in parts for message in part.training_examples]
        return questions

    @cached_property
    def _own_questions(self) -> list[TrainingData]:
        return [RasaYAMLReader().read(file) for file in self._files(QUESTION_FOLDER)]

    def read_ahead(self) -> None:
        """Read all but the generated questions: for a process that waits until these are written."""
        _ = self._domain, self._rules, self._config, self._own_questions, self._conversation_tests

    def _files(self, folder: str) -> list[str]:
        return _yaml_files(self._directory / "data" / folder)


def _yaml_files(folder: Path) -> list[str]:
    return [str(path) for path in sorted(folder.rglob("*.yml"))]
