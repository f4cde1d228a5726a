"""The pages on teaching: what is computed in them follows the chapters, and refuses what cannot be taught."""

import dataclasses
import re

import pytest

from casebook.errors import CasebookError
from tools import ai_use, exercises, lessons, numbers, passages, syllabi, teaching_pages
from tools.files import EXERCISES, chapters
from tools.teaching_times import chapters_by_slug, exercise_minutes, share_out

CHAPTERS = chapters_by_slug()
LESSONS = {slug: lessons.lesson_of(slug) for slug in CHAPTERS}


@pytest.mark.parametrize("page", teaching_pages.pages(), ids=lambda page: page.stem)
def test_the_pages_keep_the_number_rule(page):
    assert numbers.page_problems(page) == []


@pytest.mark.parametrize(
    ("prose", "breach"),
    [
        ("Of the dead 19 were officers.", "the number '19' is bare"),
        ("The toll was [239](../evidence.md#c030).", "the link shows '239', but row C030 says"),
        ("See [the row](../evidence.md#c999).", "leads to no row of that page"),
        ("It takes forty students.", "the number 'forty' is bare"),
    ],
)
def test_a_page_that_breaks_the_number_rule_is_named(tmp_path, prose, breach):
    page = tmp_path / "page.md"
    page.write_text(f"# Page\n\n{prose}\n", encoding="utf-8")
    (told,) = numbers.page_problems(page)
    assert breach in told


def test_numbers_in_a_computed_passage_and_links_to_rows_are_fine(tmp_path):
    page = tmp_path / "page.md"
    text = "# Page\n\n[238](../evidence.md#c030)\n\n<!-- computed: aims timeline -->\n\n90 minutes\n\n<!-- end -->\n"
    page.write_text(text, encoding="utf-8")
    assert numbers.page_problems(page) == []


def test_a_passage_is_written_anew_and_nothing_else_is_touched():
    text = "Before.\n\n<!-- computed: times two-weeks -->\nold\n<!-- end -->\n\nAfter.\n"
    written = passages.filled(text, {"times": lambda of: f"for {of}"}, "page")
    assert written == "Before.\n\n<!-- computed: times two-weeks -->\n\nfor two-weeks\n\n<!-- end -->\n\nAfter.\n"
    assert passages.filled(written, {"times": lambda of: f"for {of}"}, "page") == written
    assert passages.without_passages(written) == "Before.\n\n\n\nAfter.\n"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("<!-- computed: tiems -->\n<!-- end -->", "page: nothing computes 'tiems'; write one of times."),
        ("<!-- computed: times -->\n", "page: a computed passage has no end"),
        ("<!-- computed: times -->\nx\n<!-- computed: times -->\n<!-- end -->", "page: a computed passage has no end"),
    ],
)
def test_a_passage_that_nothing_computes_or_that_has_no_end_is_refused(text, sentence):
    with pytest.raises(CasebookError, match=sentence):
        passages.filled(text, {"times": lambda: ""}, "page")


@pytest.mark.parametrize("slug", CHAPTERS)
def test_the_minutes_of_the_exercises_add_up_to_the_chapters(slug):
    minutes = exercise_minutes(CHAPTERS[slug])
    assert sum(minutes.values()) == CHAPTERS[slug].do
    assert min(minutes.values()) > 0
    assert list(minutes) == [exercise["id"] for exercise in exercises.read(EXERCISES / f"{slug}.toml")]


def test_a_whole_is_shared_out_by_weight_without_a_rest():
    assert share_out(10, [1, 1, 1]) == [4, 3, 3]
    assert share_out(90, [3, 1, 2]) == [45, 15, 30]


@pytest.mark.parametrize("slug", LESSONS)
def test_a_session_lasts_as_long_as_it_may_and_no_step_is_none(slug):
    assert sum(step.minutes for step in LESSONS[slug]) == lessons.SESSION
    assert all(step.minutes >= lessons.LEAST for step in LESSONS[slug])


def test_a_short_exercise_gets_the_minutes_that_a_class_needs():
    steps = [{"what": "Alone:", "exercises": [5]}, {"what": "Talk.", "weight": 1}]
    given = lessons.lesson(CHAPTERS["timeline"], steps, {"timeline-5": 2}, session=20)
    assert [step.minutes for step in given] == [lessons.LEAST, 20 - lessons.LEAST]


def test_an_exercise_at_home_cannot_be_without_tools(monkeypatch):
    guidance = {name: dict(entry) for name, entry in ai_use.guidance().items()}
    guidance["legal-basis-8"]["rule"] = "without"
    monkeypatch.setattr(ai_use, "guidance", lambda: guidance)
    with pytest.raises(CasebookError, match="legal-basis-8 is done at home, where no tool can be kept out; choose"):
        ai_use.ai_table("legal-basis")


def test_an_overfull_session_is_refused():
    chapter = CHAPTERS["timeline"]
    steps = [{"what": "Talk.", "weight": 1}, {"what": "Work:", "exercises": [13, 14]}]
    minutes = {"timeline-13": 40, "timeline-14": 49}
    with pytest.raises(CasebookError, match="the session on timeline is overfull, a step has 1 of at least 5 minutes"):
        lessons.lesson(chapter, steps, minutes)
    assert [step.minutes for step in lessons.lesson(chapter, steps, minutes, session=100)] == [11, 89]


def test_a_step_with_an_exercise_that_does_not_exist_is_refused():
    steps = [{"what": "Talk.", "weight": 1}, {"what": "Work:", "exercises": [99]}]
    with pytest.raises(CasebookError, match="timeline has no exercise 'timeline-99'; name another"):
        lessons.lesson(CHAPTERS["timeline"], steps, exercise_minutes(CHAPTERS["timeline"]))


def test_the_clock_of_a_lesson_plan_runs_to_the_end_of_the_session():
    steps = re.findall(r"(?m)^\| (\d+) \| (\d+) \|", lessons.timing("timeline"))
    assert steps[0][0] == "0"
    ends = [int(start) + int(minutes) for start, minutes in steps]
    assert ends == [*(int(start) for start, _ in steps[1:]), lessons.SESSION]
    assert f"| {lessons.SESSION} |  | The end. |" in lessons.timing("timeline")


@pytest.mark.parametrize("name", syllabi.syllabi())
def test_no_slot_of_a_syllabus_is_overfull_and_no_minute_is_lost(name):
    syllabus = syllabi.syllabi()[name]
    slots = syllabi.timetable(name, syllabus, CHAPTERS, LESSONS)
    assert max(slot.minutes for slot in slots if not slot.in_class) <= syllabus["home"]
    taught = [CHAPTERS[meeting["chapter"]] for meeting in syllabus["meetings"]]
    in_class = sum(
        exercise_minutes(chapter)[done]
        for chapter in taught
        for step in LESSONS[chapter.slug]
        for done in step.exercises
    )
    at_home = sum(slot.minutes for slot in slots if not slot.in_class)
    assert at_home + in_class == sum(chapter.read + chapter.do for chapter in taught)


def test_a_changed_minute_changes_the_timetable():
    syllabus = {"home": 150, "meetings": [{"when": "Monday", "chapter": "timeline"}]}
    before = syllabi.timetable("one", syllabus, CHAPTERS, LESSONS)
    longer = dataclasses.replace(CHAPTERS["timeline"], read=CHAPTERS["timeline"].read + 1)
    after = syllabi.timetable("one", syllabus, CHAPTERS | {"timeline": longer}, LESSONS)
    assert after[0].minutes == before[0].minutes + 1
    assert after[1:] == before[1:]


def test_a_chapter_with_too_many_minutes_makes_a_timetable_fail():
    syllabus = {"home": 150, "meetings": [{"when": "Monday", "chapter": "timeline"}]}
    longer = dataclasses.replace(CHAPTERS["timeline"], read=151)
    with pytest.raises(CasebookError, match="one, before Monday: 151 minutes are more than 150; take something out"):
        syllabi.timetable("one", syllabus, CHAPTERS | {"timeline": longer}, LESSONS)


def test_a_meeting_longer_than_a_session_is_refused():
    syllabus = {"home": 150, "meetings": [{"when": "Monday", "chapter": "timeline"}]}
    long = {"timeline": [lessons.Step("Talk.", lessons.SESSION + 1, [])]}
    with pytest.raises(CasebookError, match="one, Monday: 91 minutes are more than 90"):
        syllabi.timetable("one", syllabus, CHAPTERS, long)


def test_a_chapter_before_the_one_that_it_needs_is_refused():
    syllabus = {"home": 150, "meetings": [{"when": "Monday", "chapter": "legal-basis"}]}
    with pytest.raises(CasebookError, match="legal-basis needs timeline before it; change the order"):
        syllabi.timetable("one", syllabus, CHAPTERS, LESSONS)


@pytest.mark.parametrize("reader", [lessons.plans, syllabi.syllabi, ai_use.guidance])
def test_a_file_that_is_not_toml_is_named(tmp_path, reader):
    path = tmp_path / "broken.toml"
    path.write_text("[x", encoding="utf-8")
    with pytest.raises(CasebookError, match=r"teaching/broken.toml is not TOML"):
        reader(path)


def test_every_exercise_has_its_guidance_on_ai():
    found = ai_use.guidance()
    assert len(found) == sum(len(exercises.read(EXERCISES / f"{path.stem}.toml")) for path in chapters())
    assert {entry["rule"] for entry in found.values()} == set(ai_use.RULES)
    advice = [entry["instead"] for entry in found.values()]
    assert len(set(advice)) == len(advice), "two exercises have the same advice; judge each by itself"


ENTRY = '[{}]\ndoes = "Solves it."\nrule = "{}"\ninstead = "Ask why."\n'


@pytest.mark.parametrize(
    ("entries", "sentence"),
    [
        (ENTRY.format("law-1", "open"), "says nothing of law-2; judge it and add it"),
        (ENTRY.format("law-1", "open") * 1 + ENTRY.format("law-2", "never"), "law-2: the rule is one of open, say"),
        ("".join(ENTRY.format(f"law-{n}", "open") for n in (1, 2, 3)), "speaks of law-3, which is no exercise"),
        (ENTRY.format("law-1", "open") + '[law-2]\ndoes = "x"\n', "law-2: give does, instead, rule, each a text"),
    ],
)
def test_missing_or_wrong_guidance_is_named(tmp_path, entries, sentence):
    header = 'kind = "choice"\ntitle = "T"\nobjective = "o"\ncode = false\n'
    (tmp_path / "law.toml").write_text(
        "".join(f'[[exercise]]\nid = "law-{number}"\n{header}' for number in (1, 2)), encoding="utf-8"
    )
    guidance = tmp_path / "other" / "ai-use.toml"
    guidance.parent.mkdir()
    guidance.write_text(entries, encoding="utf-8")
    with pytest.raises(CasebookError, match=sentence):
        ai_use.guidance(guidance, tmp_path)


def test_the_pages_are_as_refresh_writes_them():
    for path, content in teaching_pages.derived().items():
        assert path.read_bytes() == content, path.name


def test_a_chapter_without_a_lesson_is_named(monkeypatch):
    monkeypatch.setattr(lessons, "plans", dict)
    with pytest.raises(CasebookError, match="teaching/lessons.toml has no steps for 'timeline'; write them"):
        lessons.lesson_of("timeline")


def handed_out(plan: str) -> list[str]:
    """List the rows that a lesson plan says to hand out."""
    lines = re.findall(r"(?m)^\*\*Hand out\.\*\* .*$", plan)
    return re.findall(r"\(\.\./evidence[a-z-]*\.md#([\w-]+)\)", " ".join(lines))


@pytest.mark.parametrize("slug", CHAPTERS)
def test_a_lesson_plan_names_the_rows_to_hand_out(slug):
    rows = handed_out((teaching_pages.FOLDER / f"lesson-{slug}.md").read_text(encoding="utf-8"))
    assert len(rows) >= 6
    assert len(set(rows)) == len(rows)


@pytest.mark.parametrize(
    "plan",
    ["Print [C030](../evidence.md#c030).", "**Hand out.** Print the rows of the chapter.", "**Hand out.** C030."],
)
def test_a_plan_that_names_no_rows_to_hand_out_is_seen(plan):
    assert handed_out(plan) == []


HEADINGS = ["Aims", "Timing", "Likely misconceptions", "Board plan", "Discussion", "Exercises"]


@pytest.mark.parametrize("slug", CHAPTERS)
def test_a_lesson_plan_has_all_its_parts_and_ties_them_to_evidence(slug):
    text = (teaching_pages.FOLDER / f"lesson-{slug}.md").read_text(encoding="utf-8")
    assert re.findall(r"(?m)^## (.+)$", text) == HEADINGS
    part = dict(zip(HEADINGS, re.split(r"(?m)^## .+\n", text)[1:], strict=True))
    for misconception in re.findall(r"(?m)^- \*\*.*$", part["Likely misconceptions"]):
        assert re.search(rf"\(#{slug}-\d+\)|\(\.\./evidence[a-z-]*\.md#", misconception), misconception
    asked = re.findall(r"(?m)^\d+\. \*\*.*$", part["Discussion"])
    assert len(asked) >= 4
    for question in asked:
        assert "Good answers touch:" in question
        assert re.search(r"\(\.\./evidence[a-z-]*\.md#", question), question
    assert "```text" in part["Board plan"]
    assert part["Board plan"].count("\n- ") >= 3  # the same as a list
    sketch = re.search(r"(?s)```text\n(.*?)```", part["Board plan"])[1]
    assert max(map(len, sketch.splitlines())) <= 40  # wider would scroll on a phone
