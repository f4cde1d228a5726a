"""Write texts and tables as Markdown."""

import pandas as pd


def escaped(value: object) -> object:
    """Keep the characters of a text from being read as Markdown, HTML or a formula; leave other values alone."""
    if not isinstance(value, str):
        return value
    text = value
    for sign in "\\*[]<>$|":
        text = text.replace(sign, f"\\{sign}")
    return text


def markdown_table(frame: pd.DataFrame) -> str:
    """Write a frame of text as a Markdown table with its column names as header."""
    lines = [f"| {' | '.join(frame.columns)} |", f"|{'---|' * len(frame.columns)}"]
    lines += [f"| {' | '.join(map(str, row))} |" for row in frame.itertuples(index=False)]
    return "\n".join(lines) + "\n"
