"""Why the CRM gave no answer. The message is for operators: it holds neither secrets nor a citizen's data."""

from desk.cases.directory import DirectoryUnavailable


class NoAnswer(DirectoryUnavailable):
    """It did not answer, or asks to wait (`wait` seconds): the same request may succeed later."""

    def __init__(self, reason: str, wait: float | None = None) -> None:
        super().__init__(reason)
        self.wait = wait


class NotAsked(DirectoryUnavailable):
    """It was left in peace, because it did not answer before."""


class RequestRefused(DirectoryUnavailable):
    """It answered, and does not accept the request: something is set wrongly here or there."""
