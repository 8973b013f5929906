"""A trained assistant asked what a text means, read out of its model archive without Rasa.

Importing Rasa costs a web process seconds and hundreds of megabytes; the question model itself is plain arrays.
"""

import json
import tarfile
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.components.embedding import SentenceEmbedding
from bot.components.question_model import QuestionModel
from bot.components.understanding import DEFAULT_SETTINGS, UnderstandingSettings, Understood, understand

_SELECTOR = "bot.components.knowledge_base_selector.KnowledgeBaseSelector"


class ModelUnreadable(Exception):
    """The archive is missing, damaged or of another version of this assistant."""


@dataclass(frozen=True)
class TrainedModel:
    """The question model of an archive, with the configuration it was trained with."""

    model: QuestionModel
    settings: UnderstandingSettings

    @classmethod
    def from_archive(cls, archive: Path) -> "TrainedModel":
        """Read it.

        Raises:
            ModelUnreadable: it cannot be read.
        """
        try:
            with TemporaryDirectory() as folder, tarfile.open(archive) as packed:
                packed.extractall(folder, filter="data")
                return cls._from_folder(Path(folder))
        except (OSError, tarfile.TarError, KeyError, ValueError, StopIteration) as error:
            raise ModelUnreadable(f"{archive}: {error}") from None

    @classmethod
    def _from_folder(cls, folder: Path) -> "TrainedModel":
        metadata = json.loads((folder / "metadata.json").read_text(encoding="utf-8"))
        nodes = metadata["predict_schema"]["nodes"].values()
        node = next(node for node in nodes if node["uses"] == _SELECTOR)
        model = QuestionModel.load(folder / "components" / node["resource"]["name"])
        return cls(model, UnderstandingSettings.of(DEFAULT_SETTINGS | node["config"]))

    def understand(self, text: str, embedding: SentenceEmbedding | None) -> Understood:
        """What the text means to this model."""
        (understood,) = understand([text], self.model, embedding, self.settings)
        return understood
