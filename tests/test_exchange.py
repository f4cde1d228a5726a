"""What learning platforms import says what the exercises say, question by question, in the words of other readers."""

import dataclasses
import io
import json
import logging
import re
import unittest
import zipfile
from xml.etree import ElementTree as ET

import pytest
from bs4 import BeautifulSoup

from casebook.answers import read, scalar
from casebook.checking import reply
from casebook.errors import CasebookError
from tests.qti_reader import questions
from tests.running import SAMPLE
from tools.exchange import __main__ as command
from tools.exchange import cartridge, moodle, qti, web_pages
from tools.exchange.prompts import Prompt, prompt
from tools.exchange.questions import bank, chapters_with_exercises, question, site_address
from tools.files import BOOK, EXERCISES
from tools.keys import checked_key, exercises

TITLE = "A title / with a slash & <signs>"
ADDRESS = "https://example.org/book"
BOX = "```{{exercise}} T\n:label: timeline-2\n\n{}\n```"
CP = f"{{{cartridge.CP}}}"

logging.getLogger().addFilter(lambda record: "Unexpected data" not in record.getMessage())  # pyslet, of bare texts


@pytest.fixture(scope="module")
def banks():
    return [bank(path) for path in chapters_with_exercises()]


@pytest.fixture(scope="module")
def asked(banks):
    return {each.id: each for found in banks for each in found.questions}


@pytest.fixture(scope="module")
def keyed(banks):
    """Return each exercise with its key, by its id."""
    return {
        each.id: (each, checked_key(each)) for found in banks for each in exercises(EXERCISES / f"{found.slug}.toml")
    }


@pytest.fixture(scope="module")
def packed(banks, site):
    return cartridge.cartridge(TITLE, banks, site)


@pytest.fixture(scope="module")
def unpacked(packed):
    with zipfile.ZipFile(io.BytesIO(packed)) as files:
        return {name: files.read(name) for name in files.namelist()}


@pytest.fixture(scope="module")
def manifest(unpacked):
    return ET.fromstring(unpacked["imsmanifest.xml"])


@pytest.fixture(scope="module")
def in_cartridge(unpacked):
    found = [each for name in unpacked if name.startswith("quiz-") for each in questions(unpacked[name])]
    return {each["id"]: each for each in found}


@pytest.fixture(scope="module")
def in_canvas(banks):
    with zipfile.ZipFile(io.BytesIO(qti.canvas_package(banks))) as files:
        quizzes = [files.read(name) for name in files.namelist() if name != "imsmanifest.xml"]
    return {each["id"]: each for quiz in quizzes for each in questions(quiz)}


@pytest.fixture(scope="module")
def in_moodle(banks):
    root = ET.fromstring(moodle.question_bank(banks, TITLE))
    return {each.findtext("idnumber"): each for each in root if each.get("type") != "category"}


# --- which exercises become questions


def test_every_choice_number_and_text_is_a_question_and_nothing_else_is_lost(banks, asked, keyed):
    kinds = {name: exercise.kind for name, (exercise, _) in keyed.items()}
    assert {name for name, kind in kinds.items() if kind in ("choice", "number", "text")} <= set(asked)
    left = {name for each in banks for name in each.left_out}
    assert {kinds[name] for name in left} == {"set", "table", "function", "judgement"}
    assert left | set(asked) == set(kinds)
    assert len(asked) > 40


def test_a_set_is_a_question_where_the_prompt_lists_what_to_choose_from(asked, keyed):
    sets = {name for name, each in asked.items() if each.kind == "set"}
    assert sets == {"legal-basis-1", "aftermath-2"}
    for name in sets:
        right = {scalar(option.name) for option in asked[name].options if option.right}
        assert right == {scalar(member) for member in keyed[name][0].right[0].value}
        assert len(right) < len(asked[name].options)


def test_the_key_of_every_question_is_right_by_the_books_own_check(asked, keyed):
    for name, each in asked.items():
        key = keyed[name][1]
        right = [option.name for option in each.options if option.right]
        given = {"choice": right[:1], "set": [right], "number": [each.number], "text": each.right}[each.kind]
        assert given
        for answer in given:
            assert reply(name, key, answer) == f"{name}: correct. {each.so_what}"


def test_every_wrong_answer_earns_the_sentence_that_the_book_says(asked, keyed):
    counted = 0
    for name, each in asked.items():
        wrong = [*each.wrong, *((option.name, option.says) for option in each.options if option.says)]
        counted += len(wrong)
        for answer, says in wrong:
            assert reply(name, keyed[name][1], answer) == f"{name}: not yet. {says}"
    assert counted > 120


# --- the questions stand alone


def test_a_question_holds_no_link_into_the_book_and_no_word_for_the_notebook(asked):
    for each in asked.values():
        texts = [each.html, *(option.html for option in each.options)]
        for text in texts:
            assert "href" not in text
            assert not re.search(r"\]\(|\*\*|```|:label:|Answer with a letter|To try the checks", text), each.id


def test_a_row_that_is_named_is_told_below_the_question(asked):
    assert "The rows named above" in asked["timeline-2"].html
    for row in ("C191", "C192", "E010"):
        assert f"<strong>{row}</strong>: " in asked["timeline-2"].html
    assert "<strong>C002</strong>" in asked["sources-4"].html  # linked from an option only
    assert "<strong>A3</strong>" in asked["interpretations-2"].html  # named without a link


def test_cyrillic_in_a_question_carries_its_language(asked):
    passages = BeautifulSoup(asked["timeline-2"].html, "html.parser").find_all(string=re.compile("[а-я]"))
    assert passages
    assert all(passage.find_parent(lang="ru") for passage in passages)


def test_where_the_site_has_an_address_rows_are_links_to_it():
    found = {each.id: each for each in bank(BOOK / "timeline.ipynb", ADDRESS).questions}
    assert f'<a href="{ADDRESS}/evidence.html#c191">C191</a>' in found["timeline-2"].html
    assert f'<a href="{ADDRESS}/timeline.html">' in found["timeline-2"].html
    assert "The rows named above" not in found["timeline-2"].html


def test_an_address_elsewhere_stays_as_it_is():
    made = prompt(BOX.format("See [there](https://example.net/x.md) and [here](method.md#a)."), "T", "t", ADDRESS)
    assert 'href="https://example.net/x.md"' in made.html
    assert f'href="{ADDRESS}/method.html#a"' in made.html


def test_the_address_of_the_site_is_read_from_the_configuration(tmp_path):
    path = tmp_path / "_config.yml"
    path.write_text(f"html:\n  baseurl: {ADDRESS}/\n", encoding="utf-8")
    assert site_address(path) == ADDRESS
    path.write_text("title: x\n", encoding="utf-8")
    assert site_address(path) == ""


def test_a_cell_that_is_no_exercise_box_is_refused():
    with pytest.raises(CasebookError, match=r"t\.ipynb: the cell that begins 'Some words' is not one \{exercise\} box"):
        prompt("Some words", "T", "t")


def test_options_that_differ_from_the_description_are_refused(keyed):
    exercise, _ = keyed["timeline-2"]
    with pytest.raises(CasebookError, match=r"the options are a, b, c, d there and a in the notebook; make them the s"):
        question(exercise, prompt(BOX.format("Which?\n\n- **a.** This."), "T", "t"))


def test_a_wrong_answer_that_is_no_number_is_left_to_the_platform():
    number = next(each for each in exercises(SAMPLE) if "thirty" in [form.value for form, _ in each.wrong])
    made = question(number, Prompt("<p>How many?</p>", {}, ()))
    assert made.number == 32.5
    assert made.tolerance == 0.1
    assert [answer for answer, _ in made.wrong] == ["48.1481481481", "30.8"]


def test_an_exercise_that_the_notebook_lacks_is_refused(tmp_path):
    notebook = json.loads((BOOK / "timeline.ipynb").read_text(encoding="utf-8"))
    notebook["cells"] = [cell for cell in notebook["cells"] if cell["id"] != "ex-timeline-2"]
    (tmp_path / "timeline.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    with pytest.raises(CasebookError, match="timeline.ipynb has no exercise 'timeline-2'; add its cells, or take out"):
        bank(tmp_path / "timeline.ipynb")


# --- QTI, read back by pyslet


def differences(each, found, *, canvas):
    """List what another reader finds otherwise in a question."""
    types = {"question_type": qti.CANVAS_TYPES[each.kind], "points_possible": "1"}
    cut_off = "" if canvas else qti.cut_off(each)
    expected = {
        "title": each.title,
        "type": types if canvas else {"cc_profile": qti.PROFILES[each.kind]},
        "html": each.html + cut_off,
        "options": {option.name: option.html for option in each.options},
        "multiple": each.kind == "set",
        "so_what": each.so_what,
        "hint": each.hint,
        "score": [100.0],
        "else": ["other"],
    }
    expected["right"] = right(each, canvas=canvas)
    expected["wrong"] = [([option.name], option.says) for option in each.options if option.says]
    return [name for name, value in expected.items() if found[name] != value]


def right(each, *, canvas):
    """Say which condition a right answer meets, as the reader tells it."""
    if each.kind == "choice":
        return [option.name for option in each.options if option.right]
    if each.kind == "set":
        return [("and", [option.name if option.right else ("not", option.name) for option in each.options])]
    if each.kind == "text":
        return list(each.right)
    if canvas:
        low, high = (float(f"{each.number + side * each.tolerance:.12g}") for side in (-1, 1))
        return [("vargte", low), ("varlte", high)]
    return qti.decimals(each.number, each.tolerance)


@pytest.mark.parametrize("canvas", [False, True], ids=["cartridge", "Canvas"])
def test_pyslet_reads_every_question_back_as_it_is(asked, in_cartridge, in_canvas, canvas):
    found = in_canvas if canvas else in_cartridge
    assert list(found) == list(asked)
    assert {name: differences(each, found[name], canvas=canvas) for name, each in asked.items()} == {
        name: [] for name in asked
    }


def test_no_wrong_text_or_number_is_named_where_canvas_would_take_it_for_right(asked, in_cartridge, in_canvas):
    typed = [name for name, each in asked.items() if not each.options]
    assert len(typed) > 20
    for found in (in_cartridge, in_canvas):
        assert [name for name in typed if found[name]["wrong"]] == []


@pytest.mark.parametrize(
    ("name", "old", "new", "seen"),
    [
        ("timeline-2", "The price cuts ended", "The price cuts began", ["options"]),
        ("timeline-2", 'respident="response1">b<', 'respident="response1">c<', ["right"]),
        ("timeline-2", "Which sentence do rows", "Which sentence do", ["html"]),
        ("timeline-2", "Two rows record lower prices", "Three rows record lower prices", ["wrong"]),
        ("timeline-2", "Read the three rows again", "Read them again", ["hint"]),
        ("timeline-2", "That is all the rows say.", "That is nearly all.", ["so_what"]),
        ("timeline-1", ">17.0<", ">17.5<", ["right"]),
        ("timeline-7", ">Geneva<", ">Genf<", ["right"]),
    ],
)
def test_a_question_that_was_changed_on_the_way_is_found(asked, unpacked, name, old, new, seen):
    written = unpacked["quiz-timeline/quiz-timeline.xml"].decode()
    at = written.index(f'<item ident="{name}"')
    assert old in written[at:]
    planted = written[:at] + written[at:].replace(old, new, 1)
    (found,) = [each for each in questions(planted.encode()) if each["id"] == name]
    assert differences(asked[name], found, canvas=False) == seen


def test_every_decimal_that_a_cartridge_accepts_is_right_by_the_books_own_check(asked, keyed):
    for name, each in asked.items():
        if each.kind == "number":
            listed = qti.decimals(each.number, each.tolerance)
            assert all(reply(name, keyed[name][1], text).startswith(f"{name}: correct. ") for text in listed)
            step = 10.0 ** -qti.places(each.number, each.tolerance)
            numbers = [read(keyed[name][1], text)[0] for text in listed]
            assert min(numbers) - step < each.number - each.tolerance <= min(numbers) + 1e-9
            assert max(numbers) - 1e-9 <= each.number + each.tolerance < max(numbers) + step
            assert f"at most {qti.places(each.number, each.tolerance)} decimal place" in qti.cut_off(each)


@pytest.mark.parametrize(
    ("number", "tolerance", "listed"),
    [
        (8.0, 0.1, ["8", "7.9", "7,9", "8.0", "8,0", "8.1", "8,1"]),
        (0.25, 0.004, ["0.25", "0,25", "0.246", "0,246", "0.247"]),
        (-1.5, 0.5, ["-2", "-1", "-2.0", "-2,0", "-1.9"]),
    ],
)
def test_decimals_begin_with_the_shortest_and_keep_to_the_tolerance(number, tolerance, listed):
    found = qti.decimals(number, tolerance)
    assert found[: len(listed)] == listed
    assert all(abs(float(text.replace(",", ".")) - number) <= tolerance + 1e-9 for text in found)


# What may stand where in the profile of Common Cartridge 1.1, and which labels metadata may have.
PROFILE = {
    "questestinterop": {"assessment"},
    "assessment": {"qtimetadata", "section"},
    "section": {"item"},
    "item": {"itemmetadata", "presentation", "resprocessing", "itemfeedback"},
    "itemmetadata": {"qtimetadata"},
    "qtimetadata": {"qtimetadatafield"},
    "qtimetadatafield": {"fieldlabel", "fieldentry"},
    "presentation": {"material", "response_lid", "response_str"},
    "material": {"mattext"},
    "response_lid": {"render_choice"},
    "response_str": {"render_fib"},
    "render_choice": {"response_label"},
    "render_fib": {"response_label"},
    "response_label": {"material"},
    "resprocessing": {"outcomes", "respcondition"},
    "outcomes": {"decvar"},
    "respcondition": {"conditionvar", "setvar", "displayfeedback"},
    "conditionvar": {"and", "other", "varequal"},
    "and": {"not", "varequal"},
    "not": {"varequal"},
    "itemfeedback": {"flow_mat"},
    "flow_mat": {"material"},
}
LABELS = {"cc_profile", "qmd_assessmenttype", "qmd_scoretype", "cc_maxattempts"}


def breaches(content):
    """List the rules of the profile that an assessment breaks: what stands where, labels, identifiers, feedback."""
    root = ET.fromstring(content)
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
    found = [f"{child.tag} in {each.tag}" for each in root.iter() for child in each
             if child.tag not in PROFILE.get(each.tag, ())]  # fmt: skip
    found += [f"label {label.text}" for label in root.iter("fieldlabel") if label.text not in LABELS]
    items = [item.get("ident") for item in root.iter("item")]
    found += [f"repeated {name}" for name in set(items) if items.count(name) > 1]
    for item in root.iter("item"):
        name = item.get("ident")
        kind = item.findtext("itemmetadata//fieldentry")
        labels = {label.get("ident") for label in item.iter("response_label")}
        response = item.find("presentation/*[@rcardinality]")
        tests = list(item.iter("varequal"))
        feedback = {each.get("ident") for each in item.findall("itemfeedback")}
        shown = {each.get("linkrefid") for each in item.iter("displayfeedback")}
        choice = kind in (qti.PROFILES["choice"], qti.PROFILES["set"])
        least = {qti.PROFILES["choice"]: 3, qti.PROFILES["set"]: 2}.get(kind, 1)
        rules = {
            "kind": kind in qti.PROFILES.values(),
            "cardinality": response.get("rcardinality") == ("Multiple" if kind == qti.PROFILES["set"] else "Single"),
            "response": response.tag == ("response_lid" if choice else "response_str"),
            "labels": len(labels) >= least,
            "response identifier": {test.get("respident") for test in tests} == {response.get("ident")},
            "tested labels": not choice or {test.text for test in tests} <= labels,
            "feedback": feedback == shown,
        }
        found += [f"{rule} of {name}" for rule, kept in rules.items() if not kept]
    return found


def test_every_quiz_keeps_to_the_profile(unpacked):
    quizzes = [content for name, content in unpacked.items() if name.startswith("quiz-")]
    assert len(quizzes) == len(chapters_with_exercises())
    assert [breaches(quiz) for quiz in quizzes] == [[]] * len(quizzes)


@pytest.mark.parametrize(
    ("old", "new", "breach"),
    [
        ("<other />", "<or />", "or in conditionvar"),
        ("cc_maxattempts", "cc_attempts", "label cc_attempts"),
        ('<item ident="timeline-2"', '<item ident="timeline-1"', "repeated timeline-1"),
        ("cc.multiple_choice.v0p1", "cc.multiple_response.v0p1", "cardinality of timeline-2"),
        ('linkrefid="a_fb"', 'linkrefid="z_fb"', "feedback of timeline-2"),
        ('<varequal respident="response1">a<', '<varequal respident="response1">z<', "tested labels of timeline-2"),
        ('<varequal respident="response1">a<', '<varequal respident="response2">a<',
         "response identifier of timeline-2"),
    ],
)  # fmt: skip
def test_a_quiz_that_breaks_the_profile_is_found(unpacked, old, new, breach):
    written = unpacked["quiz-timeline/quiz-timeline.xml"].decode()
    assert old in written
    assert breach in breaches(written.replace(old, new, 1).encode())


def test_the_dialect_of_canvas_is_not_the_profile(banks):
    assert "vargte in conditionvar" in breaches(qti.assessment(banks[0], canvas=True))


# --- Moodle XML


def test_moodle_reads_every_question_as_it_is(asked, in_moodle):
    assert list(in_moodle) == list(asked)
    for name, each in asked.items():
        found = in_moodle[name]
        answers = [
            (answer.findtext("text"), float(answer.get("fraction")), answer.findtext("feedback/text") or "")
            for answer in found.findall("answer")
        ]
        assert found.get("type") == moodle.TYPES[each.kind]
        assert found.findtext("questiontext/text") == each.html
        assert found.findtext("name/text") == f"{name} {each.title}"
        if each.options:
            assert [(text, says) for text, _, says in answers] == [
                (option.html, option.says) for option in each.options
            ]
            assert sum(share for _, share, _ in answers if share > 0) == pytest.approx(100, abs=1e-3)
            assert [share > 0 for _, share, _ in answers] == [option.right for option in each.options]
            assert found.findtext("single") == str(each.kind == "choice").lower()
            assert found.findtext("correctfeedback/text") == each.so_what
            assert found.findtext("incorrectfeedback/text") == each.hint
        else:
            number = each.kind == "number"
            first = [f"{each.number:.12g}"] if number else list(each.right)
            assert answers == [
                *((text, 100.0, each.so_what) for text in first),
                *((text, 0.0, says) for text, says in each.wrong),
                (moodle.ANYTHING, 0.0, each.hint),
            ]
            tolerances = {answer.findtext("tolerance") for answer in found.findall("answer")[:-1]}
            assert tolerances == ({f"{each.tolerance:.12g}"} if number else {None})


def test_ticking_every_option_of_a_set_earns_nothing_in_moodle(in_moodle):
    shares = [float(answer.get("fraction")) for answer in in_moodle["legal-basis-1"].findall("answer")]
    assert sum(shares) < 0 < max(shares)


def test_each_chapter_is_a_category_of_moodle(banks):
    root = ET.fromstring(moodle.question_bank(banks, TITLE))
    found = [each.findtext("category/text") for each in root if each.get("type") == "category"]
    assert found == [f"$course$/top/A title // with a slash & <signs>/{each.title}" for each in banks]


# --- the cartridge


def profile_faults(path):
    """Let pyslet's own tests of the profile judge a cartridge."""
    from pyslet import imscc_profilev1p0, imscc_profilev1p1

    suite = imscc_profilev1p0.CCTestSuite(imscc_profilev1p1.CommonCartridge(str(path)))
    result = unittest.TextTestRunner(stream=io.StringIO()).run(suite)
    assert result.testsRun >= 8
    return [str(test) for test, _ in [*result.failures, *result.errors]]


def test_pyslet_finds_nothing_against_the_profile(packed, banks, site, tmp_path):
    for name, content in {"pages": packed, "links": cartridge.cartridge(TITLE, banks, site, ADDRESS)}.items():
        (tmp_path / f"{name}.imscc").write_bytes(content)
        assert profile_faults(tmp_path / f"{name}.imscc") == []


def test_pyslet_finds_a_file_that_no_resource_names(packed, tmp_path):
    path = tmp_path / "planted.imscc"
    path.write_bytes(packed)
    with zipfile.ZipFile(path, "a") as files:
        files.writestr("quiz-timeline/stray.txt", "stray")
    assert profile_faults(path)


def structure_faults(files):
    """List what the manifest promises and the cartridge lacks, and what lies in it unnamed."""
    manifest = ET.fromstring(files["imsmanifest.xml"])
    named = {file.get("href") for file in manifest.iter(f"{CP}file")}
    resources = [resource.get("identifier") for resource in manifest.iter(f"{CP}resource")]
    ids = [element.get("identifier") for element in manifest.iter() if element.get("identifier")]
    used = [
        *(item.get("identifierref") for item in manifest.iter(f"{CP}item") if item.get("identifierref")),
        *(needed.get("identifierref") for needed in manifest.iter(f"{CP}dependency")),
    ]
    return [
        *(f"missing file {name}" for name in sorted(named - files.keys())),
        *(f"unnamed file {name}" for name in sorted(files.keys() - named - {"imsmanifest.xml"})),
        *(f"missing resource {name}" for name in sorted(set(used) - set(resources))),
        *(f"unused resource {name}" for name in sorted(set(resources) - set(used))),
        *(f"repeated identifier {name}" for name in sorted({name for name in ids if ids.count(name) > 1})),
    ]


def test_manifest_and_files_agree(unpacked):
    assert structure_faults(unpacked) == []


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('<file href="pages/epub.css"', '<file href="pages/other.css"', "missing file pages/other.css"),
        ('identifierref="quiz-timeline"', 'identifierref="quiz-nowhere"', "missing resource quiz-nowhere"),
        ('identifier="page-sources"', 'identifier="page-timeline"', "repeated identifier page-timeline"),
    ],
)
def test_a_manifest_that_promises_too_much_is_found(unpacked, old, new, fault):
    planted = unpacked["imsmanifest.xml"].decode().replace(old, new, 1)
    assert fault in structure_faults(unpacked | {"imsmanifest.xml": planted.encode()})


def test_a_cartridge_has_one_module_a_chapter_with_its_page_and_its_quiz(manifest, banks):
    assert manifest.findtext(f"{CP}metadata/{CP}schemaversion") == "1.1.0"
    assert manifest.findtext(f".//{{{cartridge.LOM}}}string") == TITLE
    (root,) = manifest.iter(f"{CP}organization")
    modules = {module.findtext(f"{CP}title"): module for module in root.find(f"{CP}item").findall(f"{CP}item")}
    assert list(modules) == [*(each.title for each in banks), "Reference"]
    for each in banks:
        found = [item.get("identifierref") for item in modules[each.title].findall(f"{CP}item")]
        assert found == [f"page-{each.slug}", f"quiz-{each.slug}"]


def test_where_the_site_has_an_address_the_chapters_are_links_to_it(banks, tmp_path):
    with zipfile.ZipFile(io.BytesIO(cartridge.cartridge(TITLE, banks, tmp_path, ADDRESS))) as files:
        link = ET.fromstring(files.read("link-timeline/link-timeline.xml"))
        assert not [name for name in files.namelist() if name.startswith(cartridge.PAGES)]
        assert structure_faults({name: files.read(name) for name in files.namelist()}) == []
    assert link.find(f"{{{cartridge.LINK}}}url").get("href") == f"{ADDRESS}/timeline.html"
    assert link.findtext(f"{{{cartridge.LINK}}}title") == banks[0].title


@pytest.fixture(scope="module")
def pages(unpacked):
    found = {
        name: BeautifulSoup(content, "html.parser") for name, content in unpacked.items() if name.endswith(".html")
    }
    assert len(found) > 6
    return found


def test_pages_hold_no_solution_no_script_and_no_dead_link(unpacked, pages):
    ids = {name: {tag["id"] for tag in soup.find_all(id=True)} for name, soup in pages.items()}
    for name, soup in pages.items():
        assert not soup.select("script, .tag_solution, .tag_check, .tag_exercise"), name
        assert "To try the checks" not in soup.get_text()
        for link in soup.select("a[href]:not([href*=':'])"):
            target, _, anchor = link["href"].partition("#")
            target = f"{cartridge.PAGES}/{target}" if target else name
            assert target in unpacked, (name, link)
            assert not anchor or anchor in ids[target], (name, link)
        for image in soup.find_all("img"):
            assert image["src"].startswith("data:") or f"{cartridge.PAGES}/{image['src']}" in unpacked


def test_no_sentence_that_a_right_answer_earns_stands_on_a_page(pages, keyed):
    texts = {name: " ".join(soup.get_text(" ").split()) for name, soup in pages.items()}
    found = [
        (name, page)
        for name, (exercise, _) in keyed.items()
        for page, text in texts.items()
        if exercise.fields["so_what"] in text
    ]
    assert found == []


def test_a_page_with_a_solution_would_be_found(site):
    """Plant what the reduction removes, and see that the comparison above would find it."""
    whole = BeautifulSoup((site / "timeline.html").read_text(encoding="utf-8"), "html.parser")
    assert whole.select(".tag_solution")
    assert "To try the checks" in whole.get_text()
    assert "That is all the rows say. Whether it shows" in " ".join(whole.get_text(" ").split())


def test_a_link_to_a_page_that_does_not_travel_becomes_words(tmp_path):
    links = {
        "timeline": "other.html#a, teaching/rubrics.html, https://example.net/x",
        "other": "third.html, timeline.html",
        "third": "other.html",
        "teaching/rubrics": "../timeline.html",
    }
    for name, targets in links.items():
        path = tmp_path / f"{name}.html"
        path.parent.mkdir(exist_ok=True)
        body = " ".join(f'<a href="{target}">{target}</a>' for target in targets.split(", "))
        path.write_text(f'<article class="bd-article"><h1>{name}</h1>{body}</article>', encoding="utf-8")
    found = web_pages.contents(tmp_path, ["timeline"])
    kept = {name: [link["href"] for link in page.find_all("a")] for name, page in found.items()}
    assert kept == {"timeline": ["other.html#a", "https://example.net/x"], "other": ["timeline.html"]}
    assert "teaching/rubrics.html" in found["timeline"].get_text()
    assert "third.html" in found["other"].get_text()


def test_a_site_that_is_not_built_is_named(banks, tmp_path):
    with pytest.raises(CasebookError, match=r"timeline\.html is missing; run 'make book' first\."):
        web_pages.contents(tmp_path, ["timeline"])


# --- the command


def test_the_same_input_gives_the_same_bytes(banks):
    assert qti.canvas_package(banks) == qti.canvas_package(banks)
    assert qti.archive({"a": b"1"}) == qti.archive({"a": b"1"})


def test_the_command_writes_every_file_and_says_what_it_is(tmp_path, monkeypatch, capsys, banks):
    monkeypatch.setattr(command, "FOLDER", tmp_path)
    monkeypatch.setattr(command, "site_address", lambda: ADDRESS)
    monkeypatch.setattr(command, "bank", lambda path, _: next(each for each in banks if each.slug == path.stem))
    monkeypatch.setattr(command.build, "build", lambda: pytest.fail("a site with an address is not built again"))
    assert command.main() == 0
    told = capsys.readouterr().out
    for name in (command.CARTRIDGE, command.CANVAS, command.MOODLE, command.NBGRADER):
        assert (tmp_path / name).exists()
        assert f"  {name}" in told
    assert "import them as an instructor" in told


def test_the_command_tells_a_mistake_in_one_sentence(monkeypatch, capsys):
    def refuse():
        raise CasebookError("The site was not built.")

    monkeypatch.setattr(command.build, "build", refuse)
    assert command.main() == 1
    assert capsys.readouterr().err == "The site was not built.\n"


def test_a_wrong_text_and_a_right_one_are_never_the_same(asked):
    for each in asked.values():
        assert not {text.casefold() for text in each.right} & {text.casefold() for text, _ in each.wrong}
        assert len({text for text, _ in each.wrong}) == len(each.wrong)
    assert dataclasses.replace(asked["timeline-7"], right=("Moscow",)).right[0] in dict(asked["timeline-7"].wrong)
