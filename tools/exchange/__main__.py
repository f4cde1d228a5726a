"""Write what learning platforms import: ``make lms``."""

import sys
from pathlib import Path

import yaml

from tools import build
from tools.command import command
from tools.exchange.cartridge import cartridge
from tools.exchange.moodle import question_bank
from tools.exchange.nbgrader_course import write_course
from tools.exchange.qti import canvas_package
from tools.exchange.questions import CONFIGURATION, bank, chapters_with_exercises, site_address
from tools.files import ROOT, SITE, write_atomic

FOLDER = ROOT / "_build" / "lms"
CARTRIDGE, CANVAS, MOODLE, NBGRADER = "casebook.imscc", "canvas-quizzes.zip", "moodle-questions.xml", "nbgrader"


def write(folder: Path, address: str, site: Path = SITE) -> list[str]:
    """Write every file that a learning platform imports.

    Parameters
    ----------
    folder : Path
        Where to.
    address : str
        The address of the published site; empty if there is none.
    site : Path
        The built site; not read if there is an address.

    Returns
    -------
    list of str
        For each file one line that says what it is.

    Raises
    ------
    CasebookError
        If a chapter or an exercise is refused, or there is neither an address nor a built site.
    """
    paths = chapters_with_exercises()
    title = yaml.safe_load(CONFIGURATION.read_text(encoding="utf-8"))["title"]
    banks = [bank(path, address) for path in paths]
    contents = {
        CARTRIDGE: cartridge(title, banks, site, address),
        CANVAS: canvas_package(banks),
        MOODLE: question_bank(banks, title),
    }
    for name, content in contents.items():
        write_atomic(folder / name, content)
    write_course(folder / NBGRADER, paths)
    asked, left = sum(len(each.questions) for each in banks), sum(len(each.left_out) for each in banks)
    return [
        f"{CARTRIDGE}: Common Cartridge 1.1 for Canvas, Moodle and others: {len(paths)} chapters with their quizzes",
        f"{CANVAS}: the {asked} questions as QTI 1.2 for Canvas, numbers with their tolerance",
        f"{MOODLE}: the same questions for Moodle, numbers with their tolerance",
        f"{NBGRADER}/: a course folder for nbgrader, one assignment a chapter",
        f"{left} of {asked + left} exercises need a kernel or a reader; they are in the notebooks alone.",
    ]


@command
def main() -> None:
    """Build the site if pages of it are needed, write the files, and say what they are."""
    address = site_address()
    if not address:
        build.build()
    lines = write(FOLDER, address)
    print(f"\nWritten to {FOLDER}:", *lines, sep="\n  ")
    print("Answer keys are in these files: import them as an instructor, never hand them out.")


if __name__ == "__main__":
    sys.exit(main())
