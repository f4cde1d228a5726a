"""What the tests of the built site share: the site, a browser, and the places it is opened from."""

import zipfile

import pytest

from casebook.errors import CasebookError
from tools import build, chromium, offline
from tools.serving import served


@pytest.fixture(scope="session")
def site():
    """Return the site that ``make test`` has built just before."""
    if not (build.SITE / "index.html").exists():
        raise CasebookError("_build/html/index.html is missing; run 'make book' before the tests of the site.")
    return build.SITE


@pytest.fixture(scope="module")
def running():
    with chromium.started() as launched:
        yield launched


@pytest.fixture(scope="module")
def home(site):
    with served(site) as address:
        yield address


@pytest.fixture(scope="module", params=["served", "from the zip"])
def place(request, site, tmp_path_factory):
    """Return the address of the site, once over http and once as files unpacked from the archive."""
    if request.param == "served":
        return request.getfixturevalue("home")
    folder = tmp_path_factory.mktemp("offline")
    offline.pack(site, folder / "book-offline.zip")
    with zipfile.ZipFile(folder / "book-offline.zip") as packed:
        packed.extractall(folder)
    return (folder / offline.FOLDER).as_uri()
