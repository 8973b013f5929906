"""What the action server answers is checked by a validator that is made once, in the place of Rasa's check."""

import inspect

import pytest
from jsonschema import ValidationError
from rasa.core.actions.action import RemoteAction

from bot.runtime import action_results

GOOD = {"events": [{"event": "slot", "name": "dialogue", "value": None}], "responses": [{"text": "hola"}]}
BAD = [{"events": [{"event": "no such event"}]}, {"responses": "hola"}, {"responses": ["hola"]}, []]


def test_a_good_result_passes_and_a_malformed_one_is_refused_as_by_rasa() -> None:
    action = RemoteAction("action_x", None)
    assert action._validate_action_result(GOOD)
    for result in BAD:
        with pytest.raises(ValidationError):
            action._validate_action_result(result)


def test_it_takes_the_place_of_rasas_own_check() -> None:
    assert inspect.getsourcefile(RemoteAction._validate_action_result) == action_results.__file__
    assert "self._validate_action_result(response)" in inspect.getsource(RemoteAction.run)
