"""The outputs that nbval pins agree under the browser's older versions too."""

import nbformat
import pytest

from casebook.errors import CasebookError
from tools.files import BOOK, chapters
from tools.normal_form import normalised
from tools.notebooks import code_cells
from tools.places import older
from tools.places.environments import environment, python_for
from tools.places.jupyter import without_outputs
from tools.places.outcomes import compared


@pytest.fixture(scope="module")
def python():
    return environment("pyodide-pins", python_for(older.PYTHON), older.pins())


@pytest.mark.parametrize("chapter", chapters(), ids=lambda chapter: chapter.stem)
def test_a_chapter_shows_the_same_under_the_browsers_versions(python, chapter, tmp_path):
    ran = older.run_with(python, chapter, tmp_path / chapter.name)
    outcome = compared(chapter.stem, nbformat.read(chapter, as_version=4), normalised(ran), 0, 0, 0)
    assert outcome.green, outcome


def test_code_that_only_the_newer_pandas_runs_is_refused(python, tmp_path):
    chapter = without_outputs(BOOK / "timeline.ipynb")
    code_cells(chapter)[
        0
    ].source = "import pandas as pd\npd.Series(['a']).astype(pd.StringDtype(na_value=float('nan')))"
    nbformat.write(chapter, tmp_path / "planted.ipynb")
    with pytest.raises(CasebookError, match=r"^Under the browser's versions: planted.ipynb, cell 'setup' raised"):
        older.run_with(python, tmp_path / "planted.ipynb", tmp_path / "ran.ipynb")
