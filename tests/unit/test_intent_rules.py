"""The rules predict what Rasa's own policy predicts from them, in conversations as they happen."""

import random
from pathlib import Path

import pytest
from rasa.core.policies.rule_policy import RulePolicy
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActionExecutionRejected, ActiveLoop, Event, UserUttered
from rasa.shared.core.generator import TrainingDataGenerator
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.core.training_data.loading import load_data_from_files
from rasa.shared.core.training_data.structures import StoryGraph
from rasa.shared.utils.io import list_files

from bot.components.intent_rules import IntentRulePolicy
from consultame.settings import BOT_DIRECTORY

CONVERSATIONS = 300
# A rule that looks further back than any of ours.
LONG_RULE = """
version: "3.1"
rules:
- rule: a greeting after a greeting
  steps:
  - intent: saludar
  - action: utter_saludar
  - intent: saludar
  - action: utter_emergencia
"""


@pytest.fixture(scope="module")
def domain() -> Domain:
    return Domain.load(str(BOT_DIRECTORY / "domain.yml"))


def trained(kind: type[RulePolicy], domain: Domain, folder: Path) -> RulePolicy:
    folder.mkdir()
    storage = LocalModelStorage.create(folder)
    policy = kind(
        {**kind.get_default_config(), "check_for_contradictions": False, "restrict_rules": False},
        storage,
        Resource("rules"),
        ExecutionContext(GraphSchema({})),
    )
    long_rule = folder / "long.yml"
    long_rule.write_text(LONG_RULE, encoding="utf-8")
    steps = load_data_from_files([*list_files(str(BOT_DIRECTORY / "data" / "rules")), str(long_rule)], domain)
    policy.train(TrainingDataGenerator(StoryGraph(steps), domain).generate(), domain)
    return policy


def random_events(domain: Domain, chance: random.Random) -> list[Event]:
    """Messages of any meaning, any action after them, dialogues begun, rejected and left."""
    events: list[Event] = [ActionExecuted(ACTION_LISTEN_NAME)]
    actions = [name for name in domain.action_names_or_texts if name != ACTION_LISTEN_NAME]
    for number in range(chance.randint(1, 6)):
        intent = "saludar" if chance.random() < 0.4 else chance.choice(domain.intents)
        events.append(UserUttered(f"mensaje {number}", {"name": intent, "confidence": 1.0}))
        if chance.random() < 0.3:
            form = chance.choice(domain.form_names)
            events += [ActionExecuted(form), ActiveLoop(form)]
        if chance.random() < 0.2 and domain.form_names:
            events.append(ActionExecutionRejected(chance.choice(domain.form_names)))
        if chance.random() < 0.7:
            events.append(ActionExecuted("utter_saludar" if intent == "saludar" else chance.choice(actions)))
        if chance.random() < 0.2:
            events.append(ActiveLoop(None))
        events.append(ActionExecuted(ACTION_LISTEN_NAME))
    # Cut anywhere, also between a message and the answer to it.
    return events[: chance.randint(1, len(events))]


def test_each_next_action_is_the_one_that_rasas_own_policy_predicts(domain: Domain, tmp_path: Path) -> None:
    chance = random.Random(7)
    theirs = trained(RulePolicy, domain, tmp_path / "theirs")
    ours = trained(IntentRulePolicy, domain, tmp_path / "ours")
    predicted = set()
    for number in range(CONVERSATIONS):
        tracker = DialogueStateTracker.from_events(f"web-{number}", random_events(domain, chance), domain.slots)
        expected = theirs.predict_action_probabilities(tracker, domain)
        found = ours.predict_action_probabilities(tracker, domain)
        assert found.probabilities == expected.probabilities
        assert found.events == expected.events
        predicted.add(domain.action_names_or_texts[found.max_confidence_index])
    assert len(predicted) > 5
