"""Rasa policy that predicts nothing: it keeps the conversation's `language` slot in step with the citizen's messages.

A policy may add events whichever policy wins, so the slot is set before the answer is rendered and without a call to
the action server, which a custom slot mapping would cost at each message.
"""

from __future__ import annotations

from typing import Any

from rasa.core.featurizers.tracker_featurizers import TrackerFeaturizer
from rasa.core.policies.policy import Policy, PolicyPrediction
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, SlotSet
from rasa.shared.core.generator import TrackerWithCachedStates
from rasa.shared.core.trackers import DialogueStateTracker

from bot.intents import CHANGE_LANGUAGE, LANGUAGE_KEY, LANGUAGE_SLOT


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=True)
class LanguagePolicy(Policy):
    """Sets the slot when the latest message is clearly in another language than the conversation was.

    Within a guided dialogue only when that is asked for: a name or an address has a language of its own.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The lowest priority: it never decides what is done."""
        return {"priority": 0}

    def _create_featurizer(self) -> TrackerFeaturizer | None:
        return None

    def train(self, training_trackers: list[TrackerWithCachedStates], domain: Domain, **kwargs: Any) -> Resource:
        """Nothing to learn."""
        return self._resource

    def predict_action_probabilities(
        self, tracker: DialogueStateTracker, domain: Domain, rule_only_data: dict[str, Any] | None = None, **kwargs: Any
    ) -> PolicyPrediction:
        """No action; the slot as an event when it has to change."""
        message = tracker.latest_message
        language = message.parse_data.get(LANGUAGE_KEY) if message else None
        events: list[Event] = []
        if tracker.active_loop_name and message and message.intent.get("name") != CHANGE_LANGUAGE:
            language = None
        if language and language != tracker.get_slot(LANGUAGE_SLOT):
            events.append(SlotSet(LANGUAGE_SLOT, language))
        return self._prediction(self._default_predictions(domain), events=events)
