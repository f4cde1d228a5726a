"""Make what is handed out: ``make student`` and ``make instructor``.

Both come from the one source. An edition is a folder to unzip and run, a site, and the site packed for use without a
network; students get the printed book besides, and those who teach the answer key. Each product for students is
searched for solutions before it leaves the workshop, a temporary folder.
"""

import argparse
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from casebook.errors import CasebookError
from tools import chromium, lint, offline, pdf, starters
from tools.answer_key import answer_key
from tools.archives import zip_folder
from tools.build import build_site
from tools.command import command
from tools.files import ROOT, chapters, write_atomic
from tools.leaks import Search, private_texts
from tools.notebooks import refuse_stored_errors
from tools.reader_kit import contents, lay_out

TITLE = "january-2022-casebook"
KEY = "answer-key"


@dataclass(frozen=True)
class Edition:
    """An edition of the book.

    Attributes
    ----------
    name : str
        Whom it is for.
    solutions : bool
        Whether it has the solutions, and the pages for those who teach.
    """

    name: str
    solutions: bool

    @property
    def title(self) -> str:
        """What its files are called."""
        return f"{TITLE}-{self.name}"


EDITIONS = {edition.name: edition for edition in (Edition("student", False), Edition("instructor", True))}


def make(edition: Edition, target: Path, root: Path = ROOT) -> None:
    """Make an edition, product by product, and say where each is.

    Parameters
    ----------
    edition : Edition
        Which.
    target : Path
        The folder for what is made; what was there is gone.
    root : Path
        The book: a checkout, or a copy of one.

    Raises
    ------
    CasebookError
        If an exercise breaks the grammar, a starter has another shape than its solution, a stored output is an error,
        the site has faults, a product for students holds text of a solution, or Chromium is missing for the PDF, which
        comes last.
    """
    refuse_exercises(root)
    search = Search([] if edition.solutions else private_texts(root))
    if target.exists():
        shutil.rmtree(target)
    target.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as workshop:
        for what, product in products(edition, root, Path(workshop)):
            search.refuse(product)
            copy = shutil.copytree if product.is_dir() else shutil.copy
            copy(product, target / product.name)
            print(f"{what}: {target / product.name}", flush=True)


def refuse_exercises(root: Path) -> None:
    """Refuse a book from which solutions could not be taken out cleanly.

    Parameters
    ----------
    root : Path
        The book.

    Raises
    ------
    CasebookError
        If an exercise breaks the grammar, a starter has another shape than its solution, or an output is an error: one
        sentence each.
    """
    found = []
    for chapter in chapters(root / "_toc.yml"):
        refuse_stored_errors(chapter)
        found += lint.exercise_problems(chapter, root / "exercises") or starters.problems(chapter, root / "exercises")
    if found:
        raise CasebookError("\n".join(found))


def products(edition: Edition, root: Path, workshop: Path) -> Iterator[tuple[str, Path]]:
    """Make the products of an edition one after the other.

    Parameters
    ----------
    edition : Edition
        Which.
    root : Path
        The book.
    workshop : Path
        An empty folder.

    Yields
    ------
    tuple of str and Path
        What it is, and the file or folder.
    """
    kit, key, site = workshop / edition.title, workshop / f"{KEY}.html", workshop / "site"
    lay_out(root, kit, solutions=edition.solutions)
    if edition.solutions:
        write_atomic(key, answer_key(root).encode("utf-8"))
        shutil.copy(key, kit)
        yield "Answer key", key
    yield "Notebooks", kit
    yield "Notebooks to hand out", _zipped(kit, workshop)

    build_site(_desk(edition, root, kit, workshop), workshop / "desk" / "_build" / "html", root)
    shutil.move(workshop / "desk" / "_build" / "html", site)
    yield "Site", site
    offline.pack(site, packed := workshop / f"{edition.title}-site.zip")
    yield "Site to hand out", packed

    chromium.install()
    with chromium.started() as running:
        if edition.solutions:
            page = running.new_page()
            page.goto(key.as_uri())
            pdf.print_page(page, printed := workshop / f"{KEY}.pdf")
            yield "Answer key to print", printed
        else:
            pdf.print_book(running, site, printed := workshop / f"{edition.title}.pdf", root)
            yield "Printed book", printed


def _zipped(kit: Path, workshop: Path) -> Path:
    """Pack the folder that readers run."""
    archive = workshop / f"{kit.name}.zip"
    zip_folder(kit, archive, kit.name)
    return archive


def _desk(edition: Edition, root: Path, kit: Path, workshop: Path) -> Path:
    """Lay the pages of an edition out beside what the site is built with, as in a checkout."""
    desk = workshop / "desk"
    shutil.copytree(kit / "book", desk / "book")
    for part in ("theme", "templates"):
        shutil.copytree(root / "site" / part, desk / "site" / part)
    shutil.copy(root / "_config.yml", desk)
    toc = yaml.safe_dump(contents(root, solutions=edition.solutions), allow_unicode=True, sort_keys=False)
    write_atomic(desk / "_toc.yml", toc.encode("utf-8"))
    return desk


@command
def main(arguments: list[str] | None = None) -> None:
    """Make an edition and say how long it took.

    Parameters
    ----------
    arguments : list of str, optional
        The command line; that of the process by default.
    """
    parser = argparse.ArgumentParser(prog="python -m tools.editions", description=__doc__.partition("\n")[0])
    parser.add_argument("edition", choices=EDITIONS)
    edition = EDITIONS[parser.parse_args(arguments).edition]
    target = ROOT / "_build" / edition.name
    started = time.perf_counter()
    make(edition, target)
    print(f"\nThe {edition.name} edition is ready in {target}; it took {time.perf_counter() - started:.1f} seconds.")
    print(f"Hand out {edition.title}.zip: unzipped, it runs after the three commands in its README.")


if __name__ == "__main__":
    sys.exit(main())
