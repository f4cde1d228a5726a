"""Print links that bring the book to a JupyterHub and open a chapter there: ``make hub HUB=https://…``.

A link works on a hub that has nbgitpuller, for a repository that `site/published.toml` names. The hub's own
environment must hold what ``binder/requirements.txt`` lists.
"""

import sys

from casebook.errors import CasebookError
from tools.command import command
from tools.files import chapters
from tools.notebooks import read
from tools.published import published


@command
def main(arguments: list[str] | None = None) -> None:
    """Print one link a chapter.

    Parameters
    ----------
    arguments : list of str, optional
        The address of the hub; that of the command line by default.
    """
    given = sys.argv[1:] if arguments is None else arguments
    if len(given) != 1:
        raise CasebookError("Name the hub: make hub HUB=https://hub.example.edu")
    places = published()
    for chapter in chapters():
        print(f"{read(chapter).metadata.chapter.title}\n  {places.hub(given[0], chapter.stem)}")


if __name__ == "__main__":
    sys.exit(main())
