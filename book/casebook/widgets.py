"""Interactives that need no kernel: every state is drawn beforehand, and the page only chooses which one to show.

The controls are ordinary ipywidgets joined by links that run in the page itself, so they react on the built site, from
disk and in JupyterLab alike. Nothing here calls back into Python.
"""

import base64
import io
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

import ipywidgets
import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.figure import Figure

from casebook.errors import CasebookError

MILLISECONDS_PER_FRAME = 1200
CSS_CLASS = "casebook-interactive"


class Interactive(ipywidgets.VBox):
    """A box of linked controls that prints as one sentence, so that nbval pins what it holds."""

    def __init__(self, children: Sequence[ipywidgets.Widget], summary: str) -> None:
        super().__init__(children)
        self.add_class(CSS_CLASS)
        self._summary = summary

    def __repr__(self) -> str:
        return self._summary


def frames(states: Mapping[str, str], label: str) -> Interactive:
    """Show a sequence of states with a Play button and a slider.

    Choose it when the states have an order, such as days.

    Parameters
    ----------
    states : mapping of str to str
        Label of a state (shown beside the slider) to its HTML, in order; at least two.
    label : str
        The name of the slider, such as ``"Day"``.

    Returns
    -------
    Interactive
        Slider and Play button above the chosen state.

    Raises
    ------
    CasebookError
        If there are fewer than two states.

    Examples
    --------
    >>> frames({"4 January": "<p>Two towns.</p>", "5 January": "<p>Nine towns.</p>"}, "Day")
    Interactive: Day from 4 January to 5 January, 2 states.
    """
    _need_choice(states, "frames")
    last = len(states) - 1
    play = ipywidgets.Play(min=0, max=last, interval=MILLISECONDS_PER_FRAME, show_repeat=False)
    slider = ipywidgets.SelectionSlider(options=list(states), description=label, continuous_update=True)
    stack = _stack(states.values())
    play_and_slider = ipywidgets.jslink((play, "value"), (slider, "index"))
    slider_and_stack = ipywidgets.jslink((slider, "index"), (stack, "selected_index"))
    box = Interactive(
        [ipywidgets.HBox([play, slider]), stack],
        f"Interactive: {label} from {next(iter(states))} to {list(states)[-1]}, {len(states)} states.",
    )
    box.links = (play_and_slider, slider_and_stack)
    return box


def filter_by(states: Mapping[str, str | Mapping[str, str]], *labels: str) -> Interactive:
    """Show one of several states with one drop-down list, or with two when the states are nested.

    Choose it when the states have no order, such as kinds of event.

    Parameters
    ----------
    states : mapping
        Option to HTML; or option to a mapping of second option to HTML. All inner mappings have the same options.
    *labels : str
        The name of each drop-down list: one, or two for nested states.

    Returns
    -------
    Interactive
        The lists above the chosen state.

    Raises
    ------
    CasebookError
        If there is nothing to choose from, or the labels do not fit the nesting.

    Examples
    --------
    >>> filter_by({"protest": "<p>Three rows.</p>", "violence": "<p>One row.</p>"}, "Kind")
    Interactive: choose Kind (2 choices).
    """
    _need_choice(states, "filter_by")
    nested = isinstance(next(iter(states.values())), Mapping)
    if len(labels) != 1 + nested:
        raise CasebookError(f"filter_by got {len(labels)} label(s) for {1 + nested} level(s) of states; give one each.")
    menus = [ipywidgets.Dropdown(options=list(states), description=labels[0])]
    if nested:
        inner_options = list(next(iter(states.values())))
        if any(list(inner) != inner_options for inner in states.values()):
            raise CasebookError(f"filter_by needs the same inner options for every '{labels[0]}'; add the missing.")
        menus.append(ipywidgets.Dropdown(options=inner_options, description=labels[1]))
        inner_stacks = [_stack(inner.values()) for inner in states.values()]
        links = [ipywidgets.jslink((menus[1], "index"), (stack, "selected_index")) for stack in inner_stacks]
        stack = ipywidgets.Stack(children=inner_stacks, selected_index=0)
    else:
        links, stack = [], _stack(states.values())
    links.append(ipywidgets.jslink((menus[0], "index"), (stack, "selected_index")))
    choices = " and ".join(f"{menu.description} ({len(menu.options)} choices)" for menu in menus)
    box = Interactive([ipywidgets.HBox(menus), stack], f"Interactive: choose {choices}.")
    box.links = tuple(links)
    return box


def picture(figure: Figure, alt: str) -> str:
    """Draw a figure into an HTML image with alternative text, for use as a state of an interactive.

    Parameters
    ----------
    figure : Figure
        It is closed afterwards.
    alt : str
        What the picture shows, in words.
    """
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", metadata={"Software": None})  # so that the bytes are the same on every run
    plt.close(figure)
    data = base64.b64encode(buffer.getvalue()).decode("ascii")
    return f'<img alt="{escape(alt)}" src="data:image/png;base64,{data}">'


def table(frame: pd.DataFrame, caption: str) -> str:
    """Write a data frame as an accessible HTML table: a caption, and a scope for each column header."""
    body = frame.to_html(index=False, border=0, na_rep="", classes="casebook-table", justify="left")
    body = body.replace("<th>", '<th scope="col">').replace(
        "<thead>", f"<caption>{escape(caption)}</caption>\n<thead>", 1
    )
    return f'<div class="casebook-scroll" role="region" tabindex="0" aria-label="{escape(caption)}">{body}</div>'


def script(*names: str) -> str:
    """Return the JavaScript of an interactive, after the builders that all of them share (``elements.js``).

    Parameters
    ----------
    *names : str
        Files beside this one, in the order in which they are joined, such as ``"source_lens.js"``.
    """
    return "\n".join(Path(__file__).with_name(name).read_text(encoding="utf-8") for name in ("elements.js", *names))


def _stack(states: Sequence[str]) -> ipywidgets.Stack:
    return ipywidgets.Stack(children=[ipywidgets.HTML(value=state) for state in states], selected_index=0)


def _need_choice(states: Mapping, function: str) -> None:
    if len(states) < 2:
        raise CasebookError(f"{function} needs at least two states to choose from and got {len(states)}; add states.")
