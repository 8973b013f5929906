"""What the action server answers is checked by a validator that is made once.

Rasa checks each result by `jsonschema.validate`, which checks the schema itself first: some 20 ms of every custom
action, and a guided dialogue calls one at each message. The schema never changes.
"""

from typing import Any

from jsonschema import ValidationError
from jsonschema.validators import validator_for
from rasa.core.actions.action import RemoteAction


def check_results_with_one_validator() -> None:
    """Let Rasa's remote actions check their results this way: there is no setting for it."""
    schema = RemoteAction.action_response_format_spec()
    validator = validator_for(schema)(schema)

    def validate(self: RemoteAction, result: dict[str, Any]) -> bool:
        try:
            validator.validate(result)
        except ValidationError as error:
            error.message += ". What the action server answered is not what Rasa understands."
            raise
        return True

    RemoteAction._validate_action_result = validate
