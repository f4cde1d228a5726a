"""The simulation of the Collective Security Council: read ``teaching/council.toml``, hold it to its rules, write cards.

``[[delegation]]``: ``state``, ``seat`` (who you are), ``position`` (the state's, at its strongest), ``wants`` and
``binds`` (lists), ``ask``, ``silent`` (what no row says and players decide). ``[[inject]]``: ``session``, ``hour``,
``rows``, ``says``, ``task``; in the order in which they are read out. ``[[clock]]``: ``name``, ``minutes``, ``steps``.
``treaty`` lists the provisions that everybody has on the table.

A card may cite only what was known by the hour of ``cutoff``: nobody in the room can know how it ended. An event of
that day without an hour may be cited if ``hour_unknown`` names it and the card says so.
"""

import tomllib
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from pathlib import Path

from casebook.errors import CasebookError
from casebook.rows import is_wording, rows_of
from casebook.wording import in_words
from tools.citing import ROW_ID, faults, rows_with_numbers, with_links
from tools.files import ROOT
from tools.markdown import escaped

SOURCE = ROOT / "teaching" / "council.toml"
STATES = ["Armenia", "Belarus", "Kazakhstan", "Kyrgyzstan", "Russia", "Tajikistan"]
# the column of a table that says when a row was known; other tables hold what nobody knew, or could cite, that night
KNOWN_ON = {
    "events": "date_local",
    "claims": "as_of_date",
    "legal_views": "date",
    "provisions": "in_force",
    "cases": "date_end",
    "ruptures": "starts",
}
BEFORE_THE_EVENING = ("morning", "afternoon")  # notes on time that place an event without an hour
LISTS = {"wants": "What you want", "binds": "What binds you"}

FORM = {
    "What has happened": "a sentence that all can sign; what is known, and what is claimed by whom",
    "Ground": "which article or agreement, and why its conditions are met; or why there is no decision",
    "Mandate": "what it does; what it may not do; where",
    "Size and shares": "how many, by whose consent; who stands aside",
    "Duration": "until when; who can end it, and how",
    "Command": "who commands; how the force works beside that of Kazakhstan",
    "Conditions": "on the use of force, on both sides; what makes you leave at once",
    "Reporting": "who tells whom, when, under which article",
    "For the press": "one sentence",
}


@cache
def council(path: Path = SOURCE) -> dict:
    """Read the simulation.

    Raises
    ------
    CasebookError
        If the file is not TOML.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise CasebookError(f"teaching/{path.name} is not TOML ({error}); correct it there.") from None


def problems(path: Path = SOURCE) -> Iterator[str]:
    """Yield a sentence for each thing in the simulation that breaks its rules."""
    found, rows, known = council(path), rows_with_numbers(), known_on()
    states = [delegation["state"] for delegation in found["delegation"]]
    if states != STATES:
        yield f"The delegations are {', '.join(states)}; the members of 2022, in this order, were {', '.join(STATES)}."
    for delegation in found["delegation"]:
        for text in texts_of(delegation):
            late = (too_late(row_id, known, found) for row_id in ROW_ID.findall(text) if row_id in rows)
            yield from (f"{delegation['state']}: {fault}" for fault in (*faults(text, rows), *filter(None, late)))
            if set(ROW_ID.findall(text)) & set(found["hour_unknown"]) and "no hour" not in " ".join(text.split()):
                yield f"{delegation['state']}: a row of that day without an hour is cited; say that it has no hour."
    yield from _faults_of_injects(found["inject"], rows, known)
    for clock in found["clock"]:
        total = sum(minutes for _, minutes in clock["steps"])
        if total != clock["minutes"]:
            yield f"The steps of '{clock['name']}' take {total} minutes, not {clock['minutes']}; correct one of them."


def texts_of(delegation: dict) -> list[str]:
    """Return every text of a delegation's card."""
    return [
        *(delegation[key] for key in ("seat", "position", "ask", "silent")),
        *delegation["wants"],
        *delegation["binds"],
    ]


def known_on() -> dict[str, str]:
    """Return the day on which each row was known that somebody could know that night, by the id of the row."""
    return {row_id: day for table, column in KNOWN_ON.items() for row_id, day in rows_of(table)[column].items()}


def too_late(row_id: str, known: dict[str, str], found: dict) -> str | None:
    """Say why a delegation cannot cite a row by the hour of the cutoff, or return None."""
    if row_id not in known:
        return f"{row_id} is of a table that nobody had that night; cite another row."
    day, cutoff = known[row_id], datetime.fromisoformat(found["cutoff"])
    last_day = cutoff.date().isoformat()
    if day > last_day:
        return f"{row_id} was known on {day}, after {last_day}; cite another row."
    undecided = day and last_day.startswith(day)  # that day, or a month or year that holds it
    if undecided and row_id not in found["hour_unknown"] and not happened_by(row_id, cutoff):
        return f"{row_id} is of {day}, and no hour shows that it was known by {cutoff:%H:%M}; cite another row."
    return None


def happened_by(row_id: str, cutoff: datetime) -> bool:
    """Tell whether the table of events places a row before an hour of its day."""
    events = rows_of("events")
    if row_id not in events.index:
        return False
    event = events.loc[row_id]
    if event["datetime_utc"]:
        return datetime.fromisoformat(event["datetime_utc"]) <= cutoff
    return event["time_note"] in BEFORE_THE_EVENING


def _faults_of_injects(injects: list[dict], rows: dict[str, set[str]], known: dict[str, str]) -> Iterator[str]:
    """Yield what is wrong with the injects: their rows, their numbers, their order in time."""
    latest = {"day": "", "hour": ""}
    hours = rows_of("events")["datetime_utc"]
    for number, inject in enumerate(injects, start=1):
        yield from (f"Inject {number}: {fault}" for fault in faults(inject["says"], rows))
        if set(inject["rows"]) != set(ROW_ID.findall(inject["says"])):
            yield f"Inject {number}: its text cites other rows than {', '.join(inject['rows'])}; make them equal."
            continue
        now = {
            "day": max(known[row_id] for row_id in inject["rows"]),
            "hour": max(hours.get(row_id, "") for row_id in inject["rows"]),
        }
        for what, moment in now.items():
            if moment and moment < latest[what]:
                yield f"Inject {number} is of {moment}, but one of {latest[what]} comes before it; put them in order."
            latest[what] = moment or latest[what]


def treaty_card() -> str:
    """Return the provisions that lie on the table, each with what it is: a wording or a summary."""
    provisions = rows_of("provisions").loc[council()["treaty"]]
    lines = [
        f"- **{provision['instrument']}, Article {provision['article']}** ({with_links(row_id)}; "
        f"{'wording' if is_wording(provision) else 'summary'}): {escaped(provision['text'])}"
        for row_id, provision in provisions.iterrows()
    ]
    return "\n".join(lines)


def delegation_cards() -> str:
    """Return the cards of the six delegations."""
    return "\n".join(delegation_card(delegation) for delegation in council()["delegation"])


def delegation_card(delegation: dict) -> str:
    """Return the card of one delegation: a heading, and what its members read in confidence."""
    lists = [
        "\n".join([f"**{title}**\n", *(f"- {linked(text)}" for text in delegation[key])]) + "\n"
        for key, title in LISTS.items()
    ]
    head = "Confidential. Only what was public by 18:00 in Nur-Sultan on 5 January 2022."
    return "\n".join(
        [
            f"## Delegation of {delegation['state']}\n",
            f"*{head}* {linked(delegation['seat'])}\n",
            f"**Your position, at its strongest.** {linked(delegation['position'])}\n",
            *lists,
            f"**Ask.** {linked(delegation['ask'])}\n",
            f"**What no row says, and you decide.** {linked(delegation['silent'])}\n",
        ]
    )


def linked(text: str) -> str:
    """Write a text of the source on one line, its rows linked."""
    return with_links(" ".join(text.split()))


def decision_form() -> str:
    """Return the decision form as a table with room to write."""
    lines = [f"| **{name}** <br> {what} | |" for name, what in FORM.items()]
    return "\n".join(["| Point | Decision |", "|---|---|", *lines])


def injects(session: str) -> str:
    """Return the injects of the ``first`` or the ``second`` session, each under its hour."""
    chosen = [inject for inject in council()["inject"] if inject["session"] == ["first", "second"].index(session) + 1]
    return "\n".join(
        f"**{number}. {inject['hour']}.** {linked(inject['says'])} *{inject['task']}*\n"
        for number, inject in enumerate(chosen, start=1)
    )


def clocks() -> str:
    """Return a timetable for each way to play, with the minutes passed."""
    return "\n".join(clock_table(clock) for clock in council()["clock"])


def clock_table(clock: dict) -> str:
    """Return one timetable: from which minute to which, what happens."""
    lines, passed = [], 0
    for what, minutes in clock["steps"]:
        lines.append(f"| {passed}–{passed + minutes} | {what} |")
        passed += minutes
    return "\n".join(
        [f"### {clock['name']}: {passed} minutes\n", "| Minutes | What happens |", "|---|---|", *lines, ""]
    )


def elements() -> str:
    """Return the elements of the test of Article 4 as questions to the decision form."""
    lines = [
        f"| {element['element']} ({in_words(element['role'])}) | {element['question']} |"
        for _, element in rows_of("article4_elements").sort_values("test_order").iterrows()
    ]
    return "\n".join(["| Element | Question to your form |", "|---|---|", *lines])
