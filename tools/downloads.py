"""What a reader of a page can download: each chapter as students get it, and all that it needs in one archive."""

import shutil
import tempfile
from pathlib import Path

from tools.archives import zip_folder
from tools.reader_kit import lay_out

FOLDER = "downloads"  # of the site
DATA = "january-2022-data.zip"


def gather(target: Path, root: Path) -> None:
    """Write the students' notebooks, and an archive with tables, package, licences and how to start.

    Parameters
    ----------
    target : Path
        The folder; it does not exist yet.
    root : Path
        The book.

    Raises
    ------
    CasebookError
        If the students' edition cannot be laid out.
    """
    target.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as workshop:
        kit = Path(workshop) / "kit"
        lay_out(root, kit, solutions=False)
        for page in [*kit.glob("book/*.md"), *kit.glob("book/*.ipynb")]:
            if page.suffix == ".ipynb":
                shutil.copy(page, target)
            page.unlink()
        zip_folder(kit, target / DATA, DATA.removesuffix(".zip"))
