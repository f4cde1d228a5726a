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
from tools.fonts import keep_characters
from tools.tables import captions_of, with_usable_tables


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
    assert "base64" not in moved
    assert Image.open(written).size == (40, 20)


def test_a_flat_picture_gets_lighter_and_no_picture_gets_heavier():
    flat = io.BytesIO()
    Image.new("RGB", (300, 300), "#1d3f5e").save(flat, format="png", compress_level=0)
    assert len(static_page.light_png(flat.getvalue())) < len(flat.getvalue()) / 10
    tiny = static_page.light_png(png((2, 2)))
    assert static_page.light_png(tiny) == tiny


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


FRAME = pd.DataFrame({"place": ["Oral"], "rows": [4]}).rename_axis("id")


def test_a_pandas_table_gets_caption_scopes_and_region():
    page = with_usable_tables(f"<p>Text</p>{FRAME.to_html()}", ["Rows by place"])
    assert '<div aria-label="Rows by place" class="casebook-region" role="region" tabindex="0"><table' in page
    assert "<caption>Rows by place</caption>" in page
    assert '<th scope="col">id</th>' in page
    assert '<th scope="row">0</th>' in page
    assert page.count("<tr") == 2
    assert "border" not in page


def test_an_empty_header_cell_is_no_header():
    page = with_usable_tables(FRAME.rename_axis(None).to_html(), ["Rows"])
    assert "<th></th>" not in page
    assert "<td></td>" in page


def test_a_markdown_table_is_named_by_its_heading():
    table = '<table class="table"><thead><tr><th>a</th></tr></thead><tbody><tr><td>1</td></tr></tbody></table>'
    page = with_usable_tables(f"<h2>events<a>#</a></h2>{table}", [])
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
        with_usable_tables(FRAME.to_html(), [])


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
