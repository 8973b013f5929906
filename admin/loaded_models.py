"""Trained models asked in this process: the live one, and those that are tried beside it.

Read without Rasa, a model takes 17 MB here and the embedding, once, 130 MB; with Rasa this process would have 390 MB
more. Nothing is loaded before somebody asks.
"""

import logging
from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from sqlalchemy.orm import Session

from bot.components.embedding import load_embedding
from bot.components.understanding import Understood
from bot.trained_model import ModelUnreadable, TrainedModel
from kb.publishing import held_model_path, model_path
from kb.releases import live_release_identity
from kb.trial import trial_model_path

log = logging.getLogger(__name__)

QUESTIONS_ASKED = 20
ENTRIES_NAMED = 3
LEAST_CONFIDENCE = 0.05


def loaded_model(fingerprint: str) -> TrainedModel | None:
    """The model of this fingerprint, in service, held or on trial; None when it is gone or cannot be read."""
    paths = (model_path(fingerprint), held_model_path(fingerprint), trial_model_path(fingerprint))
    path = next((path for path in paths if path.is_file()), None)
    if path is None:
        return None
    try:
        return _read(path, path.stat().st_mtime_ns)
    except (ModelUnreadable, OSError) as error:
        log.warning("a model cannot be tried: %s", error)
        return None


@lru_cache(maxsize=3)
def _read(path: Path, modified: int) -> TrainedModel:
    return TrainedModel.from_archive(path)


def understood_by(model: TrainedModel, text: str) -> Understood:
    """What the text means to the model, as in service: with the embedding where there is one."""
    return model.understand(text, load_embedding())


def nearest_by_live_model(session: Session, texts: Sequence[str], *, besides: str) -> list[tuple[str, float]]:
    """The entries and tasks that the live model thinks of at these texts, with its mean confidence; without `besides`.

    The same ranking as of the nearest entries in the inbox. Empty while there is no live model.
    """
    identity = live_release_identity(session)
    model = loaded_model(identity[1]) if identity else None
    asked = texts[:: max(1, len(texts) // QUESTIONS_ASKED)][:QUESTIONS_ASKED]
    if model is None or not asked:
        return []
    sums: dict[str, float] = defaultdict(float)
    for text in asked:
        for candidate in understood_by(model, text).match["candidates"]:
            sums[candidate["slug"] or candidate["intent"]] += candidate["confidence"] / len(asked)
    ranked = sorted(sums.items(), key=lambda pair: -pair[1])
    return [(slug, mean) for slug, mean in ranked if slug != besides and mean >= LEAST_CONFIDENCE][:ENTRIES_NAMED]
