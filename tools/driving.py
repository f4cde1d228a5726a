"""Drive the interactives of a page as a reader does, by pointer and by keyboard, and see that the page answers.

Nothing here knows a chapter or a kind of interactive: the widget views stored on a page say how many interactives there
are, and the controls that a browser shows in each say what there is to operate. A control is alive if operating it
changes what a reader sees besides the control itself: text, tables, alternative text.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import nbformat
import yaml
from playwright.sync_api import Locator, Page
from playwright.sync_api import TimeoutError as PlaywrightTimeoutError

from tools.browser import POLLING
from tools.widget_models import VIEW

PATIENCE = 1_500  # milliseconds in which an action must show; Play takes a step every 1,200
BETWEEN_KEYS = 50  # milliseconds: a list needs them to open
MOST_TABS = 200  # far more than an interactive has places to stop at

LIST_KEYS = ("Home", "ArrowDown", "ArrowUp", "End")  # a list is left at its end: its first choice may be "nothing"
KEYS = {  # by role: the keys that a reader expects to work, in an order in which each of them changes the value
    "button": ("Enter", "Space"),
    "checkbox": ("Space",),
    "combobox": LIST_KEYS,
    "radio": ("ArrowDown",),
    "slider": ("End", "ArrowLeft", "Home", "ArrowRight"),
    "summary": ("Enter", "Space"),  # of a part that unfolds
    "switch": ("Space",),
    "textbox": ("a", "Backspace"),
}
VIEWS = f'script[type="{VIEW}"]'
CONTROLS = ", ".join(
    ["button, input, select, textarea, summary, [contenteditable=true], [role=tab], [role=textbox]"]
    + [f"[role={role}]" for role in KEYS if role != "summary"]
)
# What a control shows of itself is no answer of the page: the number beside a slider moves even if nothing else does.
OWN_TEXT = f"{CONTROLS}, label, output, .widget-label, .widget-readout"
# It is read many times over: what is folded, and the parts of a control, are passed over as a whole.
SHOWN = """([root, ownText]) => {
  const words = [];
  const read = (part) => {
    if (part.matches(ownText) || !part.checkVisibility()) return;
    const seen = part.checkVisibility({visibilityProperty: true});
    if (seen) words.push(part.getAttribute("alt"), part.getAttribute("aria-label"));
    part.childNodes.forEach((node) => {
      if (node.nodeType === Node.ELEMENT_NODE) read(node);
      else if (seen && node.nodeType === Node.TEXT_NODE) words.push(node.data.trim());
    });
  };
  [...root.children].forEach(read);
  return words.filter(Boolean).join("\\n");
}"""
# What is shown, and how many controls there are; once that differs from what was shown before, or patience ends. It is
# read anew only if the elements have changed: to read it takes much longer than to write them down.
ANSWER = f"""async ([root], [ownText, controls, before, patience, polling]) => {{
  const shown = {SHOWN};
  const read = () => {{
    const elements = root.innerHTML;
    if (elements !== root.asRead?.elements) root.asRead = {{elements, text: shown([root, ownText])}};
    return root.asRead.text;
  }};
  const end = performance.now() + patience;
  while (read() === before && performance.now() < end)
    await new Promise((resume) => setTimeout(resume, polling));
  const visible = (control) => control.checkVisibility({{visibilityProperty: true}})
    && control.getBoundingClientRect().height > 0;
  return [read(), [...root.querySelectorAll(controls)].filter(visible).length];
}}"""
DRIVEN = "data-driven-root"  # marks the interactive that is driven
NUMBERED = """(controls) => controls.map((control) => {  // so that each is found again among others
  control.dataset.driven ||= window.driven = (window.driven ?? 0) + 1;
  return [control.dataset.driven, control.localName === "summary" ? control.innerText : null];
})"""
READY = "(found) => found.map((control) => [control.checkVisibility({visibilityProperty: true}), !control.disabled])"
HAS_FOCUS = "([control]) => control === document.activeElement"
# The control or its group of radio buttons has the focus; the focus is still in the interactive.
REACHED_AND_INSIDE = f"""([control]) => [
  control === document.activeElement || (control.type === "radio" && control.name === document.activeElement.name),
  Boolean(document.activeElement.closest("[{DRIVEN}]")),
]"""
# A list at its first choice, or a slider at its end, stands where the first key of its role leads.
FIRST_KEY_IS_IDLE = """([control]) => control.localName === "select" ? control.selectedIndex === 0
  : control.type === "range" && control.value === control.max"""
FOLLOWS_FOCUS = f"""([control]) => Boolean(document.activeElement.closest("[{DRIVEN}]")
  && document.activeElement.compareDocumentPosition(control) & Node.DOCUMENT_POSITION_FOLLOWING)"""
IS_OPEN = "([summary]) => summary.parentElement.open"
MARK = f"""(root) => {{
  document.querySelectorAll("[{DRIVEN}]").forEach((other) => other.removeAttribute("{DRIVEN}"));
  root.setAttribute("{DRIVEN}", "");
}}"""
NEVER = " never appears; the browser's console says why."
NOTHING = "changes nothing that a reader sees; link it to something, or take it out."


@dataclass(frozen=True)
class Control:
    """A control as a browser presents it: where it is, its role and its accessible name.

    A name may end with the value that the control has just now, so the digits do not count when two are compared. The
    heading of a part that unfolds may say even more of what is in it: it counts by its place.
    """

    at: Locator = field(compare=False)
    role: str
    name: str = field(compare=False)
    label: str
    number: int  # among those of the same role and label

    def __str__(self) -> str:
        return f'{self.role} "{self.name}"' if self.name else f"{self.role} {self.number}"


def stored_views(notebook: Path) -> int:
    """Count the widget views that the cells of a notebook show."""
    cells = nbformat.read(notebook, as_version=4).cells
    return sum(VIEW in output.get("data", {}) for cell in cells for output in cell.get("outputs", []))


def drive(page: Page, name: str) -> list[list[str]]:
    """Drive every interactive of a built page.

    Parameters
    ----------
    page : Page
        A page that a browser has opened.
    name : str
        What the sentences call it.

    Returns
    -------
    list of list of str
        What is wrong with each interactive, in sentences, in the order of the page; an empty list if all is well.
    """
    return [
        [f"{name}, interactive {number}{fault}" for fault in _faults(view)]
        for number, view in enumerate(page.locator(VIEWS).all(), start=1)
    ]


def missing(page: Page) -> list[str]:
    """Wait for the interactives of a page, and name those that never appear."""
    faults = []
    for number, view in enumerate(page.locator(VIEWS).all(), start=1):
        try:
            appeared(view)
        except PlaywrightTimeoutError:
            faults.append(f"interactive {number}{NEVER}")
    return faults


def appeared(view: Locator) -> Locator:
    """Bring a stored view into the window, wait until the widget runtime shows its interactive, and return that."""
    view.locator("..").scroll_into_view_if_needed()
    root = view.locator("xpath=preceding-sibling::*[1][@class='widget-subarea']")
    root.locator("> *").first.wait_for()
    return root


def driven(root: Locator) -> Locator:
    """Mark an interactive as the one that is driven, and return a way to it that is short: it is looked up often."""
    root.evaluate(MARK)
    return root.page.locator(f"css:light=[{DRIVEN}]")


def answers_once(root: Locator, keys: Mapping[str, Sequence[str]] = KEYS) -> bool:
    """Operate the first control of an interactive by keyboard, and say whether a reader sees a change.

    Parameters
    ----------
    root : Locator
        The interactive.
    keys : mapping
        The keys to press, by role; controls of other roles are passed over. Keys with blanks between them are pressed
        in a row before the page has to answer.
    """
    root = driven(root)
    control = next(control for control in controls_of(root) if control.role in keys)
    acts = [partial(_press_in_a_row, root.page, row) for row in keys[control.role]]
    return tab_to(root, control.at) and any_answers(root, control, acts)


def _press_in_a_row(page: Page, keys: str) -> None:
    for key in keys.split():
        page.keyboard.press(key, delay=BETWEEN_KEYS)


def _faults(view: Locator) -> list[str]:
    """List what is wrong with the interactive of one stored view."""
    try:
        root = driven(appeared(view))
    except PlaywrightTimeoutError:
        return [NEVER]
    by_manner = [_operate(root, pointer_fault), _operate(root, keyboard_fault)]
    seen = dict.fromkeys(control for faults in by_manner for control in faults)
    if not seen:
        return [" has no control; show a figure or a table instead."]
    wrong = [f", {control}: it has no accessible name; label it." for control in seen if not control.name]
    wrong += [f", {control}: {fault}" for faults in by_manner for control, fault in faults.items() if fault]
    if any(control.role == "button" for control in seen) and _moves(root):
        wrong.append(" moves by itself; let it wait for the reader.")
    return wrong


def _operate(root: Locator, fault_of: Callable[[Locator, Control], str]) -> dict[Control, str]:
    """Operate every control of an interactive in one manner, and say what is wrong with each, or nothing.

    A control may do nothing in one state and something in the next (Stop, a radio button that is checked, a list that
    only some choices need), so rounds go on for as long as one brings a control to life.
    """
    faults: dict[Control, str] = {}
    while True:
        waiting = [control for control in controls_of(root) if faults.get(control) != ""]
        found = _round(root, waiting, fault_of)
        faults |= found
        if "" not in found.values():
            return faults


def _round(root: Locator, waiting: list[Control], fault_of: Callable[[Locator, Control], str]) -> dict[Control, str]:
    """Operate controls once, until the interactive shows other controls, and say what is wrong with each."""
    faults = {}
    _, together = shown(root)
    for control in waiting:
        visible, enabled = next(iter(control.at.evaluate_all(READY)), (False, False))
        if not visible:  # the interactive has been drawn anew
            break
        faults[control] = fault_of(root, control) if enabled else "nothing enables it; take it out."
        _, now = shown(root)
        if control.role == "summary":  # what unfolds comes in the next round
            together = now
        elif now != together:
            break
    return faults


def controls_of(root: Locator) -> list[Control]:
    """List the controls that a part of a page shows now."""
    controls, count = [], Counter()
    for numbered, heading in root.locator(CONTROLS).filter(visible=True).evaluate_all(NUMBERED):
        at = root.page.locator(f'css:light=[data-driven="{numbered}"]')
        role, name = role_and_name(at) if heading is None else ("summary", heading)
        label = "" if role == "summary" else re.sub(r"\d+", "", name)
        count[role, label] += 1
        controls.append(Control(at, role, name, label, count[role, label]))
    return controls


def role_and_name(control: Locator) -> tuple[str, str]:
    """Return the role and the accessible name of a control, as the browser works them out."""
    entry = next(iter(yaml.safe_load(control.aria_snapshot()) or ["none"]))
    described = next(iter(entry)) if isinstance(entry, dict) else entry
    role, name = re.match(r'([\w-]+)(?: (".*"))?', described).groups()
    return role, json.loads(name) if name else ""


def pointer_fault(root: Locator, control: Control) -> str:
    """Operate a control as with a mouse, and say what is wrong; nothing if the page answers."""
    if control.role == "slider":
        acts = [partial(_drag, root, control.at, end) for end in (1, 0, 1)]
    elif control.role == "combobox":
        options = control.at.locator("option").count()
        acts = [partial(control.at.select_option, index=place) for place in (*range(1, options), 0, options - 1)]
    elif control.role == "textbox":
        acts = [partial(control.at.fill, text) for text in ("a", "")]  # as a paste from the menu does
    else:
        acts = [control.at.click] * (2 if is_unfolded(control) else 1)
    if not any_answers(root, control, acts):
        return f"the pointer {NOTHING}"
    return ""


def keyboard_fault(root: Locator, control: Control) -> str:
    """Operate a control with Tab and the keys of its role, and say what is wrong; nothing if the page answers."""
    if control.role not in KEYS:
        return "tools/driving.py does not know the keys of this role; add them."
    if not tab_to(root, control.at):
        return "the Tab key does not reach it; make it focusable."
    keys = KEYS[control.role]
    if control.at.evaluate_all(FIRST_KEY_IS_IDLE):
        keys = keys[1:]
    if control.role == "summary" and not is_unfolded(control):
        keys = (*keys, keys[0])
    if not any_answers(root, control, [partial(_press, control, key) for key in keys]):
        return f"the keyboard {NOTHING}"
    if not control.at.evaluate_all(HAS_FOCUS):
        return "its keys take the focus away from it; keep the element when the interactive redraws."
    return ""


def is_unfolded(control: Control) -> bool:
    """Say whether a control is the heading of a part that is unfolded, as it is left when it has been driven."""
    return control.role == "summary" and control.at.evaluate_all(IS_OPEN)


def _moves(root: Locator) -> bool:
    """Say whether an interactive changes while nobody touches it."""
    before, _ = shown(root)
    return shown(root, before)[0] != before


def any_answers(root: Locator, control: Control, acts: list[Callable[[], object]]) -> bool:
    """Act until what a reader sees changes, then once more with the last act, and say whether it changed at all.

    The last act leaves the control where most others live. Acting ends early if the interactive shows other controls.
    """
    answered, (before, together) = False, shown(root)
    for act in acts:
        if answered and act is not acts[-1]:
            continue
        act()
        after, controls = shown(root, before if not answered else None)
        answered = answered or after != before
        if control.role != "summary" and controls != together:
            break
        if control.role == "button" and control.at.is_enabled():
            act()  # what a button starts, such as Play, it also stops
            before, _ = shown(root)
    return answered


def shown(root: Locator, before: str | None = None) -> tuple[str, int]:
    """Return what a reader sees or hears of an interactive besides its controls, and how many controls there are.

    Parameters
    ----------
    root : Locator
        The interactive.
    before : str, optional
        What was shown before an action: wait until that changes, as long as a reader would.
    """
    text, controls = root.evaluate_all(ANSWER, [OWN_TEXT, CONTROLS, before, PATIENCE, POLLING])
    return text, controls


def _drag(root: Locator, handle: Locator, end: int) -> None:
    """Drag a handle to the left (0) or the right (1) end of the interactive."""
    handle.hover()
    box = root.bounding_box()
    mouse = root.page.mouse
    mouse.down()
    mouse.move(box["x"] + end * box["width"], handle.bounding_box()["y"], steps=5)
    mouse.up()


def tab_to(root: Locator, control: Locator) -> bool:
    """Press Tab until a control, or its group of radio buttons, has the focus.

    The way starts at the control that has the focus, if that comes before, or else at the beginning of the interactive.
    """
    if not control.evaluate_all(FOLLOWS_FOCUS):
        root.evaluate("(root) => { root.tabIndex = -1; root.focus({preventScroll: true}); }")
    for _ in range(MOST_TABS):
        root.page.keyboard.press("Tab")
        reached, inside = control.evaluate_all(REACHED_AND_INSIDE)
        if reached or not inside:
            return reached
    return False


def _press(control: Control, key: str) -> None:
    """Press a key on the control that has the focus; in a group of radio buttons, until this one has it."""
    for _ in range(MOST_TABS):
        control.at.page.keyboard.press(key)
        if control.role != "radio" or control.at.evaluate_all(HAS_FOCUS):
            return
