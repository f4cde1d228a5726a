"""What the tests of the places share: a browser."""

import pytest

from tools import chromium


@pytest.fixture(scope="session")
def running():
    with chromium.started() as launched:
        yield launched
