"""Run every chapter in every place and print what came of it: ``make places``."""

import argparse
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from playwright.sync_api import TimeoutError as PlaywrightTimeoutError

from casebook.errors import CasebookError
from tools import chromium
from tools.files import ROOT, write_atomic
from tools.notebooks import first_line
from tools.place_buttons import MEASURED
from tools.places import binder, browser, colab, jupyter
from tools.places.environments import KEPT, environment, megabytes, versions
from tools.places.outcomes import Outcome, table
from tools.reader_kit import PACKAGES

Say = Callable[[str], None]
Runner = Callable[[Path, Say], list[Outcome]]
REPORT = ROOT / "_build" / "places.md"
AT_ONCE = 2  # places, each with a kernel, a server and a browser: two cores have no idle time then


def in_lab(python: str | Path, folder: Path) -> list[Outcome]:
    """Run the book in the JupyterLab of an environment."""
    with chromium.started() as running:
        return jupyter.run_book(running, python, folder)


def on_desktop(folder: Path, _say: Say) -> list[Outcome]:
    """Run the book with the locked versions."""
    return in_lab(sys.executable, folder)


def with_newest(folder: Path, say: Say) -> list[Outcome]:
    """Run the book with the newest versions of what readers need, and say which are newer than the book's own."""
    shutil.rmtree(KEPT / "newest", ignore_errors=True)  # what is newest changes every day
    python = environment("newest", sys.executable, ["--upgrade", *PACKAGES])
    found, ours = versions(python), versions(Path(sys.executable))
    newer = [f"{name} {ours[name]} to {new}" for name, new in found.items() if ours.get(name, new) != new]
    say(f"newest: {', '.join(newer) or 'nothing is newer than the lock'}.")
    return in_lab(python, folder)


def on_binder(folder: Path, say: Say) -> list[Outcome]:
    """Run the book in the environment that Binder would build, and say what that weighs."""
    base, session = binder.emulation()
    say(str(binder.weight(megabytes(base), megabytes(session))))
    return in_lab(session, folder)


def on_colab(folder: Path, say: Say) -> list[Outcome]:
    """Run the book with Colab's documented packages."""
    say("colab: packages as documented, not its newest; its front end cannot be had, so no interactive is driven.")
    return colab.run_book(folder)


def in_browser(folder: Path, _say: Say) -> list[Outcome]:
    """Run the book in the reader's own browser, without a network, from what ``make lite`` has built."""
    return browser.run_book(folder)


PLACES: dict[str, Runner] = {
    "desktop": on_desktop,
    "newest": with_newest,
    "binder": on_binder,
    "colab": on_colab,
    "browser": in_browser,
}


@dataclass
class Tried:
    """What came of trying places: outcomes by place, what places said of themselves, and what kept one from running."""

    outcomes: dict[str, list[Outcome]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    @property
    def green(self) -> bool:
        """Whether every place ran and every chapter in it is green."""
        return not self.problems and all(outcome.green for found in self.outcomes.values() for outcome in found)

    def report(self) -> str:
        """Return the table, and one line for each note and fault."""
        faults = [fault for found in self.outcomes.values() for outcome in found for fault in outcome.faults]
        lines = [f"- {sentence}" for sentence in [*self.notes, *self.problems, *faults]]
        return "\n".join([*([table(self.outcomes)] if self.outcomes else []), *lines]) + "\n"


def try_all(names: list[str], places: dict[str, Runner] = PLACES, at_once: int = 1) -> Tried:
    """Run the book in some places; one that cannot be had does not keep the others from running.

    Parameters
    ----------
    names : list of str
        Of places.
    places : dict of str to callable
        All places.
    at_once : int
        How many places may run at a time; where seconds count, only one.
    """
    tried = Tried()
    KEPT.mkdir(parents=True, exist_ok=True)

    def attempt(name: str) -> list[Outcome]:
        print(f"{name} ...", flush=True)
        with tempfile.TemporaryDirectory(dir=KEPT) as folder:  # beside what is built: a copy can be made of links
            return places[name](Path(folder), tried.notes.append)

    with ThreadPoolExecutor(at_once) as pool:
        running = {name: pool.submit(attempt, name) for name in names}
        for name, attempted in running.items():
            try:
                tried.outcomes[name] = attempted.result()
            except (CasebookError, PlaywrightTimeoutError) as error:
                tried.problems.append(f"{name}: {first_line(f'{error}')}")
    return tried


def record(outcomes: dict[str, list[Outcome]], path: Path = MEASURED) -> None:
    """Write the seconds of each place into the file from which the buttons take their figures.

    Parameters
    ----------
    outcomes : dict of str to list of Outcome
        By place; one with a chapter that is not green keeps its old figures.
    path : Path
        The file.
    """
    measured = json.loads(path.read_text(encoding="utf-8"))
    for name in sorted({"binder", "colab"} & set(outcomes)):
        if all(outcome.green for outcome in outcomes[name]):
            seconds = {outcome.chapter: round(outcome.seconds, 1) for outcome in outcomes[name]}
            measured[name] = {"date": f"{date.today()}", "cores": os.cpu_count(), "seconds": seconds}
    write_atomic(path, (json.dumps(measured, indent=2, sort_keys=True) + "\n").encode())


def main(arguments: list[str] | None = None) -> int:
    """Try the places that are named, or all.

    Parameters
    ----------
    arguments : list of str, optional
        The command line; that of the process by default.

    Returns
    -------
    int
        The exit code: 1 unless every chapter is green in every place.
    """
    parser = argparse.ArgumentParser(prog="python -m tools.places", description=__doc__.partition("\n")[0])
    parser.add_argument("places", nargs="*", metavar="place", help=f"one of {', '.join(PLACES)}; all by default")
    parser.add_argument("--record", action="store_true", help=f"write the seconds into {MEASURED.name}")
    asked = parser.parse_args(arguments)
    if unknown := [name for name in asked.places if name not in PLACES]:
        print(f"'{unknown[0]}' is no place; choose from {', '.join(PLACES)}.", file=sys.stderr)
        return 1
    tried = try_all(asked.places or list(PLACES), at_once=1 if asked.record else AT_ONCE)
    said = tried.report()
    write_atomic(REPORT, said.encode())
    print(said)
    if asked.record:
        record(tried.outcomes)
    return 0 if tried.green else 1


if __name__ == "__main__":
    sys.exit(main())
