"""Rasa graph component: the identifiers and places of a message as entities. Nothing is trained; patterns decide."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import (
    ENTITIES,
    ENTITY_ATTRIBUTE_END,
    ENTITY_ATTRIBUTE_START,
    ENTITY_ATTRIBUTE_TYPE,
    ENTITY_ATTRIBUTE_VALUE,
    TEXT,
)
from rasa.shared.nlu.training_data.message import Message

from desk.identifiers import identifiers_in
from desk.places import places_in


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class CitizenEntities(GraphComponent, EntityExtractorMixin):
    """Adds radicado, placa, documento, correo, telefono, fecha, municipio and departamento to a message's entities."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> CitizenEntities:
        """The component; it has nothing to configure."""
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the entities of each message to those it has; what overlaps one that is there is left out."""
        for message in messages:
            present: list[dict[str, Any]] = message.get(ENTITIES) or []
            found = [entity for entity in entities_in(message.get(TEXT) or "") if not _overlaps(entity, present)]
            message.set(ENTITIES, present + self.add_extractor_name(found), add_to_output=True)
        return messages


def entities_in(text: str) -> list[dict[str, Any]]:
    """The entities of a text in their order, none overlapping another."""
    entities = [_entity(found.kind, found.value, found.start, found.end) for found in identifiers_in(text)]
    places = [_entity(place.kind, "|".join(place.codes), place.start, place.end) for place in places_in(text)]
    entities += [place for place in places if not _overlaps(place, entities)]
    return sorted(entities, key=lambda entity: int(entity[ENTITY_ATTRIBUTE_START]))


def people_in(text: str) -> list[str]:
    """The names of people in a text, for dialogues that ask for one: some milliseconds, so not run on every message."""
    # spaCy is loaded with the first dialogue that asks for a name, not with the server.
    from consultame.masking import Kind, composed, personal_data_in

    text = composed(text)
    return [text[found.start : found.end] for found in personal_data_in(text) if found.kind is Kind.NAME]


def _entity(kind: str, value: str, start: int, end: int) -> dict[str, Any]:
    return {
        ENTITY_ATTRIBUTE_TYPE: str(kind),
        ENTITY_ATTRIBUTE_VALUE: value,
        ENTITY_ATTRIBUTE_START: start,
        ENTITY_ATTRIBUTE_END: end,
    }


def _overlaps(entity: dict[str, Any], others: list[dict[str, Any]]) -> bool:
    return any(
        entity[ENTITY_ATTRIBUTE_START] < other.get(ENTITY_ATTRIBUTE_END, 0)
        and other.get(ENTITY_ATTRIBUTE_START, 0) < entity[ENTITY_ATTRIBUTE_END]
        for other in others
    )
