"""Follow the references among the widget models that a notebook stores, and put the models in a fixed order."""

from collections.abc import Iterator

from nbformat import NotebookNode

VIEW = "application/vnd.jupyter.widget-view+json"
STATE = "application/vnd.jupyter.widget-state+json"
MODEL_REFERENCE = "IPY_MODEL_"
LINK_MODELS = {"LinkModel", "DirectionalLinkModel"}


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
