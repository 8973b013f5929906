"""How often somebody may try to sign in."""

from consultame.database import read_session, write_session
from consultame.sign_in_attempts import (
    AttemptLimit,
    attempts_are_left,
    forget_attempts,
    minutes_until_next,
    register_attempt,
)

_PER_EMAIL = AttemptLimit("e-mail", 5)
_PER_ADDRESS = AttemptLimit("address", 20)
_NOTED = AttemptLimit("noted", 1)


class SignInLimits:
    """Counts failed attempts by e-mail and by network address, for all processes together."""

    def minutes_to_wait(self, email: str, address: str) -> int:
        """Register an attempt; 0 when it may go on, else how many minutes to wait.

        The attempt counts for the e-mail before the password is checked, so that parallel guesses count too.
        """
        if minutes := self.minutes_to_wait_at(address):
            return minutes
        with write_session() as session:
            is_registered = register_attempt(session, _PER_EMAIL, email)
            return 0 if is_registered else minutes_until_next(session, _PER_EMAIL, email)

    def minutes_to_wait_at(self, address: str) -> int:
        """0 when an attempt from this address may go on, else how many minutes to wait; registers nothing."""
        with read_session() as session:
            if attempts_are_left(session, _PER_ADDRESS, address):
                return 0
            return minutes_until_next(session, _PER_ADDRESS, address)

    def failed(self, address: str) -> None:
        """The attempt did not open an account."""
        self._register(_PER_ADDRESS, address)

    def succeeded(self, email: str) -> None:
        """The attempt opened the account: its former failures are forgotten."""
        with write_session() as session:
            forget_attempts(session, _PER_EMAIL, email)

    def is_first_refusal(self, email: str, address: str) -> bool:
        """Whether this lock-out, of an address or an e-mail, is refused for the first time in its window."""
        return self._register(_NOTED, address if self.minutes_to_wait_at(address) else email)

    def is_first_outage(self, address: str) -> bool:
        """Whether somebody at this address meets with an outage of the provider for the first time in its window."""
        return self._register(_NOTED, f"outage\0{address}")

    def _register(self, limit: AttemptLimit, key: str) -> bool:
        with write_session() as session:
            return register_attempt(session, limit, key)
