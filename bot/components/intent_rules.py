"""Rasa's rules without the work whose result is known before: our rules go by intents, and the longest is short.

Rasa looks for a rule twice a step, first for one that goes by the message's very text, and compares every rule with
every state of the conversation, far beyond the longest rule.
"""

from __future__ import annotations

from functools import cached_property

from rasa.core.policies.rule_policy import RULES, RULES_FOR_LOOP_UNHAPPY_PATH, RulePolicy
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.core.domain import Domain, State
from rasa.shared.core.trackers import DialogueStateTracker


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=True)
class IntentRulePolicy(RulePolicy):
    """RulePolicy for rules without texts; the same actions are predicted (tests/unit/test_intent_rules.py)."""

    def _find_action_from_rules(
        self, tracker: DialogueStateTracker, domain: Domain, use_text_for_last_user_input: bool
    ) -> tuple[str | None, str | None, bool]:
        if use_text_for_last_user_input:
            return None, None, False
        return super()._find_action_from_rules(tracker, domain, use_text_for_last_user_input)

    def _get_possible_keys(self, lookup: dict[str, str], states: list[State]) -> set[str]:
        return super()._get_possible_keys(lookup, states[-self._longest_rule :])

    @cached_property
    def _longest_rule(self) -> int:
        keys = [*self.lookup[RULES], *self.lookup[RULES_FOR_LOOP_UNHAPPY_PATH]]
        return max(len(self._rule_key_to_state(key)) for key in keys)
