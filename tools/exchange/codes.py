"""Verify completion codes: ``make verify STUDENTS=class.txt CODES=codes.txt``.

It needs nothing but this checkout: the sentences that right answers earn stand in ``exercises/*.toml``. A code is valid
for the edition of the exercises that it was made with; after a change of such a sentence older codes are not.
"""

import argparse
import sys
from pathlib import Path

from casebook.completing import code, plain, same
from casebook.errors import CasebookError
from tools.command import command
from tools.exercises import read
from tools.files import EXERCISES
from tools.keys import specifications


def sentences(path: Path) -> dict[str, str]:
    """Read the sentences of which the key of a chapter's code is made.

    Parameters
    ----------
    path : Path
        A file ``<slug>.toml``.

    Returns
    -------
    dict of str to str
        By the id of each exercise that is not a judgement.
    """
    return {fields["id"]: fields["so_what"] for fields in read(path) if fields["kind"] != "judgement"}


def verify(given: str, students: list[str], folder: Path = EXERCISES) -> tuple[str, str] | None:
    """Find out for whom and for which chapter a code is valid.

    Parameters
    ----------
    given : str
        The code as a student pasted it.
    students : list of str
        The names or numbers of the class.
    folder : Path
        The folder of exercise descriptions.

    Returns
    -------
    tuple of str, or None
        Student and chapter; None if it is valid for none of them.
    """
    for path in specifications(folder):
        secrets = sentences(path)
        for student in students:
            if same(given, code(path.stem, student, secrets)):
                return student, path.stem
    return None


def class_list(path: Path) -> list[str]:
    """Read a class list: one name or number a line.

    Parameters
    ----------
    path : Path
        A text file in UTF-8.

    Returns
    -------
    list of str
        Without empty lines.

    Raises
    ------
    CasebookError
        If the file cannot be read, or names nobody or somebody twice.
    """
    students = lines_of(path)
    names = [plain(student) for student in students]
    if twice := [student for student, name in zip(students, names, strict=True) if names.count(name) > 1]:
        raise CasebookError(f"{path.name} has '{twice[0]}' twice; tell the two apart, as by a number.")
    return students


def lines_of(path: Path) -> list[str]:
    """Read the lines of a text file.

    Parameters
    ----------
    path : Path
        A text file in UTF-8.

    Returns
    -------
    list of str
        Without empty lines, and without space around them.

    Raises
    ------
    CasebookError
        If the file is missing, is not UTF-8, or has no line.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise CasebookError(f"'{path}' cannot be read ({error}); save it as a text in UTF-8.") from None
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if not lines:
        raise CasebookError(f"{path.name} is empty; write one entry a line.")
    return lines


@command
def main(arguments: list[str] | None = None) -> int:
    """Verify codes, and say of each for whom it is valid.

    Parameters
    ----------
    arguments : list of str, optional
        The command line; that of the process by default.

    Returns
    -------
    int
        The exit code: 1 if a code is not valid or the input is bad.
    """
    parser = argparse.ArgumentParser(prog="python -m tools.exchange.codes", description=__doc__.partition("\n")[0])
    commands = parser.add_subparsers(required=True)
    verifying = commands.add_parser("verify", help="say for whom and for which chapter codes are valid")
    who = verifying.add_mutually_exclusive_group(required=True)
    who.add_argument("--student", help="one name or number")
    who.add_argument("--students", type=Path, help="a class list: a text file, one name or number a line")
    verifying.add_argument("--codes", type=Path, help="a text file, one code a line", dest="file")
    verifying.add_argument("codes", nargs="*", metavar="CODE")
    options = parser.parse_args(arguments)
    students = class_list(options.students) if options.students else [options.student]
    pasted = [*options.codes, *(lines_of(options.file) if options.file else [])]
    found = {given: verify(given, students) for given in pasted}
    for given, valid in found.items():
        told = f"valid for {valid[0]}, chapter {valid[1]}" if valid else "not valid for anybody named, in any chapter"
        print(f"{given}: {told}.")
    return 0 if found and all(found.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
