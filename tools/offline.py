"""Pack the built site into one file that opens from disk: ``make offline``."""

import sys
from pathlib import Path

from casebook.errors import CasebookError
from tools import build
from tools.archives import zip_folder
from tools.command import command
from tools.files import ROOT

ARCHIVE = ROOT / "_build" / "book-offline.zip"
FOLDER = "january-2022-casebook"
MOST_BYTES = 8_000_000
NOT_PACKED = "lite"  # the run in the browser: larger than the whole archive may be, and of no use from disk


def pack(site: Path = build.SITE, archive: Path = ARCHIVE) -> None:
    """Write every file of a site into a zip archive, under one folder.

    Parameters
    ----------
    site : Path
        A built site, with ``index.html``.
    archive : Path
        The zip file to write.

    Raises
    ------
    CasebookError
        If the site is not built, or the archive would be larger than 8 MB.
    """
    if not (site / "index.html").exists():
        raise CasebookError(f"{site.name}/index.html is missing; run 'make book' first.")
    zip_folder(site, archive, FOLDER, without=NOT_PACKED)
    if (size := archive.stat().st_size) > MOST_BYTES:
        raise CasebookError(f"{archive.name} has {size:,} bytes; find what grew and bring it below {MOST_BYTES:,}.")


@command
def main() -> None:
    """Build the site, pack it, and say how to open it."""
    build.build()
    pack()
    print(f"\nPacked: {ARCHIVE} ({ARCHIVE.stat().st_size / 1e6:.1f} MB)")
    print(f"Unzip it anywhere and open {FOLDER}/index.html.")


if __name__ == "__main__":
    sys.exit(main())
