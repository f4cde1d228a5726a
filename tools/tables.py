"""Make a page's tables usable without sight and on a phone: caption, header scopes, a region that scrolls."""

import nbformat
from bs4 import BeautifulSoup, Tag

FRAME = "dataframe"  # the class that pandas gives its tables
MISSING = ["NaN", "NaT", "None", "<NA>"]


def captions_of(notebook: nbformat.NotebookNode) -> list[str]:
    """List the captions of a notebook's pandas tables, in the order in which a page shows them.

    A cell's caption stands in its metadata, under ``casebook`` and ``caption``.
    """
    return [
        cell.metadata.get("casebook", {}).get("caption", "")
        for cell in notebook.cells
        if cell.cell_type == "code"
        for output in cell.outputs
        if f'class="{FRAME}"' in output.get("data", {}).get("text/html", "")
    ]


def make_tables_usable(soup: BeautifulSoup, captions: list[str]) -> None:
    """Put every table into a named region, with scopes and, for pandas tables, a caption and empty missing values.

    Parameters
    ----------
    soup : BeautifulSoup
        The page's main part; changed in place.
    captions : list of str
        One for each pandas table, in order.
    """
    for style in soup.select("style[scoped]"):
        style.decompose()
    frames = [table for table in soup.find_all("table") if FRAME in table.get("class", [])]
    for table, caption in zip(frames, captions, strict=True):
        one_header_row(table)
        empty_where_missing(table)
        tag = soup.new_tag("caption")
        tag.string = caption
        table.insert(0, tag)
        into_region(soup, table, caption)
    for table in soup.find_all("table", class_="table"):
        heading = table.find_previous(["h1", "h2", "h3"])
        into_region(soup, table, f"Table: {heading.get_text().rstrip('#') if heading else 'this page'}")


def one_header_row(table: Tag) -> None:
    """Join the two header rows that pandas writes when an index has a name, and leave no header cell empty."""
    rows = table.thead.find_all("tr")
    if len(rows) == 2:
        rows[0].th.string = rows[1].th.get_text()
        rows[1].decompose()
    for cell in table.thead.find_all("th"):
        if not cell.get_text(strip=True):
            cell.name = "td"


def empty_where_missing(table: Tag) -> None:
    """Empty the cells in which pandas says that there is no value, in words that only programmers know."""
    for cell in table.find_all("td", string=MISSING):
        cell.string = ""


def into_region(soup: BeautifulSoup, table: Tag, name: str) -> None:
    """Put a table into a region that scrolls sideways, and say which cells its headers head."""
    del table["border"]
    for cell in table.select("thead th"):
        cell["scope"] = "col"
    for cell in table.select("tbody th"):
        cell["scope"] = "row"
    table.wrap(
        soup.new_tag("div", attrs={"class": "casebook-region", "role": "region", "tabindex": "0", "aria-label": name})
    )
