"""Pack the built site into one file that opens from disk: ``make offline``."""

import sys
import zipfile
from pathlib import Path

from casebook.errors import CasebookError
from tools import build
from tools.files import ROOT

ARCHIVE = ROOT / "_build" / "book-offline.zip"
FOLDER = "january-2022-casebook"
MOST_BYTES = 8_000_000
EPOCH = (2022, 1, 5, 0, 0, 0)  # one date for every file, so that the same site gives the same bytes


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
    zip_folder(site, archive, FOLDER)
    if (size := archive.stat().st_size) > MOST_BYTES:
        raise CasebookError(f"{archive.name} has {size:,} bytes; find what grew and bring it below {MOST_BYTES:,}.")


def zip_folder(folder: Path, archive: Path, name: str) -> None:
    """Write every file of a folder into a zip archive; the same files give the same bytes.

    Parameters
    ----------
    folder : Path
        What to pack.
    archive : Path
        The zip file to write.
    name : str
        The one folder that unzipping makes.
    """
    archive.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            entry = zipfile.ZipInfo(f"{name}/{path.relative_to(folder).as_posix()}", EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            packed.writestr(entry, path.read_bytes())


def main() -> int:
    """Build the site, pack it, and say how to open it."""
    try:
        build.build()
        pack()
    except CasebookError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"\nPacked: {ARCHIVE} ({ARCHIVE.stat().st_size / 1e6:.1f} MB)")
    print(f"Unzip it anywhere and open {FOLDER}/index.html.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
