"""A completion code is given for right answers alone, and names student and chapter to whoever verifies it."""

import re

import pytest

from casebook import checking, completion
from casebook.completing import ALPHABET, code, exercises_of, same
from casebook.errors import CasebookError
from tools.exchange import codes
from tools.files import EXERCISES
from tools.keys import exercises, specifications

STUDENT = "Әсел Ó Brien"
CODE = re.compile(rf"[a-z-]+(-[{ALPHABET}]{{4}}){{3}}")


@pytest.fixture(autouse=True)
def new_session(monkeypatch):
    monkeypatch.setattr(checking, "_EARNED", {})


def answer(chapter, form=0, without=()):
    """Give every check of a chapter one of its right answers."""
    for exercise in exercises(EXERCISES / f"{chapter}.toml"):
        if exercise.id not in without:
            checking.check(exercise.id, exercise.right[min(form, len(exercise.right) - 1)].value)


def told(capsys, chapter, student=STUDENT):
    """Return the last line that is printed when a student asks for the code."""
    completion(chapter, student)
    return capsys.readouterr().out.splitlines()[-1]


@pytest.mark.parametrize("chapter", [path.stem for path in specifications()])
def test_right_answers_earn_a_code_that_the_instructor_can_verify(capsys, chapter):
    answer(chapter)
    line = told(capsys, chapter)
    assert line.startswith(f"Completion code of {STUDENT} for {chapter}: {chapter}-")
    given = line.rpartition(" ")[2]
    assert CODE.fullmatch(given)
    assert codes.verify(given, ["Somebody Else", STUDENT]) == (STUDENT, chapter)
    assert codes.verify(given, ["Somebody Else"]) is None


def test_the_code_is_the_same_in_whatever_form_the_answers_come(capsys):
    answer("timeline")
    first = told(capsys, "timeline")
    answer("timeline", form=1)
    assert told(capsys, "timeline") == first
    assert told(capsys, "timeline", "  әсел   ó BRIEN ").rpartition(" ")[2] == first.rpartition(" ")[2]


def test_codes_differ_by_student_and_by_chapter(capsys):
    given = set()
    for chapter in ("timeline", "sources"):
        answer(chapter)
        for student in (STUDENT, "20231234"):
            given.add(told(capsys, chapter, student).rpartition("-")[2])
    assert len(given) == 4


@pytest.mark.parametrize("later", ["d", ...], ids=["wrong", "blank"])
def test_one_check_that_is_not_right_withholds_the_code(capsys, later):
    answer("timeline")
    checking.check("timeline-2", later)
    assert told(capsys, "timeline") == (
        "timeline: 1 of 14 checks are not right in this session yet: timeline-2. Run their cells, then this one again."
    )


def test_a_judgement_counts_by_its_form(capsys):
    answer("timeline", without=("timeline-13",))
    assert "timeline-13" in told(capsys, "timeline")
    answer("timeline")
    assert "Completion code" in told(capsys, "timeline")


def test_another_answer_key_makes_another_code():
    """Plant another sentence in one exercise: who never saw the right one cannot make the code."""
    sentences = codes.sentences(EXERCISES / "timeline.toml")
    true = code("timeline", STUDENT, sentences)
    assert not same(true, code("timeline", STUDENT, sentences | {"timeline-2": "Guessed."}))
    assert not same(true, code("timeline", STUDENT, {}))
    assert codes.verify(code("timeline", STUDENT, {}), [STUDENT]) is None


def test_look_alikes_spaces_and_case_do_not_spoil_a_code():
    true = code("timeline", STUDENT, codes.sentences(EXERCISES / "timeline.toml"))
    typed = f" {true.lower().replace('0', 'o').replace('1', 'l').replace('-', ' ')} "
    assert codes.verify(typed, [STUDENT]) == (STUDENT, "timeline")


def test_a_code_with_one_other_sign_is_not_valid():
    true = code("timeline", STUDENT, codes.sentences(EXERCISES / "timeline.toml"))
    for place in range(-4, 0):
        sign = "2" if true[place] != "2" else "3"
        planted = true[:place] + sign + true[len(true) + place + 1 :]
        assert len(planted) == len(true)
        assert codes.verify(planted, [STUDENT]) is None


def test_bad_input_is_told_in_one_sentence():
    with pytest.raises(CasebookError, match=r"There is no chapter 'nowhere'; use one of: .*timeline.*\.$"):
        completion("nowhere", STUDENT)
    for nobody in ("", "  ", None):
        with pytest.raises(CasebookError, match="completion needs your name or number as a text"):
            completion("timeline", nobody)


def test_every_exercise_of_a_chapter_counts():
    for path in specifications():
        assert exercises_of(path.stem) == [exercise.id for exercise in exercises(path)]


def test_the_command_says_for_whom_codes_are_valid(capsys, tmp_path):
    students = tmp_path / "class.txt"
    students.write_text("20230001\n\nÄnne Müller\n", encoding="utf-8")
    good = code("sources", "Änne müller", codes.sentences(EXERCISES / "sources.toml"))
    assert codes.main(["verify", "--students", str(students), good]) == 0
    assert capsys.readouterr().out == f"{good}: valid for Änne Müller, chapter sources.\n"
    pasted = tmp_path / "codes.txt"
    pasted.write_text(f"{good}\nx\n", encoding="utf-8")
    assert codes.main(["verify", "--student", "20230001", "--codes", str(pasted)]) == 1
    assert capsys.readouterr().out.splitlines() == [
        f"{good}: not valid for anybody named, in any chapter.",
        "x: not valid for anybody named, in any chapter.",
    ]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (None, r"'.*class\.txt' cannot be read \(.*\); save it as a text in UTF-8\."),
        (b"\xff\xfe\x00", r"'.*class\.txt' cannot be read \(.*\); save it as a text in UTF-8\."),
        (b"\n \n", r"class\.txt is empty; write one entry a line\."),
        (b"Ada\nBob\n ada \n", r"class\.txt has 'Ada' twice; tell the two apart, as by a number\."),
    ],
    ids=["missing", "not UTF-8", "empty", "twice"],
)
def test_a_bad_class_list_is_told_in_one_sentence(capsys, tmp_path, content, sentence):
    path = tmp_path / "class.txt"
    if content is not None:
        path.write_bytes(content)
    assert codes.main(["verify", "--students", str(path), "code"]) == 1
    assert re.fullmatch(sentence, capsys.readouterr().err.strip())
