"""A Sphinx extension: what a page needs to live without a kernel, without a network, on paper and on a slow line.

- Tables, lettered choices, passages in other languages and pictures get the markup that their look implies.
- Every interactive gets a fallback in plain HTML: its first state where scripts do not run, and on paper every state of
  an interactive whose states have an order.
- Pictures inside widget states become files, which a browser fetches only when it shows them.
- After the build, pictures are stored with a palette, the icon font with the icons in use, and what no reader needs
  (source maps, other font formats) is taken out; links of a page to itself get its name.
"""

import base64
import hashlib
import html
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path

import nbformat
from bs4 import BeautifulSoup
from myst_nb.sphinx_ import NbMetadataCollector
from PIL import Image
from sphinx.application import Sphinx

from casebook.widgets import CSS_CLASS
from tools.fonts import keep_characters
from tools.page_markup import letter_choices, mark_languages, number_exercises, size_pictures
from tools.tables import captions_of, make_tables_usable

STATE = "ipywidgets_state"
VIEW = re.compile(r'<script type="application/vnd\.jupyter\.widget-view\+json">(.*?)</script>')
DATA_URI = re.compile(r'src="data:image/png;base64,([^"]+)"')
HTML_TRAITS = {"HTMLModel": "value", "AnyModel": "fallback"}  # where a widget's state holds HTML
PALETTE = 128
ICON_FONT = "_static/vendor/fontawesome/webfonts/fa-solid-900.woff2"
REPEATED_ID = re.compile(r' id="(exercise|solution)-content"')  # sphinx-exercise gives it to every box
PRIVATE_USE = re.compile("[\ue000-\uf8ff]")  # where icon fonts have their signs
NEEDLESS = (
    "**/*.map",
    "**/*.ttf",
    "**/vendor/fontawesome/js/*",
    "**/webfonts/fa-brands*",
    "**/webfonts/fa-v4*",
    "_static/*webpack-macros.html",  # parts of the theme's templates
)


def setup(app: Sphinx) -> dict:
    """Connect the two steps; 400 puts the first before myst-nb hands the widget state to the page."""
    app.connect("html-page-context", make_static, priority=400)
    app.connect("build-finished", lighten)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def make_static(app: Sphinx, page: str, _template: str, context: dict, _doctree: object) -> None:
    """Complete a page's markup, give each interactive its fallback, and move pictures of its states into files."""
    if "body" not in context or page not in app.env.all_docs:
        return
    source = Path(app.env.doc2path(page))
    captions = captions_of(nbformat.read(source, as_version=4)) if source.suffix == ".ipynb" else []
    body = REPEATED_ID.sub("", context["body"])
    context["body"] = with_full_markup(body, captions, pictures_of(app))
    scripts = NbMetadataCollector.get_js_files(app.env, page)
    if STATE in scripts:
        path, attributes = scripts[STATE]
        state = with_picture_files(attributes["body"], app.outdir / "_images", context["pathto"]("_images/", 1))
        scripts[STATE] = (path, attributes | {"body": state})
        models = json.loads(state)["state"]
        context["body"] = VIEW.sub(lambda view: view[0] + fallback(view[1], models), context["body"])


def with_full_markup(body: str, captions: list[str], pictures: dict[str, Path]) -> str:
    """Return the HTML of a page's main part with everything in its markup that only its look said."""
    soup = BeautifulSoup(body, "html.parser")
    make_tables_usable(soup, captions)
    letter_choices(soup)
    number_exercises(soup)
    mark_languages(soup)
    size_pictures(soup, pictures)
    return str(soup)


def pictures_of(app: Sphinx) -> dict[str, Path]:
    """Return where the pictures of the pages come from, by the names that they get on the site."""
    return {name: Path(app.srcdir, path) for path, name in app.builder.images.items()}


def with_picture_files(state: str, folder: Path, prefix: str) -> str:
    """Write the pictures of a widget state into a folder; return the state with addresses and with languages marked."""

    def moved(found: re.Match) -> str:
        content = light_png(base64.b64decode(found[1]))
        name = f"state-{hashlib.sha256(content).hexdigest()[:16]}.png"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
        width, height = Image.open(io.BytesIO(content)).size
        return f'src="{prefix}{name}" width="{width}" height="{height}"'

    models = json.loads(state)
    for model in models["state"].values():
        trait = HTML_TRAITS.get(model["model_name"])
        if trait in model["state"]:
            soup = BeautifulSoup(DATA_URI.sub(moved, model["state"][trait]), "html.parser")
            mark_languages(soup)
            model["state"][trait] = str(soup)
    return json.dumps(models)


def fallback(view: str, models: dict) -> str:
    """Return the fallback of one interactive as HTML: the first state, and for paper every state of an ordered one."""
    model_id = json.loads(view)["model_id"]
    if CSS_CLASS not in models[model_id]["state"].get("_dom_classes", []):
        return ""
    states = list(leaves(model_id, models))
    labels = ordered_labels(model_id, models)
    first = f'<div class="casebook-fallback">{states[0]}</div>'
    if not labels:
        return first
    # a hidden picture that is not lazy would be fetched on every visit, and only paper shows these
    lazy = [state.replace("<img ", '<img loading="lazy" ') for state in states]
    figures = "".join(
        f"<figure>{state}<figcaption>{html.escape(label)}</figcaption></figure>"
        for label, state in zip(labels, lazy, strict=True)
    )
    return f'{first}<div class="casebook-paper">{figures}</div>'


def leaves(model_id: str, models: dict) -> Iterator[str]:
    """Yield the HTML of every state of an interactive, in order."""
    state = models[model_id]["state"]
    if models[model_id]["model_name"] == "HTMLModel":
        yield state.get("value", "")
    if "fallback" in state:
        yield state["fallback"]
    for child in state.get("children", []):
        yield from leaves(child.removeprefix("IPY_MODEL_"), models)


def ordered_labels(model_id: str, models: dict) -> list[str]:
    """Return the labels of an interactive's slider, or nothing where it has none."""
    state = models[model_id]["state"]
    if models[model_id]["model_name"] == "SelectionSliderModel":
        return list(state["_options_labels"])
    children = (child.removeprefix("IPY_MODEL_") for child in state.get("children", []))
    return next(filter(None, (ordered_labels(child, models) for child in children)), [])


def lighten(app: Sphinx, failure: Exception | None) -> None:
    """Shrink pictures and icon font of a finished site, take out what no reader needs, and give menus real links."""
    if failure is not None or app.builder.name != "html":
        return
    site = Path(app.outdir)
    for picture in (site / "_images").glob("*.png"):
        picture.write_bytes(light_png(picture.read_bytes()))
    for pattern in NEEDLESS:
        for path in site.glob(pattern):
            path.unlink()
    for page in site.rglob("*.html"):
        page.write_text(with_own_address(page.read_text(encoding="utf-8"), page.name), encoding="utf-8")
    keep_icons_in_use(site)


def with_own_address(page: str, name: str) -> str:
    """Return a page whose links to itself, for which Sphinx writes '#', have its name."""
    return page.replace('href="#"', f'href="{name}"')


def light_png(content: bytes) -> bytes:
    """Store a PNG with a palette if that makes it smaller; flat figures keep their look."""
    buffer = io.BytesIO()
    image = Image.open(io.BytesIO(content)).convert("RGB")
    image.quantize(PALETTE, dither=Image.Dither.NONE).save(buffer, format="png", optimize=True)
    return min(content, buffer.getvalue(), key=len)


def keep_icons_in_use(site: Path) -> None:
    """Reduce the icon font to the icons that the site's pages and scripts name and its stylesheets draw."""
    sheets = "".join(path.read_text(encoding="utf-8") for path in site.glob("_static/**/*.css"))
    pages = "".join(
        path.read_text(encoding="utf-8") for path in [*site.rglob("*.html"), *site.glob("_static/scripts/*.js")]
    )
    codes = {
        name: chr(int(code, 16))
        for names, code in re.findall(r'((?:\.fa-[\w-]+:before,?)+)\{content:"\\([0-9a-f]+)"\}', sheets)
        for name in re.findall(r"fa-[\w-]+", names)
    }
    named = {codes[name] for name in re.findall(r"\bfa-[\w-]+", pages) if name in codes}
    drawn = set(PRIVATE_USE.findall(sheets))
    keep_characters(site / ICON_FONT, "".join(named | drawn))
