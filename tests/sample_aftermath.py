"""Small frames for the tests of the aftermath figures."""

import pandas as pd

from casebook.data import load


def changes() -> pd.DataFrame:
    """Return changes of two domains: a month, a day and a year; and two days that lie close together."""
    rows = [
        ("2022-09-17", "constitution_and_elections", "The president's term", "done"),
        ("2022-06", "constitution_and_elections", "Amendments to the constitution", "disputed"),
        ("2026", "constitution_and_elections", "A parliament of one chamber", "announced"),
        ("2022-03-14", "people", "Complaints of torture", "partly"),
        ("2022-03-30", "people", "Another complaint", "partly"),
    ]
    return pd.DataFrame(rows, columns=["date", "domain", "title", "status"])


def votes() -> pd.DataFrame:
    """Return votes of three states on two resolutions, with one missing; the later resolution comes first."""
    rows = [
        ("ES-11/3", "2022-04-07", "Kazakhstan", "against"),
        ("ES-11/3", "2022-04-07", "Russia", "against"),
        ("ES-11/1", "2022-03-02", "Armenia", "abstained"),
        ("ES-11/1", "2022-03-02", "Kazakhstan", "abstained"),
        ("ES-11/1", "2022-03-02", "Russia", "against"),
    ]
    frame = pd.DataFrame(rows, columns=["resolution", "date", "state", "vote"])
    return frame.assign(date=pd.to_datetime(frame["date"]))


def counts() -> pd.DataFrame:
    """Return two claims that count unlike things."""
    rows = load("claims").set_index("claim_id").loc[["C030", "C214"]]
    return rows.assign(heading=["people killed", "amnesty"])
