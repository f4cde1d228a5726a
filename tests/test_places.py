"""A chapter run elsewhere is compared with what is stored, and every difference shows in the table."""

import pytest
from nbformat import v4

from tools.places.outcomes import Outcome, compared, table


def chapter(*outputs, number=1):
    cell = v4.new_code_cell("check(...)", id="ex-a-1-solution", execution_count=number, outputs=list(outputs))
    return v4.new_notebook(cells=[v4.new_markdown_cell("text", id="text"), cell])


def line(text):
    return v4.new_output("stream", name="stdout", text=text)


def outcome(ran, stored=None, alive=1):
    return compared("a", stored or chapter(line("a-1: correct. So it is.\n")), ran, alive, 1, 2.0)


def test_a_chapter_that_shows_the_same_is_green():
    ran = outcome(chapter(line("a-1: correct. "), line("So it is.\n"), number=7))
    assert ran.green
    assert (ran.ran, ran.cells, ran.right, ran.checks) == (1, 1, 1, 1)


def test_another_text_is_told_with_its_first_line():
    ran = outcome(chapter(line("a-1: not yet. Look again.\n")))
    assert not ran.green
    assert (ran.right, ran.checks) == (0, 1)
    assert ran.faults == (
        "a, cell 'ex-a-1-solution' shows other text than the stored chapter: "
        "'stdout: a-1: correct. So it is.' became 'stdout: a-1: not yet. Look again.'.",
    )


def test_a_cell_that_raised_is_told():
    error = v4.new_output("error", ename="ImportError", evalue="No module named 'pandas'\nmore", traceback=[])
    ran = outcome(chapter(error))
    assert (ran.ran, ran.green) == (0, False)
    assert ran.faults == ("a, cell 'ex-a-1-solution' raised ImportError: No module named 'pandas'.",)


def test_a_cell_that_never_ran_does_not_count():
    assert outcome(chapter(number=None)).ran == 0


def test_a_warning_is_another_text():
    warning = v4.new_output("stream", name="stderr", text="DeprecationWarning\n")
    ran = outcome(chapter(line("a-1: correct. So it is.\n"), warning))
    assert ran.faults[0].endswith("'nothing' became 'stderr: DeprecationWarning'.")


def test_a_picture_counts_by_being_there():
    drawn, anew = (v4.new_output("display_data", data={"image/png": data}) for data in ("iVBO", "R0lG"))
    assert outcome(chapter(anew), chapter(drawn)).green
    assert not outcome(chapter(), chapter(drawn)).green


def test_a_dead_interactive_is_not_green():
    assert not outcome(chapter(line("a-1: correct. So it is.\n")), alive=0).green


@pytest.mark.parametrize(("faults", "state"), [((), "green"), (("Something.",), "RED")])
def test_the_table_names_place_and_state(faults, state):
    row = table({"Binder": [Outcome("a", 3, 3, 1, 1, 2, 2, 4.25, faults)]}).splitlines()[2]
    assert [part.strip() for part in row.strip("|").split("|")] == [
        "Binder", "a", "3 / 3", "1 / 1", "2 / 2", "4.2", state,
    ]  # fmt: skip
