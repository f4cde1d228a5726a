"""The keys give nothing away, and a specification that cannot be trusted is refused in one sentence."""

import json
import re
from pathlib import Path

import pytest

from casebook.checking import KEYS, check, keys
from casebook.errors import CasebookError
from tests.running import FIXTURES, SAMPLE
from tools.exercises import ExerciseHeader, headers, read
from tools.keys import checked_key, derived, exercises, make_key, specifications

GOOD = """
[[exercise]]
id = "plain-1"
kind = "number"
title = "A number"
objective = "count"
code = false
answer = 40
tolerance = 0.1
also = ["40.0"]
so_what = "So many."
hint = "Count again."
wrong = [
  {answer = 41, says = "One too many."},
  {answer = 39, says = "One too few."},
  {answer = 20, says = "Only half."},
  {answer = 80, says = "Twice as many."},
]
"""
CHOICE = """
[[exercise]]
id = "plain-1"
kind = "choice"
title = "A choice"
objective = "read"
code = false
options = {a = "Yes.", b = "No."}
answer = "a"
also = ["Yes"]
so_what = "So it is."
hint = "Read again."
wrong = [{answer = "b", says = "It is not."}]
"""
TABLE = """
[[exercise]]
id = "plain-1"
kind = "table"
title = "A table"
objective = "count"
code = true
keys = ["a"]
columns = ["b"]
answer = "=pd.DataFrame({'a': [1, 2], 'b': [3, 4]})"
also = ["=pd.DataFrame({'a': [2, 1], 'b': [4, 3]})"]
so_what = "So it stands."
hint = "Group first."
wrong = [
  {answer = "=pd.DataFrame({'a': [1], 'b': [3]})", says = "One."},
  {answer = "=pd.DataFrame({'a': [2], 'b': [3]})", says = "Two."},
  {answer = "=pd.DataFrame({'a': [3], 'b': [3]})", says = "Three."},
  {answer = "=pd.DataFrame({'a': [4], 'b': [3]})", says = "Four."},
]
"""
FUNCTION = """
[[exercise]]
id = "plain-1"
kind = "function"
title = "A function"
objective = "count"
code = true
cases = [[1], [2]]
answer = "=lambda n: 2 * n"
also = ["=lambda n: n + n"]
so_what = "Twice."
hint = "Double it."
wrong = [
  {answer = "=lambda n: n", says = "One."},
  {answer = "=lambda n: n ** 2", says = "Two."},
  {answer = "=lambda n: 3 * n", says = "Three."},
  {answer = "=lambda n: 2", says = "Four."},
]
"""
JUDGEMENT = """
[[exercise]]
id = "plain-1"
kind = "judgement"
title = "A judgement"
objective = "weigh"
code = false
min_words = 3
max_words = 6
cites = 1
needs_terms = [["doubt"]]
answer = "I doubt E001 here."
also = ["Doubt of E001 remains."]
so_what = "Weighed."
hint = "Write a text."
wrong = [
  {answer = "E001?", says = "Your text has 1 of at least 3 words."},
  {answer = "One two three four five six seven", says = "Your text has 7 words; keep to 6."},
  {answer = "I doubt it.", says = "Cite evidence by the id of its row: found 0, needed 1."},
  {answer = "I believe E001.", says = "Your text does not mention doubt yet."},
]
"""


def keys_of(tmp_path: Path, text: str, name: str = "plain.toml") -> dict:
    (tmp_path / name).write_text(text, encoding="utf-8")
    (content,) = derived(tmp_path).values()
    return json.loads(content)


@pytest.mark.parametrize(
    "text", [GOOD, CHOICE, TABLE, FUNCTION, JUDGEMENT], ids=["number", "choice", "table", "function", "judgement"]
)
def test_a_good_specification_makes_a_key(tmp_path: Path, text: str):
    assert list(keys_of(tmp_path, text)) == ["plain-1"]


FAULTS = [
    (GOOD, 'id = "plain-1"', 'id = "other-1"', "plain.toml, other-1: the id must be plain-<number>, after the file."),
    (GOOD, 'id = "plain-1"', "", "plain.toml, exercise 1: the field 'id' is missing or empty; write it."),
    (GOOD, '"number"', '"guess"', "plain-1: there is no kind 'guess'; use one of number, choice, text, set, table, "),
    (GOOD, 'title = "A number"', "", "plain-1: the field 'title' is missing or empty; write it."),
    (GOOD, '"So many."', '""', "plain-1: the field 'so_what' is missing or empty; write it."),
    (GOOD, "tolerance = 0.1", "", "plain-1: the field 'tolerance' is missing or empty; write it."),
    (GOOD, "code = false", 'code = "no"', "plain-1: the field 'code' has the wrong type (str); see exercises/README.m"),
    (GOOD, "code = false", "code = false\ncases = [[1]]", "plain-1: the field 'cases' is unknown for the kind 'number"),
    (GOOD, '"Count again."', '"Count\\nagain."', "plain-1: the sentence 'Count again.' has a line break or double spa"),
    (GOOD, 'says = "One too few."', 'say = "x"', "plain-1: every wrong answer needs exactly 'answer' and 'says'."),
    (GOOD, '  {answer = 80, says = "Twice as many."},\n', "", "plain-1: 3 wrong answers are too few; add [[exercise.w"),
    (GOOD, "One too few.", "One too many.", "plain-1: two wrong answers share the sentence 'One too many.'; give each"),
    (GOOD, "One too few.", "Count again.", "plain-1: a wrong answer has the general hint as its sentence; give it its"),
    (GOOD, '["40.0"]', "[]", "plain-1: the field 'also' is missing or empty; write it."),
    (GOOD, '["40.0"]', "[40]", "plain-1: 'also' repeats the answer; write it in another correct form."),
    (GOOD, '["40.0"]', '["forty"]', "plain-1: a right answer cannot be read (A number is asked, but this text is not"),
    (GOOD, '["40.0"]', '["..."]', "plain-1: a right answer cannot be read "),
    (GOOD, "answer = 40\n", 'answer = "=1/0"\n', "plain-1: the expression 1/0 fails with ZeroDivisionError: division"),
    (GOOD, "tolerance = 0.1", "tolerance = 0", "plain-1: the tolerance must be above zero; use 0.1 for a whole number"),
    (GOOD, "tolerance = 0.1", "tolerance = 30", "plain-1: the tolerance is more than half the answer; make it narrowe"),
    (GOOD, "answer = 41", "answer = 40.05", "plain-1: the wrong answer 40.05 is accepted; make it wrong or take it ou"),
    (GOOD, "answer = 41", "answer = 39.05", "plain-1: the wrong answer 39 gets 'plain-1: not yet. One too many.' inst"),
    (GOOD, "answer = 41", 'answer = "x"', "plain-1: the wrong answer 'x' gets 'plain-1: not yet. A number is asked, b"),
    (GOOD, "answer = 41", 'answer = ""', "plain-1: the wrong answer '' gets 'plain-1: not answered yet.' instead of i"),
    (GOOD, "[[exercise]]", "[[exercises]]", "plain.toml must hold [[exercise]] tables, in double brackets, only"),
    (GOOD, "[[exercise]]", "[exercise]", "plain.toml must hold [[exercise]] tables, in double brackets, only"),
    (GOOD, "[[exercise]]", "[[exercise", "plain.toml is not TOML ("),
    (GOOD, '"plain-1"', "1", "plain.toml, 1: the field 'id' has the wrong type (int); see exercises/README.md."),
    (GOOD, "code = false\n", "", "plain-1: the field 'code' is missing or empty; write it."),
    (GOOD, "wrong = [", 'wrong = ["x",', "plain-1: the wrong answers must be [[exercise.wrong]] tables; give each 'an"),
    (GOOD, '"One too few."', "1", "plain-1: every wrong answer needs exactly 'answer' and 'says'."),
    (GOOD, "tolerance = 0.1", "tolerance = true", "plain-1: the field 'tolerance' has the wrong type (bool); see exer"),
    (GOOD, "tolerance = 0.1", "tolerance = nan", "plain-1: the tolerance must be above zero; use 0.1 for a whole nu"),
    (CHOICE, '"Yes."', "1", "plain-1: the options must be texts; put each in quotation marks."),
    (CHOICE, 'answer = "a"', 'answer = ["a"]', "plain-1: the answer is not the letter of an option; correct it."),
    (TABLE, 'keys = ["a"]', "keys = [[]]", "plain-1: the keys and columns must be names of columns; put each in"),
    (JUDGEMENT, '[["doubt"]]', "[[]]", "plain-1: needs_terms must be a list of lists of words, none of th"),
    (JUDGEMENT, '[["doubt"]]', "[[1]]", "plain-1: needs_terms must be a list of lists of words, none of th"),
    (JUDGEMENT, '[["doubt"]]', '[["doubt", "-"], [" "]]', "plain-1: needs_terms must be a list of lists of words, no"),
    (CHOICE, 'answer = "a"', 'answer = "c"', "plain-1: the answer is not the letter of an option; correct it."),
    (CHOICE, "b = ", "B = ", "plain-1: the letters of the options must be lower case; correct them."),
    (CHOICE, 'wrong = [{answer = "b", says = "It is not."}]', 'wrong = [{answer = "a", says = "It is not."}]',
     "plain-1: the wrong answer 'a' is accepted; make it wrong or take it out."),
    (CHOICE, '["Yes"]', '[" "]', "plain-1: the correct form ' ' is rejected; correct it."),
    (TABLE, 'columns = ["b"]', 'columns = ["c"]', "plain-1: the answer must be a DataFrame with exactly the columns a"),
    (TABLE, "=pd.DataFrame({'a': [1, 2], 'b': [3, 4]})", "=3", "plain-1: the answer must be a DataFrame with exactly"),
    (TABLE, "{'a': [1, 2], 'b'", "{'a': [1, 1], 'b'", "plain-1: the key columns do not tell the rows of the answer ap"),
    (FUNCTION, "[[1], [2]]", "[1, 2]", "plain-1: every case must be a list of arguments; put it in brackets."),
    (FUNCTION, "[[1], [2]]", "[[2022-01-05]]", "plain-1: the cases must be numbers, texts, lists or {table = ...} (Ob"),
    (FUNCTION, "=lambda n: 2 * n", "=lambda n: n[0]", "plain-1: the right function raises on a case; correct it."),
    (FUNCTION, "cases =", "tolerance = 0\ncases =", "plain-1: a tolerance must be above zero and needs results that a"),
    (JUDGEMENT, "max_words = 6", "max_words = 3", "plain-1: min_words must be at least 2 and below max_words; correct"),
    (JUDGEMENT, '[["doubt"]]', '["doubt"]', "plain-1: needs_terms must be a list of lists of words, none"),
    (JUDGEMENT, "cites = 1", "cites = 1\nsides = {for = 2}", "plain-1: the sides ask for 2 rows and cites for 1"),
    (JUDGEMENT, "cites = 1", "cites = 1\nsides = {for = 'x'}", "plain-1: sides must give each part, in lower case"),
    (JUDGEMENT, "cites = 1", "cites = 1\nsides = {For = 1}", "plain-1: sides must give each part, in lower case"),
    (JUDGEMENT, "cites = 1", "cites = 1\nsides = {}", "plain-1: the field 'sides' is missing or empty; write it"),
    (JUDGEMENT, "I doubt E001 here.", "I doubt E999 here.", "plain-1: the correct form 'I doubt E999 here.' is reject"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "old", "new", "sentence"), FAULTS, ids=[fault[3][:60] for fault in FAULTS])
def test_a_bad_specification_is_refused_in_one_sentence(tmp_path: Path, text: str, old: str, new: str, sentence: str):
    assert text.count(old) == 1
    with pytest.raises(CasebookError) as refusal:
        keys_of(tmp_path, text.replace(old, new))
    message = str(refusal.value)
    assert sentence in message
    assert message.startswith("exercises/plain.toml")
    assert "\n" not in message


def test_an_id_given_twice_is_refused(tmp_path: Path):
    with pytest.raises(CasebookError, match=r"plain-1: the id is given twice; number the exercises apart\.$"):
        keys_of(tmp_path, GOOD + GOOD)


@pytest.mark.parametrize("text", ["", "exercise = []", "exercise = [1]", "exercise = 1", GOOD + "[more]"])
def test_anything_but_tables_of_exercises_is_refused(tmp_path: Path, text: str):
    with pytest.raises(CasebookError, match=r"^exercises/plain\.toml must hold \[\[exercise\]\] tables, [^\n]*\.$"):
        keys_of(tmp_path, text)


MALFORMED = ['""', '" "', "0", "-1", "nan", "true", "[]", "[[]]", "[1]", "[[1]]", "{}", "{a = 1}", "[{}]", "2022-01-05"]


@pytest.mark.parametrize("value", MALFORMED)
@pytest.mark.parametrize("text", [GOOD, CHOICE, TABLE, FUNCTION, JUDGEMENT])
def test_no_value_of_any_field_makes_the_reader_fail_without_a_sentence(tmp_path: Path, text: str, value: str):
    for name in re.findall(r"^(\w+) =", text, flags=re.MULTILINE):
        written = re.sub(rf"(?ms)^{name} = .*?(?=^\w+ = |\Z)", f"{name} = {value}\n", text)
        try:
            keys_of(tmp_path, written)
        except CasebookError as refusal:
            assert str(refusal).startswith("exercises/plain.toml")
            assert "\n" not in str(refusal)


def test_a_chapter_reads_the_headers_of_its_exercises_if_it_has_a_file(tmp_path: Path):
    (tmp_path / "plain.toml").write_text(GOOD, encoding="utf-8")
    assert headers("plain", tmp_path) == [ExerciseHeader(id="plain-1", objective="count", title="A number", code=False)]
    assert headers("none", tmp_path) == []


def test_the_keys_are_deterministic_and_belong_to_the_package():
    assert derived(FIXTURES) == derived(FIXTURES)
    assert list(derived(FIXTURES)) == [KEYS]


def test_the_key_file_shows_no_answer_and_no_sentence_that_an_answer_earns():
    (content,) = derived(FIXTURES).values()
    shown = content.decode()
    for exercise in read(SAMPLE):
        if exercise["kind"] == "judgement":
            continue
        hidden = [exercise["so_what"], *(item["says"] for item in exercise["wrong"])]
        if exercise["kind"] != "choice":  # the options stand in the prompt
            answers = exercise["answer"] if isinstance(exercise["answer"], list) else [exercise["answer"]]
            hidden += [str(answer) for answer in answers]
        assert [text for text in hidden if text in shown] == []


def test_another_exercise_with_the_same_answer_has_another_hash(tmp_path: Path):
    keys = keys_of(tmp_path, GOOD + GOOD.replace("plain-1", "plain-2"))
    assert keys["plain-1"]["right"][0]["digest"] != keys["plain-2"]["right"][0]["digest"]


def test_two_forms_of_one_answer_make_one_entry():
    first = exercises(SAMPLE)[0]
    assert len(first.right) == 5
    assert [len(make_key(first)[group]) for group in ("right", "wrong")] == [1, 2]


def test_the_keys_of_the_book_answer_every_starter(capsys: pytest.CaptureFixture[str]):
    keys.cache_clear()
    ids = [exercise.id for path in specifications() for exercise in exercises(path)]
    for exercise_id in ids:
        check(exercise_id, ...)
    assert capsys.readouterr().out.splitlines() == [f"{exercise_id}: not answered yet." for exercise_id in ids]


@pytest.mark.parametrize("path", [SAMPLE, *specifications()], ids=lambda path: path.stem)
def test_every_specification_of_the_book_is_sound(path: Path):
    assert all(checked_key(exercise)["kind"] == exercise.kind for exercise in exercises(path))
