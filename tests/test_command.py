"""A command of the Makefile ends with a sentence when its input is at fault, and a fault of ours is not hidden."""

import pytest

from casebook.errors import CasebookError
from tools.command import command


@command
def wrong():
    """Refuse something."""
    raise CasebookError("The site is missing; run 'make book' first.")


def test_what_is_wrong_is_one_sentence(capsys):
    assert wrong() == 1
    assert capsys.readouterr() == ("", "The site is missing; run 'make book' first.\n")


def test_what_works_returns_nought(capsys):
    assert command(lambda: print("done"))() == 0
    assert capsys.readouterr().out == "done\n"


def test_an_exit_code_and_arguments_pass_through():
    assert command(lambda code: code)(3) == 3


def test_a_fault_of_the_program_is_shown():
    with pytest.raises(ZeroDivisionError):
        command(lambda: 1 / 0)()
