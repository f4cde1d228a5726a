"""A small frame for the tests of the aftermath figures."""

import pandas as pd


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
