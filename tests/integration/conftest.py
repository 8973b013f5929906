"""Citizens for the tests of the web channel."""

from collections.abc import Iterator

import httpx
import pytest

from tests.integration.web_citizen import Citizen
from tests.running_system import RunningSystem


@pytest.fixture(scope="module")
def client(system: RunningSystem) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=system.web_channel, timeout=30, trust_env=False) as client:
        yield client


@pytest.fixture
def citizen(client: httpx.Client) -> Citizen:
    return Citizen(client)
