"""Ask every address that the pages name whether it still answers: ``make links``. It needs the network."""

import json
import subprocess
import sys
from pathlib import Path

from casebook.errors import CasebookError
from tools.command import command
from tools.files import ROOT

TARGET = ROOT / "_build" / "links"


def dead_links(root: Path = ROOT, target: Path = TARGET) -> list[str]:
    """Let Sphinx follow every link of the book, and list those that lead nowhere, in sentences.

    Parameters
    ----------
    root : Path
        Holds ``book/``, ``_config.yml`` and ``_toc.yml``.
    target : Path
        Where Sphinx works.

    Raises
    ------
    CasebookError
        If Sphinx wrote no report.
    """
    tool = Path(sys.executable).with_name("jupyter-book")
    options = ["--config", root / "_config.yml", "--toc", root / "_toc.yml", "--path-output", target]
    report = target / "_build" / "html" / "output.json"  # Jupyter Book's folder for this builder too
    report.unlink(missing_ok=True)
    subprocess.run([tool, "build", root / "book", *options, "--builder", "linkcheck", "--quiet"], cwd=root, check=False)
    if not report.exists():
        raise CasebookError("Sphinx followed no link; its messages above say why.")
    found = [json.loads(line) for line in report.read_text(encoding="utf-8").splitlines()]
    return [
        f"{link['filename']}, line {link['lineno']}: {link['uri']} does not answer ({link['info'] or link['status']})."
        for link in found
        if link["status"] in ("broken", "timeout")
    ]


@command
def main() -> int:
    """Print what leads nowhere."""
    dead = dead_links()
    for sentence in dead:
        print(sentence, file=sys.stderr)
    return 1 if dead else 0


if __name__ == "__main__":
    sys.exit(main())
