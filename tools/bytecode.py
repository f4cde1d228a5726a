"""Ship the bytecode of Python's modules instead of their source, so that a browser need not compile what it imports.

Bytecode is of one version of Python, so Pyodide itself runs this, in Node (`site/lite/compile.mjs`).
"""

import importlib.util
import io
import marshal
import zipfile
from pathlib import Path

SOURCE = ".py"
# Stubs by which jedi completes the names of packages that the browser does not have: a fifth of all files to unpack.
LEFT_OUT = ("jedi/third_party/django-stubs/", "jedi/third_party/typeshed/third_party/")
HEADER = importlib.util.MAGIC_NUMBER + bytes(12)  # no date and size: there is no source to compare them with


def compiled(archive: bytes) -> bytes:
    """Return a wheel, or the standard library, with bytecode for source; tests, which nobody runs there, stay source.

    Parameters
    ----------
    archive : bytes
        A zip archive.
    """
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            if entry.filename.startswith(LEFT_OUT):
                continue
            content = old.read(entry)
            if entry.filename.endswith(SOURCE) and "/tests/" not in entry.filename:
                content = HEADER + marshal.dumps(compile(content, entry.filename, "exec", dont_inherit=True))
                entry = zipfile.ZipInfo(entry.filename + "c", entry.date_time)
            new.writestr(entry, content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def compile_all(source: Path, target: Path) -> None:
    """Compile every archive of a folder into another."""
    for path in sorted(source.iterdir()):
        (target / path.name).write_bytes(compiled(path.read_bytes()))
