"""How a command ends when it does not end well. Both carry one line for the operator."""


class WrongInput(Exception):
    """What was typed cannot be used; exit code 2."""


class CommandFailed(Exception):
    """The command was right and could not be carried out; exit code 1."""
