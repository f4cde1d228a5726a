"""Where this copy of the book is published: ``site/published.toml``, and the addresses that follow from it."""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlencode

from casebook.errors import CasebookError
from tools.files import ROOT

SETTINGS = ROOT / "site" / "published.toml"
COLAB_BRANCH = "colab"  # where the workflow puts what `make colab` writes: Colab opens notebooks of a repository only
HOST = "https://github.com"
FORMS = {
    "repository": (r"[\w.-]+/[\w.-]+", "owner/name, as on GitHub"),
    "branch": (r"[\w./-]+", "the name of a branch"),
    "site": (r"https?://[^\s?#]+", "an address that begins with https://"),
}


@dataclass(frozen=True)
class Published:
    """Where a copy of the book is published; what is empty is not.

    Attributes
    ----------
    repository : str
        ``owner/name`` on GitHub.
    branch : str
        Its branch.
    site : str
        The address of the published pages.
    """

    repository: str
    branch: str
    site: str

    def binder(self, slug: str) -> str:
        """Return the address that opens a chapter on Binder, or nothing."""
        where = urlencode({"urlpath": f"lab/tree/book/{slug}.ipynb"}, quote_via=quote)
        return (
            f"https://mybinder.org/v2/gh/{self.repository}/{quote(self.branch, safe='')}?{where}"
            if self.repository
            else ""
        )

    def colab(self, slug: str) -> str:
        """Return the address that opens the copy of a chapter on Colab, or nothing."""
        start = "https://colab.research.google.com/github"
        return f"{start}/{self.repository}/blob/{COLAB_BRANCH}/{slug}.ipynb" if self.repository else ""

    def browser(self, slug: str) -> str:
        """Return the address that runs a chapter in the reader's own browser, or nothing."""
        return f"{self.site.rstrip('/')}/lite/notebooks/index.html?path=book/{slug}.ipynb" if self.site else ""

    def clone(self) -> str:
        """Return the address from which git fetches the repository.

        Raises
        ------
        CasebookError
            If no repository is set.
        """
        if not self.repository:
            raise CasebookError("site/published.toml names no repository; set it to owner/name and run this again.")
        return f"{HOST}/{self.repository}.git"

    def hub(self, hub: str, slug: str) -> str:
        """Return the nbgitpuller link that brings the book to a JupyterHub and opens a chapter there.

        Parameters
        ----------
        hub : str
            The address of the hub.
        slug : str
            The chapter.

        Raises
        ------
        CasebookError
            If no repository is set, or the hub's address is none.
        """
        if not re.fullmatch(r"https?://[^\s?#]+", hub):
            raise CasebookError(f"'{hub}' is no address of a hub; give one that begins with https://.")
        clone = self.clone()
        folder = self.repository.partition("/")[2]
        what = {"repo": clone, "branch": self.branch, "urlpath": f"lab/tree/{folder}/book/{slug}.ipynb"}
        return f"{hub.rstrip('/')}/hub/user-redirect/git-pull?{urlencode(what)}"


def published(path: Path = SETTINGS) -> Published:
    """Read the settings.

    Parameters
    ----------
    path : Path
        The file.

    Raises
    ------
    CasebookError
        If it is not TOML, or a setting is missing, unknown or of another form.
    """
    try:
        said = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise CasebookError(f"{path.name} is not TOML: {error}; mend it.") from None
    if set(said) != set(FORMS):
        raise CasebookError(f"{path.name} must set {', '.join(FORMS)} and nothing else; mend it.")
    for name, (form, meant) in FORMS.items():
        empty = said[name] == "" and name != "branch"
        if not empty and not (isinstance(said[name], str) and re.fullmatch(form, said[name])):
            raise CasebookError(f"{path.name}: {name} is {said[name]!r}; make it {meant}, or leave it empty.")
    return Published(**said)
