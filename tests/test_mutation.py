"""Would anybody notice if a check or an answer were wrong? Make it wrong in many ways, and count how often."""

import dataclasses
import itertools
import sys
from collections.abc import Callable, Iterator
from types import ModuleType

import pytest

from casebook import checking
from casebook.answers import read
from tests.running import FIXTURES
from tools.controls import controls
from tools.files import BOOK, EXERCISES
from tools.keys import Exercise, Form, evaluate, exercises, make_key, specifications

Reply = Callable[[str, dict, object], str]
Suite = list[tuple[str, dict, list[tuple[object, str]]]]

# (module, what stands there, what a slip of the pen could make of it)
ENGINE = [
    ("checking", "        return True, so_what\n", "        pass\n"),  # reject everything
    ("checking", "if so_what := find(", "if so_what := 'Good.' or find("),  # accept everything
    ("checking", "        return True, so_what\n", "        return True, ''\n"),  # the so-what is dropped
    ("checking", 'find(exercise_id, key["right"], parts, key.get("tolerance"))', "None"),
    ("checking", 'find(exercise_id, key["wrong"], parts, key.get("tolerance"))', "None"),  # hints are not looked up
    ("checking", 'find(exercise_id, key["wrong"], parts', 'find(exercise_id, key["wrong"][:1], parts'),
    ("checking", 'find(exercise_id, key["right"], parts', 'find(exercise_id, key["right"][1:], parts'),
    ("checking", "        if is_blank(answer):\n", "        if False:\n"),  # blanks are judged
    ("checking", "        if is_blank(answer):\n", "        if answer is None:\n"),
    ("checking", 'return " ".join(line.split())', "return line.upper()"),
    ("checking", "'correct' if correct", "'not yet' if correct"),
    ("checking", "correct, sentence = False, str(problem)", "correct, sentence = True, str(problem)"),
    ("checking", "SLIPS.items():", "().items() if False else ():"),  # no slip is recognised
    ("checking", "scaled = parts[0] * factor", "scaled = parts[0] / factor"),
    ("checking", "abs(scaled) > key", "abs(scaled) < key"),
    ("checking", ' if "unit" in key else sentence', " if False else sentence"),
    ("checking", 'if parts[0] in key["options"]:', "if True:"),
    ("checking", "given & asked", "asked"),
    ("checking", "asked - given", "given - asked"),
    ("checking", "if missing := [", "if missing := [] and ["),  # a missing column passes
    ("checking", "if extra := [", "if extra := [] and ["),
    ("checking", 'if set(row_digests) != set(key["rows"]):', "if False:"),  # missing rows pass
    ("checking", 'if len(row_digests) > len(key["rows"]):', "if False:"),  # repeated rows pass
    ("checking", 'if row_digests != key["rows"]:', "if False:"),  # the order never counts
    ("checking", "!= key[\"values\"][name]]", "== key[\"values\"][name]]"),
    ("checking", "if digests[number] != known)", "if digests[number] == known)"),
    ("checking", "if isinstance(parts[case], Raised):", "if False:"),
    ("checking", 'if parts[case] == "":', 'if parts[case] != "":'),
    ("checking", "if not isinstance(answer, str):", "if False:"),
    ("checking", "if fault := _fault_of_form(key, answer):", "if False:"),  # any text will do
    ("checking", 'if words < key["min_words"]:', "if False:"),
    ("checking", 'if words < key["min_words"]:', 'if words < key["min_words"] - 1:'),
    ("checking", 'if words > key["max_words"]:', "if False:"),
    ("checking", 'if words > key["max_words"]:', 'if words > key["max_words"] + 1:'),
    ("checking", 'if len(cited) < key["cites"]:', "if False:"),
    ("checking", 'if len(cited) < key["cites"]:', 'if len(cited) <= key["cites"]:'),
    ("checking", " & evidence_ids()", ""),  # ids that are in no table count
    ("checking", "possible_ids(text.casefold())", "possible_ids(text)"),
    ("checking", "[word] if word.casefold() in evidence_ids() else", "[word] if False else"),  # hyphens part ids
    ("checking", "if not mentions(text, group):", "if mentions(text, group):"),
    ("checking", "if not mentions(text, group):", "if False:"),
    ("checking", 'for group in key["needs_terms"]:', 'for group in key["needs_terms"][:1]:'),
    ("checking", '_fault_of_sides(key["sides"], text) if "sides" in key else None', "None"),  # no side is looked at
    ("checking", "if unknown := sorted(", "if unknown := [] and sorted("),  # ids of no row pass
    ("checking", "if name not in parts:", "if False:"),
    ("checking", "if len(cited[name]) < needed:", "if False:"),
    ("checking", "if len(cited[name]) < needed:", "if len(cited[name]) <= needed:"),
    ("checking", "if twice := sorted(", "if twice := [] and sorted("),  # a row may stand on both sides
    ("checking", " if needed], 2)", "], 2)"),  # the judgement may not name a row again
    ("checking", 'parts.get(name, "") + piece', "piece"),  # a part that is begun twice loses its first half
    ("checking", "{re.escape(fold(term))}", "{re.escape(term)}$"),
    ("checking", 'rf"\\b{', 'rf"{'),
    ("checking", ", fold(text)) for", ", text) for"),
    ("sealing", "2 * tolerance * (1 + 1e-5)", "20 * tolerance"),  # tolerance times ten
    ("sealing", "2 * tolerance * (1 + 1e-5)", "2e-9"),  # no tolerance
    ("sealing", "2 * tolerance * (1 + 1e-5)", "1.6 * tolerance"),
    ("sealing", "- centre + 0.5", "- centre"),  # the bucket is not centred
    ("sealing", "- centre + 0.5", "+ 0.5"),
    ("sealing", "position if math.isfinite(position) else None", "position"),  # a huge number raises
    ("sealing", 'if digest(exercise_id, content) == known["digest"]:', "if True:"),
    ("answers", "value is None or value is ... or", "value is None or"),
    ("answers", "not fold(value)", "not value"),
    ("answers", "return all(_is_gap(member) for member in answer)", "return False"),
    ("answers", ".casefold().translate(TYPOGRAPHY)", ".translate(TYPOGRAPHY)"),  # case counts
    ("answers", '" ".join(unicodedata.normalize("NFKC", text).casefold().translate(TYPOGRAPHY).split())',
     'unicodedata.normalize("NFKC", text).casefold().translate(TYPOGRAPHY)'),  # spacing counts
    ("answers", 'unicodedata.normalize("NFKC", text)', "text"),
    ("answers", "_plain(text).strip(SURROUNDING)", "_plain(text)"),  # punctuation counts
    ("answers", ".translate(TYPOGRAPHY)", ""),
    ("answers", ':.12g}"', '}"'),  # 238 and 238.0 differ
    ("answers", '.removesuffix("T00:00:00")', ""),
    ("answers", 'if re.match(r"\\d{4}-\\d\\d-\\d\\d", folded):', "if False:"),
    ("answers", "        return _iso(pd.Timestamp(value))", "        return str(value)"),
    ("answers", 'raise Unreadable("A number is asked, but this is True or False.")', "answer = int(answer)"),
    ("answers", "answer = _number_in(answer,", "answer = (lambda *_: float('nan'))(answer,"),
    ("answers", "if unit == \"percent\":", "if False:"),
    ("answers", 'plain = plain.replace(",", "")', "pass"),
    ("answers", 'plain.replace(",", ".")', "plain"),
    ("answers", 're.sub(r"[ _]", "", plain)', "plain"),
    ("answers", "[letters.get(text, text)]", "[text]"),  # the option's own text is not accepted
    ("answers", "sorted({scalar(member) for member in answer})", "[scalar(member) for member in answer]"),
    ("answers", "return sorted({scalar(member) for member in answer})",
     "return sorted({scalar(member) for member in answer})[:2]"),  # further members are ignored
    ("answers", 'names += sorted(name for name in frame.columns if name not in names)', "pass"),  # columns are ignored
    ("answers", '[tuple(names), *(rows if key["ordered"] else sorted(rows))]', "[tuple(names), *sorted(rows)]"),
    ("answers", '[tuple(names), *(rows if key["ordered"] else sorted(rows))]', "[tuple(names), *rows]"),
    ("answers", '[tuple(names), *(rows if key["ordered"] else sorted(rows))]', "[tuple(names)]"),  # rows are ignored
    ("answers", "answer.reset_index(level=levels).rename", "answer.rename"),
    ("answers", 'for case in key["cases"]]', 'for case in key["cases"][:1]]'),  # only the first case
    ("answers", "except (Exception, SystemExit) as error:\n            return",
     "except ValueError as error:\n            return"),
    ("answers", "    if result is ...:", "    if False:"),
    ("answers", "tuple(sorted(members) if isinstance(result, set | frozenset) else members)", "tuple(sorted(members))"),
    ("answers", 'if "tolerance" in key and _is_finite(result):', "if False:"),
]  # fmt: skip


def _load_engine(module: str = "", old: str = "", new: str = "") -> Reply:
    """Load the check engine from its source, with one passage of one module replaced."""
    names = [f"casebook.{name}" for name in ("sealing", "answers", "checking")]
    originals = {name: sys.modules[name] for name in names}
    try:
        for name in names:
            path = BOOK / "casebook" / f"{name.rpartition('.')[2]}.py"
            source = path.read_text(encoding="utf-8")
            if name == f"casebook.{module}":
                assert source.count(old) == 1, f"this passage must stand once in {module}: {old}"
                source = source.replace(old, new)
            sys.modules[name] = ModuleType(name)
            sys.modules[name].__file__ = str(path)
            exec(compile(source, str(path), "exec"), sys.modules[name].__dict__)
        mutated = sys.modules["casebook.checking"]
    finally:
        sys.modules.update(originals)
    mutated.evidence_ids = checking.evidence_ids  # read the data once, not once a mutant
    return mutated.reply


def _spec_mutants(exercise: Exercise) -> Iterator[Exercise]:
    """Make an exercise wrong, one field at a time."""
    fields = exercise.fields
    if exercise.kind == "judgement":
        yield from _judgement_mutants(exercise)
        return
    key = make_key(exercise)
    heard = [number for number, (form, _) in enumerate(exercise.wrong) if _is_in_key(exercise, key, form)]
    for number in heard:
        yield dataclasses.replace(exercise, right=[*exercise.right, exercise.wrong[number][0]])
        yield dataclasses.replace(exercise, wrong=exercise.wrong[:number] + exercise.wrong[number + 1 :])
    for one, other in itertools.pairwise(heard):
        swapped = list(exercise.wrong)
        swapped[one] = (exercise.wrong[one][0], exercise.wrong[other][1])
        swapped[other] = (exercise.wrong[other][0], exercise.wrong[one][1])
        yield dataclasses.replace(exercise, wrong=swapped)
    if "tolerance" in fields:
        yield _with_fields(exercise, tolerance=fields["tolerance"] * 10)
        yield _with_fields(exercise, tolerance=fields["tolerance"] / 10)
    yield from MUTANTS_BY_KIND[exercise.kind](exercise)


def _sentence_mutants(exercise: Exercise) -> Iterator[Exercise]:
    """Change a sentence that the controls repeat word for word: these die by design, and are counted apart."""
    yield _with_fields(exercise, so_what="Well done.")
    yield _with_fields(exercise, hint="Try again.")


def _is_in_key(exercise: Exercise, key: dict, form: Form) -> bool:
    """Tell whether a wrong answer is known by its hash (the sentence for an unreadable one is the engine's own)."""
    without = dataclasses.replace(exercise, wrong=[pair for pair in exercise.wrong if pair[0] is not form])
    return len(make_key(without)["wrong"]) < len(key["wrong"])


def _with_fields(exercise: Exercise, **changes: object) -> Exercise:
    return dataclasses.replace(exercise, fields=exercise.fields | changes)


def _with_value(exercise: Exercise, value: object) -> Exercise:
    return dataclasses.replace(exercise, right=[Form("", value), *exercise.right[1:]])


def _number_mutants(exercise: Exercise) -> Iterator[Exercise]:
    (answer,) = read(exercise.fields, exercise.right[0].value)
    yield dataclasses.replace(exercise, right=[Form("", answer * 1.5 + 1)])


def _choice_mutants(exercise: Exercise) -> Iterator[Exercise]:
    letters = list(exercise.fields["options"])
    following = letters[(letters.index(exercise.right[0].value) + 1) % len(letters)]
    yield dataclasses.replace(exercise, right=[Form("", following)])


def _text_mutants(exercise: Exercise) -> Iterator[Exercise]:
    yield dataclasses.replace(exercise, right=[Form("", f"{exercise.right[0].value} too")])


def _set_mutants(exercise: Exercise) -> Iterator[Exercise]:
    members = list(exercise.right[0].value)
    for member in members:
        yield _with_value(exercise, [other for other in members if other != member] or ["nobody"])
    yield _with_value(exercise, [*members, "something else"])


def _table_mutants(exercise: Exercise) -> Iterator[Exercise]:
    fields, answer = exercise.fields, exercise.right[0].value
    for name in fields["columns"] if len(fields["columns"]) > 1 else []:
        others = [other for other in fields["columns"] if other != name]
        yield _with_fields(_with_value(exercise, answer.drop(columns=[name])), columns=others)
    if len(answer) > 1:
        yield _with_value(exercise, answer.iloc[1:])
        yield _with_fields(exercise, ordered=not fields.get("ordered", False))


def _function_mutants(exercise: Exercise) -> Iterator[Exercise]:
    cases = exercise.fields["cases"]
    for number in range(len(cases) if len(cases) > 1 else 0):
        yield _with_fields(exercise, cases=cases[:number] + cases[number + 1 :])


def _judgement_mutants(exercise: Exercise) -> Iterator[Exercise]:
    fields = exercise.fields
    for name in ("min_words", "max_words", "cites"):
        yield _with_fields(exercise, **{name: fields[name] + 1})
        yield _with_fields(exercise, **{name: fields[name] - 1})
    for name, needed in fields.get("sides", {}).items():
        yield _with_fields(exercise, sides=fields["sides"] | {name: needed + 1})
        if needed:
            yield _with_fields(exercise, sides=fields["sides"] | {name: needed - 1})
    for group in fields["needs_terms"]:
        yield _with_fields(exercise, needs_terms=[other for other in fields["needs_terms"] if other != group])


MUTANTS_BY_KIND: dict[str, Callable[[Exercise], Iterator[Exercise]]] = {
    "number": _number_mutants,
    "choice": _choice_mutants,
    "text": _text_mutants,
    "set": _set_mutants,
    "table": _table_mutants,
    "function": _function_mutants,
}


def _is_killed(reply: Reply, suite: Suite) -> bool:
    """Tell whether some control sees a line that it does not expect."""
    try:
        return any(
            reply(exercise_id, key, answer) != line for exercise_id, key, answers in suite for answer, line in answers
        )
    except Exception:  # a mutant that breaks down is noticed as well
        return True


@pytest.fixture(scope="module")
def known() -> list[tuple[Exercise, list[tuple[object, str]]]]:
    """Return every exercise, of the book and of the fixtures, with its controls as values and lines."""
    paths = [*specifications(EXERCISES), *specifications(FIXTURES)]
    return [
        (exercise, [(evaluate(control.code), control.line) for control in controls(exercise)])
        for path in paths
        for exercise in exercises(path)
    ]


@pytest.fixture(scope="module")
def suite(known: list[tuple[Exercise, list[tuple[object, str]]]]) -> Suite:
    return [(exercise.id, make_key(exercise), answers) for exercise, answers in known]


def test_the_unchanged_engine_passes_every_control(suite: Suite):
    assert not _is_killed(_load_engine(), suite)


def test_at_least_95_percent_of_the_mutants_are_killed(
    known: list[tuple[Exercise, list[tuple[object, str]]]], suite: Suite, record_property: Callable[[str, object], None]
):
    def dies(exercise: Exercise, mutant: Exercise, answers: list[tuple[object, str]]) -> bool:
        return _is_killed(checking.reply, [(exercise.id, make_key(mutant), answers)])

    fates = {
        f"{module}: {old} -> {new}": _is_killed(_load_engine(module, old, new), suite) for module, old, new in ENGINE
    }
    sentences = []
    for exercise, answers in known:
        for number, mutant in enumerate(_spec_mutants(exercise)):
            fates[f"{exercise.id}, mutant {number}"] = dies(exercise, mutant, answers)
        sentences += [dies(exercise, mutant, answers) for mutant in _sentence_mutants(exercise)]
    killed, survivors = sum(fates.values()), [name for name, dead in fates.items() if not dead]
    score = f"{killed} of {len(fates)} killed ({100 * killed / len(fates):.1f} %)"
    record_property("mutation score", f"{score}; {sum(sentences)} of {len(sentences)} changed sentences, counted apart")
    assert killed / len(fates) >= 0.95, survivors
    assert all(sentences)
