"""Where a student's code runs: bubblewrap's sandbox, with nothing in it but what the chapter needs.

Readable from inside are the programs of the system, Python and its packages, ``casebook``, ``data/`` and the keys of
the run; nothing else of the machine exists there. Nothing is writable but a small folder in memory. There is no
network, and no process of the machine can be seen.
"""

import json
import os
import shutil
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path

import matplotlib
import matplotlib.font_manager  # makes the list of fonts if there is none

from casebook.data import DATA
from casebook.errors import CasebookError
from tools.files import BOOK
from tools.grading import snapshots

MEGABYTE = 1 << 20
COURSE = Path("/course")  # where the sandbox shows the book


@dataclass(frozen=True)
class Limits:
    """How much one answer may use.

    Attributes
    ----------
    seconds : int
        Of processor time; three times as many may pass on the clock.
    memory : int
        In bytes, for one process and for all together.
    processes : int
        Processes and threads; a kernel is one of them.
    file_size, scratch : int
        In bytes: the largest file, and all files together.
    open_files : int
        Files, sockets included.
    output : int
        Characters printed of which notice is taken.
    message : int
        In bytes: the longest line that a kernel may send.
    """

    seconds: int = 20
    memory: int = 3072 * MEGABYTE
    processes: int = 64
    file_size: int = 16 * MEGABYTE
    scratch: int = 64 * MEGABYTE
    open_files: int = 256
    output: int = 100_000
    message: int = 8 * MEGABYTE

    def resources(self) -> dict[str, int]:
        """Return the limits that the system holds for each process, by the names of resources."""
        return {
            "CPU": self.seconds,
            "AS": self.memory,
            "NPROC": self.processes,
            "FSIZE": self.file_size,
            "NOFILE": self.open_files,
            "CORE": 0,
        }


def bubblewrap() -> str:
    """Return the path of bubblewrap.

    Raises
    ------
    CasebookError
        If it is not installed.
    """
    if found := shutil.which("bwrap"):
        return found
    raise CasebookError(
        "Submissions are other people's programs and run in a sandbox only, but bubblewrap is not installed: on Debian "
        "or Ubuntu run 'apt-get install bubblewrap', or add --trusted to run them unguarded on a machine of your own."
    )


def lay_out(folder: Path, keys: str, cells: list, limits: Limits) -> None:
    """Write what the process in the sandbox reads.

    Parameters
    ----------
    folder : Path
        A folder of this run.
    keys : str
        The answer keys with the codes of this run.
    cells : list of Cell
        The chapter's own cells.
    limits : Limits
        What an answer may use.
    """
    (folder / "keys.json").write_text(keys, encoding="utf-8")
    (folder / "cells.json").write_text(json.dumps(cells), encoding="utf-8")
    (folder / "limits.json").write_text(json.dumps(limits.resources()), encoding="utf-8")


def lists_of_fonts() -> list[Path]:
    """List the files in which matplotlib keeps what fonts there are; finding them anew takes seconds each time."""
    return list(Path(matplotlib.get_cachedir()).glob("fontlist-*.json"))


def guarded(folder: Path, limits: Limits) -> list[str]:
    """Return the command that starts the process of ``snapshots.py`` in a sandbox.

    Parameters
    ----------
    folder : Path
        A folder that ``lay_out`` has filled.
    limits : Limits
        What an answer may use.

    Returns
    -------
    list of str
        The program and its arguments.
    """
    shown = {**_system(), **_course(folder)}
    command = [
        bubblewrap(),
        "--unshare-all",
        "--unshare-user",
        "--disable-userns",
        "--die-with-parent",
        "--new-session",
    ]
    command += ["--clearenv", "--hostname", "sandbox", "--proc", "/proc", "--dev", "/dev"]
    command += ["--size", str(limits.scratch), "--tmpfs", "/dev/shm", "--remount-ro", "/dev"]
    command += ["--perms", "1777", "--size", str(limits.scratch), "--tmpfs", "/tmp"]
    command += ["--perms", "0777", "--dir", "/tmp/matplotlib"]
    for target, source in shown.items():
        command += _bind(source, target)
    command += ["--remount-ro", "/", "--chdir", str(COURSE / "book")]
    for name, value in environment(COURSE / "book", Path("/tmp")).items():
        command += ["--setenv", name, value]
    files = [str(COURSE / name) for name in ("snapshots.py", "cells.json", "limits.json")]
    command += ["--", str(python()), *files]
    return _without_root(list(shown.values())) + command if os.geteuid() == 0 else command


def _without_root(sources: list[Path]) -> list[str]:
    """Return the beginning of a command that gives root's rights up first, since root's processes cannot be counted.

    A first sandbox shows what the second one is made of to a user without rights, also where it lies in root's home.
    """
    user = 10_000 + os.getpid() % 50_000  # of no account; one for each process that grades
    parents = {parent for source in sources for parent in source.parents}
    command = [
        bubblewrap(),
        "--die-with-parent",
        "--cap-drop",
        "ALL",
        "--cap-add",
        "CAP_SETUID",
        "--cap-add",
        "CAP_SETGID",
    ]
    for parent in sorted(parents - {Path("/")}):
        command += ["--perms", "0755", "--dir", str(parent)]
    for source in sources:
        command += _bind(source, source)
    command += ["--dev-bind", "/dev", "/dev", "--bind", "/proc", "/proc"]
    return [*command, "--", "setpriv", "--reuid", str(user), "--regid", str(user), "--clear-groups", "--"]


def _bind(source: Path, target: Path) -> list[str]:
    if source.is_symlink():
        return ["--symlink", str(source.readlink()), str(target)]
    return ["--ro-bind", str(source), str(target)]


def _system() -> dict[Path, Path]:
    """List what Python needs of the machine: the system's libraries, the interpreter and the installed packages."""
    system = [Path(f"/{name}") for name in ("usr", "bin", "sbin", "lib", "lib32", "lib64")]
    system += [Path("/etc/ld.so.cache"), Path("/etc/alternatives"), Path("/etc/localtime"), Path("/etc/fonts")]
    python = [Path(sys.prefix).resolve(), Path(sys.base_prefix).resolve()]
    found = [path for path in [*system, *python] if path.is_symlink() or path.exists()]
    return {path: path for path in found if not any(other in path.parents for other in found)}


def _course(folder: Path) -> dict[Path, Path]:
    """List what the sandbox shows of the book, and where: the run's keys lie over the published ones."""
    shown = {
        COURSE / "book" / "casebook": BOOK / "casebook",
        COURSE / "book" / "casebook" / "keys.json": folder / "keys.json",
        COURSE / "data": DATA,
        COURSE / "snapshots.py": Path(snapshots.__file__),
        COURSE / "cells.json": folder / "cells.json",
        COURSE / "limits.json": folder / "limits.json",
    }
    shown |= {Path("/tmp/matplotlib") / fonts.name: fonts for fonts in lists_of_fonts()}
    return {target: source.resolve() for target, source in shown.items()}


def python() -> Path:
    """Return the path of this interpreter as the sandbox knows it, without links on the way to its environment."""
    return Path(sys.prefix).resolve() / Path(sysconfig.get_path("scripts")).name / Path(sys.executable).name


def environment(book: Path, home: Path) -> dict[str, str]:
    """Return the environment variables of the process, of which none comes from the machine.

    Parameters
    ----------
    book : Path
        Where ``casebook`` lies, as the process sees it.
    home : Path
        Where it may write.
    """
    one_thread = {f"{library}_NUM_THREADS": "1" for library in ("OMP", "OPENBLAS", "MKL", "NUMEXPR")}
    return one_thread | {
        "HOME": str(home),
        "IPYTHONDIR": str(home / "ipython"),
        "LANG": "C.UTF-8",
        "MPLBACKEND": "agg",
        "MPLCONFIGDIR": str(home / "matplotlib"),
        "PATH": "/usr/bin:/bin",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONHASHSEED": "0",
        "PYTHONPATH": str(book),
        "TZ": "UTC",
    }
