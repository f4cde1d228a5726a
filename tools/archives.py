"""Pack folders into zip archives that are the same bytes for the same files."""

import zipfile
from pathlib import Path

EPOCH = (2022, 1, 5, 0, 0, 0)  # one date for every file, so that the same site gives the same bytes


def zip_folder(folder: Path, archive: Path, name: str, without: str | None = None) -> None:
    """Write every file of a folder into a zip archive; the same files give the same bytes.

    Parameters
    ----------
    folder : Path
        What to pack.
    archive : Path
        The zip file to write.
    name : str
        The one folder that unzipping makes.
    without : str, optional
        A folder in `folder` that stays out.
    """
    left_out = folder / without if without else None
    archive.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
        for path in sorted(path for path in folder.rglob("*") if path.is_file() and left_out not in path.parents):
            entry = zipfile.ZipInfo(f"{name}/{path.relative_to(folder).as_posix()}", EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            packed.writestr(entry, path.read_bytes())
