"""What is done to a page after Sphinx has made it: fallbacks, picture files, tables, fonts."""

import base64
import io
import json

import pandas as pd
import pytest
from bs4 import BeautifulSoup
from fontTools.ttLib import TTFont
from ipywidgets.embed import dependency_state
from nbformat.v4 import new_code_cell, new_notebook, new_output
from PIL import Image

from casebook.errors import CasebookError
from casebook.weighing import weigh
from casebook.widgets import filter_by, frames
from tools import pagefiles, static_page
from tools.files import chapters
from tools.fonts import keep_characters
from tools.page_markup import letter_choices, mark_languages, number_exercises, size_pictures
from tools.tables import captions_of, make_tables_usable


def png(size=(40, 20)):
    buffer = io.BytesIO()
    Image.effect_noise(size, 60).convert("RGB").save(buffer, format="png")
    return buffer.getvalue()


def picture(content):
    return f'<img alt="x" src="data:image/png;base64,{base64.b64encode(content).decode()}">'


def models(widget):
    return dependency_state(widget)


def view(widget):
    return json.dumps({"model_id": widget.model_id, "version_major": 2, "version_minor": 0})


def test_an_ordered_interactive_falls_back_to_its_first_state_and_prints_all():
    box = frames({"1 January": "<p>one</p>", "2 January": '<img src="two.png">'}, "Day")
    made = static_page.fallback(view(box), models(box))
    assert made.startswith('<div class="casebook-fallback"><p>one</p></div><div class="casebook-paper">')
    assert "<figure><p>one</p><figcaption>1 January</figcaption></figure>" in made
    assert '<figure><img loading="lazy" src="two.png"><figcaption>2 January</figcaption></figure>' in made


def test_an_unordered_interactive_falls_back_to_its_first_state():
    box = filter_by({"all": {"x": "<p>all x</p>", "y": ""}, "a": {"x": "", "y": ""}}, "Kind", "Phase")
    assert static_page.fallback(view(box), models(box)) == '<div class="casebook-fallback"><p>all x</p></div>'


def test_a_weighing_falls_back_to_its_totals():
    box = weigh(
        pd.Series({"price": 3, "cut": 1}), pd.DataFrame({"A": [1, 0], "B": [0, 2]}, index=["price", "cut"]), "Weights"
    )
    made = static_page.fallback(view(box), models(box))
    assert "<td>A</td>" in made.replace("\n", "").replace("      ", "")
    assert "Weights: totals with the weights 3, 1" in made


def test_other_widgets_get_no_fallback():
    box = frames({"a": "", "b": ""}, "Day")
    inner = box.children[0]
    assert static_page.fallback(view(inner), models(box)) == ""


def test_pictures_of_states_become_files(tmp_path):
    content = png()
    state = json.dumps({"state": {"m": {"model_name": "HTMLModel", "state": {"value": picture(content), "n": 1}}}})
    moved = static_page.with_picture_files(state, tmp_path / "_images", "_images/")
    (written,) = (tmp_path / "_images").iterdir()
    assert f'src=\\"_images/{written.name}\\"' in moved
    assert 'height=\\"20\\"' in moved
    assert 'width=\\"40\\"' in moved
    assert "base64" not in moved
    assert Image.open(written).size == (40, 20)


def test_a_flat_picture_gets_lighter_and_no_picture_gets_heavier():
    flat = io.BytesIO()
    Image.new("RGB", (300, 300), "#1d3f5e").save(flat, format="png", compress_level=0)
    assert len(static_page.light_png(flat.getvalue())) < len(flat.getvalue()) / 10
    tiny = static_page.light_png(png((2, 2)))
    assert static_page.light_png(tiny) == tiny


def test_a_link_of_a_page_to_itself_gets_its_name():
    page = static_page.with_own_address('<a href="#">Here</a><a href="#x">x</a>', "here.html")
    assert page == '<a href="here.html">Here</a><a href="#x">x</a>'


def test_the_id_that_every_exercise_repeats_is_taken_out():
    body = '<section id="exercise-content"><p id="exercise-content-1"></p></section>'
    assert static_page.REPEATED_ID.sub("", body) == '<section><p id="exercise-content-1"></p></section>'


def test_a_font_keeps_only_the_named_characters(tmp_path):
    path = tmp_path / "icons.woff2"
    path.write_bytes((pagefiles.MODULES / "@jupyter-widgets/html-manager/dist" / pagefiles.WIDGET_ICONS).read_bytes())
    before = path.stat().st_size
    keep_characters(path, "\uf04b\uf04c")
    assert {0xF04B, 0xF04C} == set(TTFont(path).getBestCmap())
    assert path.stat().st_size < before / 20


def test_a_runtime_of_another_make_is_refused(tmp_path):
    runtime = tmp_path / "embed-amd.js"
    runtime.write_text("define('something else')", encoding="utf-8")
    with pytest.raises(CasebookError, match="embed-amd.js has no legacy part to cut"):
        pagefiles.trim(runtime)
    runtime.write_text(f"a;{pagefiles.LEGACY_FROM}){pagefiles.LEGACY_TO})", encoding="utf-8")
    with pytest.raises(CasebookError, match="embed-amd.js has no source maps of stylesheets to cut"):
        pagefiles.trim(runtime)


def test_a_stylesheet_loses_its_source_map_and_nothing_else(tmp_path):
    source_map = (
        'a,"",{version:3,sources:["x.css"],names:[],mappings:"A;B",sourcesContent:["p{}\\n"],sourceRoot:""}]);b'
    )
    runtime = tmp_path / "embed-amd.js"
    runtime.write_text(f"{source_map}{pagefiles.LEGACY_FROM}){pagefiles.LEGACY_TO})", encoding="utf-8")
    pagefiles.trim(runtime)
    assert runtime.read_text(encoding="utf-8") == f'a,""]);b{pagefiles.LEGACY_TO})'


def page_with_usable_tables(body, captions):
    soup = BeautifulSoup(body, "html.parser")
    make_tables_usable(soup, captions)
    return str(soup)


FRAME = pd.DataFrame({"place": ["Oral"], "rows": [4]}).rename_axis("id")


def test_a_pandas_table_gets_caption_scopes_and_region():
    page = page_with_usable_tables(f"<p>Text</p>{FRAME.to_html()}", ["Rows by place"])
    assert '<div aria-label="Rows by place" class="casebook-region" role="region" tabindex="0"><table' in page
    assert "<caption>Rows by place</caption>" in page
    assert '<th scope="col">id</th>' in page
    assert '<th scope="row">0</th>' in page
    assert page.count("<tr") == 2
    assert "border" not in page


def test_an_empty_header_cell_is_no_header():
    page = page_with_usable_tables(FRAME.rename_axis(None).to_html(), ["Rows"])
    assert "<th></th>" not in page
    assert "<td></td>" in page


def test_a_markdown_table_is_named_by_its_heading():
    table = '<table class="table"><thead><tr><th>a</th></tr></thead><tbody><tr><td>1</td></tr></tbody></table>'
    page = page_with_usable_tables(f"<h2>events<a>#</a></h2>{table}", [])
    assert 'aria-label="Table: events"' in page


def test_captions_come_in_the_order_of_the_tables():
    output = new_output("execute_result", data={"text/html": FRAME.to_html(), "text/plain": "x"}, execution_count=1)
    cells = [
        new_code_cell("a", outputs=[output], metadata={"casebook": {"caption": "First"}}),
        new_code_cell("b", outputs=[new_output("stream", text="no table")]),
        new_code_cell("c", outputs=[output], metadata={"casebook": {"caption": "Second"}}),
    ]
    assert captions_of(new_notebook(cells=cells)) == ["First", "Second"]


def test_a_table_without_its_caption_stops_the_build():
    with pytest.raises(ValueError, match="zip"):
        page_with_usable_tables(FRAME.to_html(), [])


WEIGHTS = pd.Series({"price": 3, "cut": 1})
CODES = pd.DataFrame({"A": [1, 0], "B": [0, 2], "C": [1, 0]}, index=["price", "cut"])


def test_weigh_computes_totals_and_ranks():
    box = weigh(WEIGHTS, CODES, "Weights", lower_is_better=True)
    assert box.codes == [[1, 0, 1], [0, 2, 0]]
    assert repr(box) == "Interactive: Weights, 2 weights, 3 alternatives."
    cells = BeautifulSoup(box.fallback, "html.parser").find_all("td")
    assert [cell.get_text() for cell in cells] == ["A", "3", "2", "B", "2", "1", "C", "3", "2"]


def test_weigh_refuses_what_does_not_fit():
    with pytest.raises(CasebookError, match="weigh got codes and weights for different items"):
        weigh(WEIGHTS, CODES.rename({"cut": "other"}), "Weights")
    with pytest.raises(CasebookError, match=r"weigh takes whole weights from 0 to 5; correct: \{'cut': 9\}"):
        weigh(WEIGHTS.replace(1, 9), CODES, "Weights")


def test_a_missing_value_is_an_empty_cell():
    missing = pd.DataFrame({"starts": [pd.NaT, pd.Timestamp("2022-01-05")], "toll": [float("nan"), 1.0]})
    cells = BeautifulSoup(page_with_usable_tables(missing.to_html(), ["Rows"]), "html.parser").select("tbody td")
    assert [cell.get_text() for cell in cells] == ["", "", "2022-01-05", "1.0"]


def marked(body):
    soup = BeautifulSoup(body, "html.parser")
    mark_languages(soup)
    return str(soup)


def test_a_passage_in_another_language_is_marked():
    page = marked("<pre>Tokayev: “вмешательством извне, 5 января” (БК)</pre>")
    ru = '<span lang="ru">вмешательством извне, 5 января” (БК</span>'
    assert page == f"<pre>Tokayev: “{ru})</pre>"
    assert marked("<td>Қасіретті қаңтар</td>") == '<td><span lang="kk">Қасіретті қаңтар</span></td>'


def test_kazakh_words_in_a_russian_passage_are_marked_within_it():
    page = marked('<p lang="ru">Фонд «Қазақстан халқына» окажет помощь</p>')
    assert page == '<p lang="ru">Фонд «<span lang="kk">Қазақстан халқына</span>» окажет помощь</p>'


def test_terms_of_two_languages_are_marked_apart():
    page = marked("<p>январские события; Қаңтар оқиғасы</p>")
    assert page == '<p><span lang="ru">январские события</span>; <span lang="kk">Қаңтар оқиғасы</span></p>'


@pytest.mark.parametrize(
    "body",
    ['<q lang="uk">покарання <b>загрожує</b></q>', "<script>// комментарий</script>", "<p>Plain “words”, 5–6.</p>"],
)
def test_what_has_its_language_or_needs_none_is_left_alone(body):
    assert marked(body) == body


def test_states_of_an_interactive_mark_their_languages(tmp_path):
    box = frames({"1": "<p>сначала</p>", "2": "<p>then</p>"}, "Day")
    made = json.loads(static_page.with_picture_files(json.dumps({"state": models(box)}), tmp_path, "_images/"))
    values = [model["state"].get("value") for model in made["state"].values()]
    assert '<p><span lang="ru">сначала</span></p>' in values
    assert "<p>then</p>" in values


def lettered(body):
    soup = BeautifulSoup(body, "html.parser")
    letter_choices(soup)
    return str(soup)


def test_choices_become_a_lettered_list():
    page = lettered("<ul><li><p><strong>a.</strong> One</p></li><li><strong>b.</strong> Two</li></ul>")
    assert page == '<ol type="a"><li><p> One</p></li><li> Two</li></ol>'


@pytest.mark.parametrize(
    "body",
    ["<ul></ul>", "<ul><li><strong>a.</strong></li><li>Two</li></ul>", "<ul><li><strong>A date</strong></li></ul>"],
)
def test_other_lists_keep_their_bullets(body):
    assert lettered(body) == body


def test_exercises_are_numbered_as_their_checks_name_them():
    box = '<div class="exercise" id="legal-basis-{}"><span class="caption-number">Exercise {} </span> (Date it)</div>'
    soup = BeautifulSoup(box.format(4, 32), "html.parser")
    number_exercises(soup)
    assert str(soup) == box.format(4, 4)


def test_no_page_numbers_an_exercise_otherwise(site):
    for chapter in chapters():
        page = BeautifulSoup((site / f"{chapter.stem}.html").read_text(encoding="utf-8"), "html.parser")
        boxes = page.find_all(class_="exercise", id=True)
        numbers = {box["id"]: box.find(class_="caption-number").get_text() for box in boxes}
        assert numbers == {f"{chapter.stem}-{place}": f"Exercise {place} " for place in range(1, len(boxes) + 1)}


def test_pictures_get_their_size(tmp_path):
    (tmp_path / "chart.png").write_bytes(png((40, 20)))
    soup = BeautifulSoup('<img src="_images/chart-1.png"><img src="drawing.svg">', "html.parser")
    size_pictures(soup, {"chart-1.png": tmp_path / "chart.png"})
    assert str(soup) == '<img height="20" src="_images/chart-1.png" width="40"/><img src="drawing.svg"/>'
