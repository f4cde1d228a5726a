"""Reduce a web font to the characters that the site uses."""

from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont


def keep_characters(path: Path, characters: str) -> None:
    """Rewrite a WOFF2 font in place with only these characters."""
    font = TTFont(path)
    subsetter = subset.Subsetter()
    subsetter.populate(text=characters)
    subsetter.subset(font)
    font.flavor = "woff2"
    font.save(path)
