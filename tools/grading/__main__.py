"""Grade a folder of submissions from the command line: ``make grade SUBMISSIONS=folder``."""

import argparse
import sys
from pathlib import Path

from tools.command import command
from tools.grading.run import OUTPUT, grade


@command
def main(arguments: list[str] | None = None) -> None:
    """Read the command line, grade, and say where the gradebook is.

    Parameters
    ----------
    arguments : list of str, optional
        The words after the command; those of this process if not given.
    """
    parser = argparse.ArgumentParser(prog="python -m tools.grading", description="Grade a folder of submissions.")
    add = parser.add_argument
    add("submissions", type=Path, help="a folder a student, or a notebook a student")
    add("--output", type=Path, default=OUTPUT, help="where the gradebook goes")
    add("--chapter", action="append", default=[], dest="only", help="grade this chapter only; may be repeated")
    add("--workers", type=int, help="submissions at a time; as many as there are cores if not given")
    add("--scheduler", metavar="ADDRESS", help="a Dask scheduler whose workers do the work")
    add("--site", default="", metavar="ADDRESS", help="the site to which the students' pages link")
    add("--trusted", action="store_true", help="run without a sandbox, for work that you trust")
    add("--again", action="store_false", dest="resume", help="take no results over from an earlier run")
    chosen = vars(parser.parse_args(arguments))
    graded = grade(**chosen)
    pages, output = len(graded), chosen["output"]
    print(f"{output / 'gradebook.csv'}, {output / 'junit.xml'} and {pages} pages in {output / 'feedback'}")


if __name__ == "__main__":
    sys.exit(main())
