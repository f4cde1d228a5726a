"""Print the cards of the simulation: ``make cards`` writes one tagged PDF for each card, and one of all.

Chromium prints the page ``teaching/council-cards`` of the site, like the whole book (``tools/pdf.py``); its style sheet
puts each card on a page of its own.
"""

import sys
from pathlib import Path

from playwright.sync_api import Browser

from casebook.errors import CasebookError
from tools import build, chromium
from tools.command import command
from tools.files import ROOT
from tools.pdf import print_page
from tools.serving import served

PAGE = "teaching/council-cards"
OUTPUT = ROOT / "_build" / "cards"

# Leave the cards alone on the page, without links that lead nowhere from paper; return the name of each.
ALONE = """() => {
  const cards = [...document.querySelectorAll("article.bd-article > section > section")];
  const main = document.createElement("main");
  main.className = "casebook-cards bd-article";
  main.append(...cards);
  main.querySelectorAll(".headerlink").forEach((link) => link.remove());
  main.querySelectorAll("a[href]").forEach((link) => link.replaceWith(...link.childNodes));
  document.body.replaceChildren(main);
  return cards.map((card) => card.id);
}"""
SHOW = """(names) => document.querySelectorAll(".casebook-cards > section").forEach((card) => {
  card.hidden = !names.includes(card.id);
})"""


def print_cards(running: Browser, site: Path = build.SITE, folder: Path = OUTPUT) -> list[Path]:
    """Print every card into a PDF named after it, and all of them into ``all.pdf``.

    Parameters
    ----------
    running : Browser
        A Chromium, as `tools.chromium.started` gives it.
    site : Path
        A built site.
    folder : Path
        Where the files go.

    Returns
    -------
    list of Path
        The files, in the order of the page; the last one holds all cards.

    Raises
    ------
    CasebookError
        If the site is not built.
    """
    if not (site / f"{PAGE}.html").exists():
        raise CasebookError(f"{PAGE}.html is missing in {site.name}; run 'make book' first.")
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    with served(site) as address:
        page = running.new_page(color_scheme="light")
        page.goto(f"{address}/{PAGE}.html")
        names = page.evaluate(ALONE)
        for file, shown in {**{name: [name] for name in names}, "all": names}.items():
            page.evaluate(SHOW, shown)
            page.evaluate("(title) => { document.title = title; }", file.replace("-", " ").capitalize())
            written.append(folder / f"{file}.pdf")
            print_page(page, written[-1])
        page.close()
    return written


@command
def main() -> None:
    """Build the site, print the cards, and say where they are."""
    build.build()
    chromium.install()
    with chromium.started() as running:
        written = print_cards(running)
    print(f"\nPrinted: {len(written) - 1} cards, one file each, and {written[-1]} with all of them")


if __name__ == "__main__":
    sys.exit(main())
