"""Entries to choose from: those the assistant thought of, and all by topic."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kb.models import EntryVersion, Topic

LEAST_SHOWN = 0.01


@dataclass(frozen=True)
class Nearest:
    """A label the assistant thought of: an entry, or a task, which has no version."""

    slug: str
    confidence: float
    version: EntryVersion | None

    @property
    def task(self) -> str:
        """The name of a task in words: its technical name is Spanish."""
        return f"Tarea «{self.slug.replace('_', ' ')}»"


def nearest_labels(found: Iterable[tuple[str, float]], versions: Mapping[str, EntryVersion]) -> list[Nearest]:
    """What is to be shown for slugs and their confidence (0…1); what would show as 0 % is near to nothing."""
    return [Nearest(slug, confidence, versions.get(slug)) for slug, confidence in found if confidence >= LEAST_SHOWN]


def by_topic(versions: Iterable[EntryVersion]) -> dict[Topic, list[EntryVersion]]:
    """The versions in groups, in the order in which they come."""
    grouped: dict[Topic, list[EntryVersion]] = {}
    for version in versions:
        grouped.setdefault(version.entry.topic, []).append(version)
    return grouped
