"""What is handed out: no solution in anything that students get, and everything in what those who teach get.

The leak test plants a mark of its own in every solution of a copy of the book, and another kind of mark where students
may see it; then it makes the student edition once. The first marks must be nowhere. The second must be found in every
kind of place, or the search would be blind there.
"""

import ast
import os
import re
import shutil
import subprocess
import sys
import zipfile
import zlib
from importlib.metadata import packages_distributions, requires
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest
from nbformat.v4 import new_output
from packaging.requirements import Requirement
from pypdf import PdfReader, PdfWriter
from pypdfium2 import PdfDocument
from sample_chapter import cell

from casebook.errors import CasebookError
from tools import downloads, editions, leaks, reader_kit
from tools.browser import violations_on
from tools.editions import EDITIONS, refuse_exercises
from tools.files import BOOK, DATA, EXERCISES, ROOT, chapters, notebooks_in_toc
from tools.keys import exercises, specifications
from tools.leaks import Private, Search
from tools.notebooks import code_cells, read
from tools.reader_kit import lay_out
from tools.student_notebook import (
    TEACHING,
    for_students,
    is_solution,
    student_notebook,
    without_solutions,
    write_student_notebooks,
)
from tools.widget_models import STATE, VIEW, models

STUDENT, INSTRUCTOR = EDITIONS["student"], EDITIONS["instructor"]
PARTS = ["book", "data", "exercises", "site/theme", "site/templates"]
FILES = ["_toc.yml", "_config.yml", "requirements.txt", "requirements.lock", *reader_kit.PAPERS]
ALL_IDS = [exercise.id for path in specifications() for exercise in exercises(path)]


def copy_of_book(folder: Path) -> Path:
    """Copy what an edition is made from into a folder and return the copy."""
    for part in PARTS:
        shutil.copytree(ROOT / part, folder / part, ignore=reader_kit.NOT_SHIPPED)
    for file in FILES:
        shutil.copy(ROOT / file, folder)
    return folder


def changed(chapter: Path, change) -> None:
    """Let a function change a chapter."""
    notebook = read(chapter)
    change(notebook)
    nbformat.write(notebook, chapter)


# --- Student notebooks ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", for_students(chapters()), ids=lambda path: path.stem)
def test_a_student_notebook_is_the_chapter_without_its_solutions(path: Path) -> None:
    chapter = read(path)
    student = nbformat.reads(student_notebook(path, BOOK, DATA).decode("utf-8"), as_version=4)
    kept = [cell for cell in chapter.cells if not is_solution(cell)]
    assert len(kept) < len(chapter.cells)
    assert [(cell.id, cell.source, cell.metadata) for cell in student.cells] == [
        (cell.id, cell.source, cell.metadata) for cell in kept
    ]
    for before, after in zip(kept, student.cells, strict=True):
        assert list(map(said, after.get("outputs", []))) == list(map(said, before.get("outputs", [])))
    assert [cell.execution_count for cell in code_cells(student)] == list(range(1, len(code_cells(student)) + 1))


def said(output: dict) -> dict:
    """Return what nbval compares of an output: neither counts nor the numbers of widget models."""
    data = {kind: value for kind, value in output.get("data", {}).items() if kind != VIEW}
    return {"type": output["output_type"], "text": output.get("text"), "data": data}


@pytest.mark.parametrize("path", for_students(chapters()), ids=lambda path: path.stem)
def test_every_check_of_a_student_notebook_says_not_answered_yet(path: Path) -> None:
    student = without_solutions(read(path))
    checks = [cell for cell in student.cells if "check" in cell.metadata.get("tags", [])]
    printed = {cell.id: "".join(output.text for output in cell.outputs) for cell in checks}
    ids = [exercise.id for exercise in exercises(EXERCISES / f"{path.stem}.toml")]
    assert printed == {f"ex-{exercise_id}-check": f"{exercise_id}: not answered yet.\n" for exercise_id in ids}


def test_nothing_of_a_student_notebook_depends_on_the_solutions(tmp_path: Path) -> None:
    path = Path(shutil.copy(BOOK / "timeline.ipynb", tmp_path))
    changed(path, lambda notebook: plant_solutions(notebook, "timeline"))
    assert student_notebook(path, BOOK, DATA) == student_notebook(BOOK / "timeline.ipynb", BOOK, DATA)


def test_a_widget_that_only_a_solution_shows_goes_with_it(tmp_path: Path) -> None:
    path = Path(shutil.copy(BOOK / "timeline.ipynb", tmp_path))
    before = len(models(without_solutions(read(path))))
    changed(path, lambda notebook: plant_widget(notebook, cell(notebook, "ex-timeline-2-solution"), "qzwidgetmark"))
    assert any("qzwidgetmark" in str(model) for model in models(read(path)).values())
    student = without_solutions(read(path))
    assert len(models(student)) == before
    assert "qzwidgetmark" not in nbformat.writes(student)


def test_student_notebooks_of_chapters_that_are_gone_are_removed(tmp_path: Path) -> None:
    (tmp_path / "gone.ipynb").write_text("{}", encoding="utf-8")
    write_student_notebooks(tmp_path, chapters()[:1], BOOK, DATA)
    assert [path.name for path in tmp_path.iterdir()] == [chapters()[0].name]


# --- The leak test ----------------------------------------------------------------------------------------------------

SEEN = {"prose": "qzkprose1", "code": "qzkcode2", "output": "qzkoutput3", "widget": "qzkwidget4"}


def plant_widget(notebook: nbformat.NotebookNode, shown_by: nbformat.NotebookNode, mark: str) -> None:
    """Let a cell show a widget of its own."""
    model = {
        "model_name": "HTMLModel",
        "model_module": "@jupyter-widgets/controls",
        "model_module_version": "2.0.0",
        "state": {"value": f"<p>{mark}</p>"},
    }
    notebook.metadata.widgets[STATE].state[mark] = model
    view = {VIEW: {"model_id": mark, "version_major": 2, "version_minor": 0}, "text/plain": mark}
    shown_by.outputs.insert(0, new_output("display_data", view))


def plant_solutions(notebook: nbformat.NotebookNode, slug: str) -> dict[str, str]:
    """Plant a mark of its own in every solution cell: in code, output, metadata and a widget; return them by cell."""
    marks = {}
    for number, solution in enumerate(filter(is_solution, notebook.cells)):
        mark = marks[solution.id] = f"qzs{slug[:3]}{number:03d}x"
        solution.source = f"# {mark}\n{solution.source}"
        solution.metadata["mystnb"]["code_prompt_show"] = f"Show {mark}"
        solution.outputs.insert(0, new_output("stream", name="stdout", text=f"{mark}\n"))
        solution.outputs.insert(0, new_output("display_data", {"text/html": f"<b>{mark}</b>", "text/plain": mark}))
        plant_widget(notebook, solution, mark)
    return marks


def plant_seen(notebook: nbformat.NotebookNode) -> None:
    """Plant marks where students may see them."""
    notebook.cells[0].source += f"\n\nA word: {SEEN['prose']}."
    starter = cell(notebook, "ex-timeline-1-answer")
    starter.source = f"# {SEEN['code']}\n{starter.source}"
    shown = next(cell for cell in code_cells(notebook) if cell.outputs and not cell.metadata.get("tags"))
    shown.outputs.insert(0, new_output("stream", name="stdout", text=f"{SEEN['output']}\n"))
    kept = models(without_solutions(notebook)).values()
    value = next(model["state"]["value"] for model in kept if model["model_name"] == "HTMLModel")
    for model in models(notebook).values():
        if model["state"].get("value") == value:
            model["state"]["value"] += SEEN["widget"]


@pytest.fixture(scope="module")
def planted(tmp_path_factory):
    """Return the student edition of a copy of the book in which marks are planted, and where which mark was found."""
    root = copy_of_book(tmp_path_factory.mktemp("planted"))
    marks: dict[str, str] = {}
    for chapter in chapters(root / "_toc.yml"):
        changed(chapter, lambda notebook, slug=chapter.stem: marks.update(plant_solutions(notebook, slug)))
    changed(root / "book" / "timeline.ipynb", plant_seen)
    target = tmp_path_factory.mktemp("handed-out") / "student"
    editions.make(STUDENT, target, root)
    found = Search([Private(name, mark) for name, mark in (marks | SEEN).items()]).found(target)
    pairs = {(sentence.partition(" holds ")[0], sentence.split()[-1].rstrip(".")) for sentence in found}
    return SimpleNamespace(target=target, marks=marks, places=pairs)


def test_no_solution_is_in_anything_that_students_get(planted) -> None:
    assert len(planted.marks) == sum(sum(map(is_solution, read(path).cells)) for path in chapters())
    assert len(planted.marks) >= len(ALL_IDS)
    assert [place for place in planted.places if place[1] in planted.marks] == []


def test_the_search_sees_every_kind_of_place(planted) -> None:
    kit, site, printed = STUDENT.title, f"{STUDENT.title}-site.zip", f"{STUDENT.title}.pdf"
    inside = f"{kit}.zip > {kit}/book/timeline.ipynb"
    name = planted.target.name
    for mark in SEEN:
        assert (f"{name}/{kit}/book/timeline.ipynb", mark) in planted.places
        assert (f"{name}/{inside}", mark) in planted.places
        assert (f"{name}/site/timeline.html", mark) in planted.places
        assert (f"{name}/site/{downloads.FOLDER}/timeline.ipynb", mark) in planted.places
        assert (f"{name}/{site} > january-2022-casebook/timeline.html", mark) in planted.places
    for mark in ("prose", "code", "output"):
        assert (f"{name}/site/searchindex.js", mark) in planted.places
        assert (f"{name}/{printed}", mark) in planted.places


def test_a_student_edition_is_made_of_these(planted) -> None:
    title = STUDENT.title
    assert {path.name for path in planted.target.iterdir()} == {
        title, f"{title}.zip", "site", f"{title}-site.zip", f"{title}.pdf"
    }  # fmt: skip
    names = {path.relative_to(planted.target / title).as_posix() for path in (planted.target / title).rglob("*")}
    assert {path.name for path in (planted.target / title).iterdir()} == {
        "README.md", "requirements.txt", "constraints.txt", "book", "data", *reader_kit.PAPERS
    }  # fmt: skip
    assert not [name for name in names if "exercises" in name or TEACHING in name or "__pycache__" in name]
    site = planted.target / "site"
    assert {path.suffix for path in site.rglob("*")} & {".doctree", ".pickle"} == set()
    assert set(site.rglob("*.ipynb")) == {site / downloads.FOLDER / path.name for path in chapters()}
    with zipfile.ZipFile(planted.target / f"{title}.zip") as packed:
        files = {path for path in names if (planted.target / title / path).is_file()}
        assert set(packed.namelist()) == {f"{title}/{name}" for name in files}


def test_the_printed_book_is_tagged_with_bookmarks_and_page_numbers(planted) -> None:
    path = planted.target / f"{STUDENT.title}.pdf"
    assert PdfReader(path).trailer["/Root"]["/MarkInfo"]["/Marked"]
    with PdfDocument(path) as document:
        bookmarks = [bookmark.get_title() for bookmark in document.get_toc() if bookmark.level == 0]
        assert len(bookmarks) == len(reader_kit.pages_for_readers())
        assert "What happened, and how sure are we?" in bookmarks
        assert f"3 of {len(document)}" in document[2].get_textpage().get_text_range()


def test_links_within_the_book_stay_within_the_printed_book(planted) -> None:
    addresses = re.findall(rb"/URI \(([^)]*)", (planted.target / f"{STUDENT.title}.pdf").read_bytes())
    assert len(addresses) > 100
    assert [address for address in addresses if b"127.0.0.1" in address] == []


def test_an_unzipped_edition_runs_with_nothing_else_on_the_path(planted, tmp_path: Path) -> None:
    with zipfile.ZipFile(planted.target / f"{STUDENT.title}.zip") as packed:
        packed.extractall(tmp_path)
    book = tmp_path / STUDENT.title / "book"
    probe = "import casebook, casebook.data as data\nprint(casebook.__file__, data.DATA)"
    chapter = book / "aftermath.ipynb"
    notebook = read(chapter)
    notebook.cells.insert(0, nbformat.v4.new_code_cell(probe, id="probe", execution_count=1))
    notebook.cells[0].outputs = [
        new_output("stream", name="stdout", text=f"{book / 'casebook' / '__init__.py'} {book.parent / 'data'}\n")
    ]
    nbformat.write(notebook, chapter)
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    command = [sys.executable, "-m", "pytest", "-q", "-c", os.devnull, "--rootdir", book, "-p", "no:cacheprovider"]
    command += ["-p", "no:xdist", "--nbval", "--nbval-current-env", "--nbval-cell-timeout=120", chapter]
    result = subprocess.run(command, cwd=book, env=environment, capture_output=True, text=True, check=False)
    assert f"{len(code_cells(notebook))} passed" in result.stdout, result.stdout + result.stderr


# --- A leak of each kind is found -------------------------------------------------------------------------------------

LEAK = Private("timeline-8", leaks.squeezed("answer_8 = 100 * (total - 100)"))
TEXT = "answer_8 = 100 * (total - 100)"
IN_HTML = '<span class="n">answer_8</span> <span class="o">=</span> <span>100</span> * (total &#45; <i>100</i>)'
FILES_WITH_A_LEAK = {
    "book/timeline.ipynb": '{"source": ["answer_8 = 100 * \\n", "(total - 100)"]}',
    "site/timeline.html": IN_HTML,
    "site/state.html": r'<script type="application/json">{"value": "\u0061nswer_8 = \u0022\u0022100 * (total - 100)"}',
    "site/_sources/timeline.ipynb.txt": TEXT,
    "site/searchindex.js": 'Search.setIndex({"titles": ["answer_8 = 100 * (total - 100)"]})',
    "site/environment.pickle": f"\x80\x04{TEXT}\x94.",
    "site/answer_8 = 100 * (total - 100).txt": "",
}


@pytest.mark.parametrize("name", FILES_WITH_A_LEAK)
def test_a_leak_is_found_in_a_file_of_each_kind_packed_or_not(name: str, tmp_path: Path) -> None:
    path = tmp_path / "out" / name
    path.parent.mkdir(parents=True)
    path.write_text(FILES_WITH_A_LEAK[name], encoding="utf-8")
    sentence = f"out/{name} holds text of the solution of timeline-8."
    assert Search([LEAK]).found(tmp_path / "out") == [sentence]
    inner, outer = tmp_path / "inner.zip", tmp_path / "outer.epub"
    for archive, file in ((inner, path), (outer, inner)):
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
            packed.write(file, file.name)
    (found,) = Search([LEAK]).found(outer)
    assert found.startswith(f"outer.epub > inner.zip > {path.name} holds text")
    with pytest.raises(CasebookError, match=r"timeline-8\.\nNothing of it is handed out; find out how it got there\.$"):
        Search([LEAK]).refuse(path)


def test_a_leak_is_found_in_what_a_pdf_says_of_itself_and_brings_along(tmp_path: Path) -> None:
    def written(change) -> Path:
        writer = PdfWriter()
        writer.add_blank_page(100, 100)
        change(writer)
        writer.write(tmp_path / "book.pdf")
        return tmp_path / "book.pdf"

    for change in (
        lambda writer: writer.add_metadata({"/Title": TEXT}),
        lambda writer: writer.add_outline_item(title=TEXT, page_number=0),
        lambda writer: writer.add_attachment("notes.txt", TEXT.encode()),
    ):
        assert Search([LEAK]).found(written(change)) == ["book.pdf holds text of the solution of timeline-8."]
    assert Search([LEAK]).found(written(lambda writer: writer.add_metadata({"/Title": "A book"}))) == []


def test_a_leak_is_found_in_the_list_of_labels_of_a_site(tmp_path: Path) -> None:
    header = b"# Sphinx inventory version 2\n# Project: x\n# Version: \n# zlib\n"
    path = tmp_path / "objects.inv"
    path.write_bytes(header + zlib.compress(f"ex-1 std:label -1 a.html#ex {TEXT}\n".encode()))
    assert Search([LEAK]).found(path) == ["objects.inv holds text of the solution of timeline-8."]


@pytest.fixture(scope="module")
def private() -> list[Private]:
    """Return the text of the book's solutions."""
    return leaks.private_texts(ROOT)


def test_every_exercise_has_text_of_its_own_and_the_site_with_solutions_shows_it(site, private) -> None:
    assert {item.exercise_id for item in private} == set(ALL_IDS)
    with_solutions = Search(private).found(site)
    assert {sentence.split()[-1].rstrip(".") for sentence in with_solutions} == set(ALL_IDS)


def test_a_student_notebook_with_solutions_is_not_handed_out(tmp_path: Path, private, monkeypatch) -> None:
    monkeypatch.setattr(editions, "private_texts", lambda _: private)
    monkeypatch.setattr(reader_kit, "student_notebook", lambda path, *_: path.read_bytes())
    with pytest.raises(CasebookError, match=r"book/timeline\.ipynb holds text of the solution of timeline-1\."):
        editions.make(STUDENT, tmp_path / "student")
    assert list((tmp_path / "student").iterdir()) == []


def test_solutions_that_stay_in_cannot_make_the_search_blind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leaks, "without_solutions", lambda notebook: notebook)
    with pytest.raises(CasebookError, match="no line of the solution stands there alone, so a leak could not be seen"):
        leaks.private_texts(ROOT)


# --- A book that cannot be handed out is refused in a sentence --------------------------------------------------------


@pytest.fixture(scope="module")
def book(tmp_path_factory) -> Path:
    """Return a copy of the book."""
    return copy_of_book(tmp_path_factory.mktemp("book"))


@pytest.fixture
def timeline(book: Path):
    """Return a chapter of the copy, which is whole again after the test."""
    path = book / "book" / "timeline.ipynb"
    yield path
    shutil.copy(BOOK / "timeline.ipynb", path)


def untag(notebook) -> None:
    cell(notebook, "ex-timeline-8-solution").metadata.tags = ["hide-cell"]


def misname(notebook) -> None:
    cell(notebook, "ex-timeline-8-solution").id = "worked-example"


def reshape(notebook) -> None:
    cell(notebook, "ex-timeline-8-answer").source = "answer_8 = {...}"


def fail(notebook) -> None:
    error = new_output("error", ename="KeyError", evalue="'x'", traceback=[])
    cell(notebook, "ex-timeline-8-check").outputs = [error]


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        (untag, r"^timeline.ipynb, cell 'ex-timeline-8-solution': the solution cell lacks the tag 'solution', or one"),
        (misname, r"cell 'worked-example': the cell is tagged as part of an exercise; name it 'ex-<slug>-<n>-<part>'"),
        (reshape, r"cell 'ex-timeline-8-answer': the gap is \{...\}; for the kind 'number' write ...\.$"),
        (fail, r"^timeline.ipynb, cell 'ex-timeline-8-check' shows KeyError: 'x'; correct the code, then run 'make"),
    ],
)
def test_a_chapter_that_breaks_the_grammar_is_refused(book: Path, timeline: Path, fault, sentence: str) -> None:
    changed(timeline, fault)
    with pytest.raises(CasebookError, match=sentence):
        refuse_exercises(book)


def test_the_command_says_what_is_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    def refused(*_: object) -> None:
        raise CasebookError("timeline.ipynb, cell 'x': so it is.")

    monkeypatch.setattr(editions, "make", refused)
    assert editions.main(["student"]) == 1
    assert capsys.readouterr().err == "timeline.ipynb, cell 'x': so it is.\n"
    monkeypatch.setattr(editions, "make", lambda *_: None)
    assert editions.main(["instructor"]) == 0
    told = capsys.readouterr().out
    assert f"The instructor edition is ready in {ROOT / '_build' / 'instructor'}; it took" in told
    assert "Hand out january-2022-casebook-instructor.zip: unzipped, it runs" in told


def test_without_a_browser_everything_but_the_pdf_is_made(tmp_path: Path, private, monkeypatch) -> None:
    def built(_root: Path, site: Path, _book: Path) -> None:
        site.mkdir(parents=True)
        (site / "index.html").write_text("<p>A page</p>", encoding="utf-8")

    def missing() -> None:
        raise CasebookError("The browser tests need Chromium.")

    monkeypatch.setattr(editions, "private_texts", lambda _: private)
    monkeypatch.setattr(editions, "build_site", built)
    monkeypatch.setattr(editions.chromium, "install", missing)
    with pytest.raises(CasebookError, match=r"^The browser tests need Chromium\.$"):
        editions.make(STUDENT, tmp_path / "student")
    made = {path.name.removeprefix(STUDENT.title) for path in (tmp_path / "student").iterdir()}
    assert made == {"", ".zip", "site", "-site.zip"}


# --- Pages for those who teach ----------------------------------------------------------------------------------------


@pytest.fixture
def taught(book: Path):
    """Return a copy of the book: a file lies beside the pages for those who teach, and the first page links to one."""
    beside, index = book / "book" / TEACHING / "cards.csv", book / "book" / "index.md"
    beside.write_text("a,b\n", encoding="utf-8")
    index.write_text(f"{index.read_text()}\nSee [the *rubrics*]({TEACHING}/rubrics.md#x) or [us](method.md).\n")
    yield book
    beside.unlink()
    shutil.copy(BOOK / "index.md", index)


def test_students_get_no_page_for_those_who_teach_and_no_dead_link(taught: Path, tmp_path: Path) -> None:
    lay_out(taught, tmp_path / "student", solutions=False)
    assert not (tmp_path / "student" / "book" / TEACHING).exists()
    assert (tmp_path / "student" / "book" / "index.md").read_text().endswith("See the *rubrics* or [us](method.md).\n")
    assert "Teaching" in str(reader_kit.contents(taught, solutions=True))
    assert "Teaching" not in str(reader_kit.contents(taught, solutions=False))


def test_pages_for_those_who_teach_are_told_by_their_folder(taught: Path) -> None:
    pages = [taught / "book" / TEACHING / "plans" / "one.md", taught / "book" / "index.md"]
    assert for_students(pages) == pages[1:]


def test_those_who_teach_get_every_page_and_what_lies_beside(taught: Path, tmp_path: Path) -> None:
    lay_out(taught, tmp_path / "instructor", solutions=True)
    ours = {path.name for path in (BOOK / TEACHING).iterdir()} | {"cards.csv"}
    assert {path.name for path in (tmp_path / "instructor" / "book" / TEACHING).iterdir()} == ours
    assert (tmp_path / "instructor" / "book" / "timeline.ipynb").read_bytes() == (BOOK / "timeline.ipynb").read_bytes()


def test_a_chapter_that_links_to_a_page_for_those_who_teach_is_refused(taught: Path, timeline: Path, tmp_path) -> None:
    changed(timeline, lambda notebook: notebook.cells[0].update(source=f"# A\n[x]({TEACHING}/rubrics.md)"))
    with pytest.raises(CasebookError, match=r"^timeline\.ipynb, cell 'opening' links to a page for those who teach, "):
        lay_out(taught, tmp_path / "student", solutions=False)


# --- What a reader needs to start -------------------------------------------------------------------------------------


def test_a_package_that_is_not_pinned_is_named() -> None:
    with pytest.raises(CasebookError, match=r"^requirements\.txt does not pin nltk, which readers need"):
        reader_kit.requirements("pandas==3.1.1  # tables\n", ["pandas", "nltk"])


def test_readers_get_every_package_that_notebooks_and_package_import(tmp_path: Path) -> None:
    sources = [path.read_text(encoding="utf-8") for path in (BOOK / "casebook").glob("*.py")]
    sources += [cell.source for path in notebooks_in_toc() for cell in code_cells(read(path))]
    imported = {
        (node.module if isinstance(node, ast.ImportFrom) else alias.name).partition(".")[0]
        for source in sources
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    given = set(reader_kit.PACKAGES)
    for name in reader_kit.PACKAGES:  # what a package that is asked for brings along
        given |= {Requirement(needed).name for needed in requires(name) or []}
    distributions = packages_distributions()
    foreign = {distributions[module][0] for module in imported - sys.stdlib_module_names - {"casebook"}}
    assert {"pandas", "numpy", "matplotlib"} <= foreign
    assert foreign - given == set()


def test_the_constraints_hold_what_the_lock_holds(tmp_path: Path) -> None:
    lay_out(ROOT, tmp_path / "kit", solutions=False)
    constraints = (tmp_path / "kit" / "constraints.txt").read_text(encoding="utf-8").splitlines()
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert len(constraints) - 1 == len(re.findall(r"(?m)^[\w.-]+==", lock))
    assert any(line.startswith("numpy==") and "; python_full_version" in line for line in constraints)
    wanted = (tmp_path / "kit" / "requirements.txt").read_text(encoding="utf-8").splitlines()
    assert wanted[0] == "-c constraints.txt"
    assert set(wanted[1:]) <= set(constraints)


# --- The answer key ---------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def handed_to_teachers(tmp_path_factory) -> Path:
    """Return the workshop of the instructor edition after its first three products: key, folder and zip."""
    workshop = tmp_path_factory.mktemp("workshop")
    made = editions.products(INSTRUCTOR, ROOT, workshop)
    assert [next(made)[0] for _ in range(3)] == ["Answer key", "Notebooks", "Notebooks to hand out"]
    made.close()
    return workshop


def test_those_who_teach_get_every_solution_and_the_key(handed_to_teachers: Path, private) -> None:
    for name in (f"{INSTRUCTOR.title}.zip", "answer-key.html"):
        found = Search(private).found(handed_to_teachers / name)
        assert {sentence.split()[-1].rstrip(".") for sentence in found} == set(ALL_IDS)
    with zipfile.ZipFile(handed_to_teachers / f"{INSTRUCTOR.title}.zip") as packed:
        assert f"{INSTRUCTOR.title}/answer-key.html" in packed.namelist()
        assert b"instructor edition" in packed.read(f"{INSTRUCTOR.title}/README.md")


def test_the_key_says_of_each_exercise_what_its_description_says(handed_to_teachers: Path) -> None:
    key = leaks.words_of("key.html", (handed_to_teachers / "answer-key.html").read_bytes())
    for path in specifications():
        for exercise in exercises(path):
            fields = exercise.fields
            sentences = [fields["title"], fields["so_what"], fields["hint"], *(says for _, says in exercise.wrong)]
            missing = [sentence for sentence in sentences if leaks.squeezed(sentence) not in key]
            assert missing == [], exercise.id
            if exercise.kind == "choice":
                assert leaks.squeezed(f"{fields['answer']}: {fields['options'][fields['answer']]}") in key


def test_the_key_reads_well_and_prints(handed_to_teachers: Path, running, tmp_path: Path) -> None:
    page = running.new_page(viewport={"width": 360, "height": 800})
    page.goto((handed_to_teachers / "answer-key.html").as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert violations_on(page) == []
    editions.pdf.print_page(page, tmp_path / "key.pdf")
    page.close()
    document = PdfReader(tmp_path / "key.pdf")
    assert document.trailer["/Root"]["/MarkInfo"]["/Marked"]
    text = leaks.words_of("key.pdf", (tmp_path / "key.pdf").read_bytes())
    assert [exercise_id for exercise_id in ALL_IDS if leaks.squeezed(exercise_id) not in text] == []


def test_an_objective_that_the_chapter_lacks_is_named(book: Path) -> None:
    path = book / "exercises" / "timeline.toml"
    written = path.read_text(encoding="utf-8")
    path.write_text(written.replace('objective = "select-facts"', 'objective = "fly"', 1), encoding="utf-8")
    with pytest.raises(CasebookError, match="timeline-1: the chapter has no objective 'fly'; name one of its metadata"):
        editions.answer_key(book)
    path.write_text(written, encoding="utf-8")
