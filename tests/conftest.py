"""What the tests of the built site share: the site, a browser, the places it is opened from, and pages to plant in."""

import zipfile

import pytest

from casebook.errors import CasebookError
from tests.widget_page import front_page_with
from tools import build, chromium, offline
from tools.serving import served

# What a page runs: the result of one of a script's functions for each list of arguments; a mistake is its sentence.
CALL = """async ([script, name, calls]) => {
  const module = await import(URL.createObjectURL(new Blob([script], { type: "text/javascript" })));
  return calls.map((call) => { try { return module[name](...call); } catch (mistake) { return mistake.message; } });
}"""


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


@pytest.fixture
def in_page(running):
    """Return a function that calls a function of a script in the browser, many times over."""
    page = running.new_page()
    yield lambda script, name, calls: page.evaluate(CALL, [script, name, calls])
    page.close()


@pytest.fixture
def without_scripts(running):
    """Return a function that opens an address in a browser that runs no scripts."""
    context = running.new_context(java_script_enabled=False)

    def opened(address):
        page = context.new_page()
        page.goto(address)
        return page

    yield opened
    context.close()


@pytest.fixture(scope="module")
def home(site):
    with served(site) as address:
        yield address


@pytest.fixture(scope="module")
def unpacked(site, tmp_path_factory):
    """Return the address of the site as files unpacked from the archive."""
    folder = tmp_path_factory.mktemp("offline")
    offline.pack(site, folder / "book-offline.zip")
    with zipfile.ZipFile(folder / "book-offline.zip") as packed:
        packed.extractall(folder)
    return (folder / offline.FOLDER).as_uri()


@pytest.fixture(params=["home", "unpacked"], ids=["served", "from the zip"])
def place(request):
    """Return the address of the site, once over http and once from disk."""
    return request.getfixturevalue(request.param)


@pytest.fixture
def page_with(site, tmp_path):
    """Return a function that makes a page of the site with some interactives."""
    return lambda *boxes, without=(): front_page_with(boxes, site, tmp_path, without)
