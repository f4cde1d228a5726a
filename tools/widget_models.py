"""Follow the references among stored widget models, put the models in a fixed order, and find what needs a kernel."""

from collections.abc import Iterator

from nbformat import NotebookNode

VIEW = "application/vnd.jupyter.widget-view+json"
STATE = "application/vnd.jupyter.widget-state+json"
MODEL_REFERENCE = "IPY_MODEL_"
LINK_MODELS = {"LinkModel", "DirectionalLinkModel"}

OUTPUT_MODULE = "@jupyter-widgets/output"
CONTROLS_MODULE = "@jupyter-widgets/controls"
SHIPPED_MODULES = {"@jupyter-widgets/base", CONTROLS_MODULE, "anywidget"}  # what the pages' widget runtime has
# The models of the module of controls that are none: they show, hold, shape or link. Any other waits for its reader.
SHOWING_MODELS = {
    *LINK_MODELS,
    *(f"{name}Model" for name in ("HTML", "HTMLMath", "Label", "Image", "Audio", "Video", "Valid")),
    *(f"{name}Model" for name in ("IntProgress", "FloatProgress")),
    *(f"{name}Model" for name in ("Box", "HBox", "VBox", "GridBox", "Accordion", "Tab", "Stack")),
}


def models(notebook: NotebookNode) -> dict[str, dict]:
    """Return the stored widget models of a notebook.

    Parameters
    ----------
    notebook : NotebookNode
        Any notebook.

    Returns
    -------
    dict
        The models by id.
    """
    return notebook.metadata.get("widgets", {}).get(STATE, {}).get("state", {})


def references(node: object) -> Iterator[str]:
    """Find the widget models that a piece of JSON refers to.

    Parameters
    ----------
    node : object
        JSON: outputs, or the state of a model.

    Yields
    ------
    str
        Ids, in a fixed order.
    """
    if isinstance(node, str) and node.startswith(MODEL_REFERENCE):
        yield node.removeprefix(MODEL_REFERENCE)
    elif isinstance(node, list):
        for item in node:
            yield from references(item)
    elif isinstance(node, dict):
        for key in sorted(node):
            if key == VIEW:
                yield node[key]["model_id"]
            else:
                yield from references(node[key])


def reach(start: list[str], stored: dict[str, dict]) -> list[str]:
    """List the models that some models are made of.

    Parameters
    ----------
    start : list of str
        Ids of the models to start from.
    stored : dict
        All models by id.

    Returns
    -------
    list of str
        Ids, those of `start` included, each once, depth first.
    """
    found: dict[str, None] = {}

    def visit(model_id: str) -> None:
        if model_id in stored and model_id not in found:
            found[model_id] = None
            for part in references(stored[model_id]["state"]):
                visit(part)

    for model_id in start:
        visit(model_id)
    return list(found)


def models_in_order(notebook: NotebookNode) -> list[str]:
    """List the widget models that the cells show, and after them the links that join them.

    No widget holds its links: a link is kept when it touches a model that is shown, and brings the other one along.

    Parameters
    ----------
    notebook : NotebookNode
        An executed notebook.

    Returns
    -------
    list of str
        Ids in reading order.
    """
    stored = models(notebook)
    shown = reach(list(references([cell.get("outputs") for cell in notebook.cells])), stored)
    links = [model_id for model_id, model in stored.items() if model["model_name"] in LINK_MODELS]
    while touching := [link for link in links if link not in shown and set(reach([link], stored)) & set(shown)]:
        places = {model_id: place for place, model_id in enumerate(shown)}
        touching.sort(key=lambda link: _link_place(stored[link]["state"], places))
        shown = reach([*shown, *touching], stored)
    return shown


def _link_place(state: dict, places: dict[str, int]) -> list[tuple[int, str]]:
    """Return what orders a link among others: the places and traits of its two ends."""
    ends = (state["source"], state["target"])
    return [(places.get(model.removeprefix(MODEL_REFERENCE), len(places)), trait) for model, trait in ends]


def renamed(node: object, names: dict[str, str]) -> object:
    """Give the widget models that a piece of JSON refers to their new names.

    Parameters
    ----------
    node : object
        JSON: outputs, or a model.
    names : dict of str to str
        New ids by old ids; an id that is not in it stays.

    Returns
    -------
    object
        A copy of the JSON.
    """
    if isinstance(node, str) and node.startswith(MODEL_REFERENCE):
        old = node.removeprefix(MODEL_REFERENCE)
        return MODEL_REFERENCE + names.get(old, old)
    if isinstance(node, list):
        return [renamed(item, names) for item in node]
    if isinstance(node, dict):
        return {
            key: {**value, "model_id": names.get(value["model_id"], value["model_id"])}
            if key == VIEW
            else renamed(value, names)
            for key, value in node.items()
        }
    return node


def kernel_needs(view: str, stored: dict[str, dict]) -> Iterator[tuple[str, str]]:
    """Find what would be dead without a kernel in a widget that a page shows.

    A control lives when the page's own links lead from it to something that is no control. A Play button and a slider
    that are linked with each other only are dead too: they move, and nothing changes.

    Parameters
    ----------
    view : str
        Id of the model that is shown.
    stored : dict
        All models of the page by id.

    Yields
    ------
    tuple of str
        The name of a model, and what is wrong and what to do.
    """
    if view not in stored:
        yield view, "the page has no such model; run 'make refresh'."
    for model_id in reach([view], stored):
        model = stored[model_id]
        if model["model_module"] == OUTPUT_MODULE:
            yield named(model_id, model), "an Output is filled by a kernel; draw the states beforehand, with 'frames'."
        elif model["model_module"] not in SHIPPED_MODULES:
            yield (
                named(model_id, model),
                f"the pages do not ship '{model['model_module']}'; use casebook.widgets or casebook.weighing.",
            )
        elif _is_control(model) and all(_is_control(stored[other]) for other in _linked(model_id, stored)):
            yield (
                named(model_id, model),
                "it changes nothing on the page; link it with 'jslink', or use 'frames' or 'filter_by'.",
            )


def named(model_id: str, model: dict) -> str:
    """Return what an author calls a model: its kind, and its label where it has one."""
    kind = model["model_name"].removesuffix("Model")
    return f"{kind} '{model['state'].get('description') or model_id}'"


def _is_control(model: dict) -> bool:
    """Tell whether a model waits for its reader."""
    name = model["model_name"]
    return model["model_module"] == CONTROLS_MODULE and not (name in SHOWING_MODELS or name.endswith("StyleModel"))


def _linked(start: str, stored: dict[str, dict]) -> set[str]:
    """Return the models that a change of one model reaches along the page's links, itself included."""
    arrows = set()
    for model in stored.values():
        if model["model_name"] in LINK_MODELS:
            source, target = (next(references(model["state"][end])) for end in ("source", "target"))
            arrows.add((source, target))
            if model["model_name"] == "LinkModel":
                arrows.add((target, source))
    reached = {start}
    while further := {target for source, target in arrows if source in reached and target in stored} - reached:
        reached |= further
    return reached
