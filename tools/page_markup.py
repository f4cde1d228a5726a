"""Say in a page's markup what its look says: the language of a passage, the letters of a choice, a picture's size."""

import re
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from string import ascii_lowercase

from bs4 import BeautifulSoup
from PIL import Image

CYRILLIC = re.compile("[\u0400-\u04ff]")
# from a first Cyrillic letter to a last one, with no Latin letter and no separator of terms between them
PASSAGE = re.compile("[\u0400-\u04ff](?:[^A-Za-z/|;]*[\u0400-\u04ff])?")
KAZAKH_ONLY = re.compile("[әғқңөұүһі]", re.IGNORECASE)
KAZAKH_WORD = f"[\u0400-\u04ff]*{KAZAKH_ONLY.pattern}[\u0400-\u04ff]*"
PASSAGES = {  # by the language that a part of a page has: what in it is in another
    "en": PASSAGE,
    "ru": re.compile(rf"{KAZAKH_WORD}(?:\s+{KAZAKH_WORD})*", re.IGNORECASE),  # a name in Kazakh, as in a Russian title
}


def language_of(passage: str) -> str:
    """Tell Kazakh from Russian by the letters that only Kazakh has.

    Parameters
    ----------
    passage : str
        Words in Cyrillic letters.

    Returns
    -------
    str
        ``"kk"`` or ``"ru"``.
    """
    return "kk" if KAZAKH_ONLY.search(passage) else "ru"


def mark_languages(soup: BeautifulSoup) -> None:
    """Mark every Cyrillic passage that has no language yet, so that a screen reader changes its voice.

    Where the data know the language, the pages made from them say it already; Kazakh words in a Russian passage are
    marked within it.

    Parameters
    ----------
    soup : BeautifulSoup
        A page or a part of one, in English; changed in place.
    """
    for text in soup.find_all(string=CYRILLIC):
        marked = text.find_parent(lang=True)
        language = marked["lang"] if marked else "en"
        if text.find_parent(["script", "style"]) or language not in PASSAGES:
            continue
        parts, end = [], 0
        for passage in PASSAGES[language].finditer(text):
            span = soup.new_tag("span", lang=language_of(passage[0]), string=passage[0])
            parts += [text[end : passage.start()], span]
            end = passage.end()
        text.replace_with(*parts, text[end:])


def letter_choices(soup: BeautifulSoup) -> None:
    """Turn bulleted lists whose items begin with bold **a.**, **b.** … into lettered lists, read as such.

    Parameters
    ----------
    soup : BeautifulSoup
        A page or a part of one; changed in place.
    """
    for choices in soup.find_all("ul"):
        items = choices.find_all("li", recursive=False)
        letters = [f"{letter}." for letter in ascii_lowercase[: len(items)]]
        markers = [item.find("strong") for item in items]
        if not items or [marker.get_text() if marker else "" for marker in markers] != letters:
            continue
        choices.name = "ol"
        choices["type"] = "a"
        for marker in markers:
            marker.decompose()


def number_exercises(soup: BeautifulSoup) -> None:
    """Give exercises the numbers of their labels: ``timeline-3`` is exercise 3, whatever stands before its chapter.

    The extension counts through the whole book; checks, answers and keys count in the chapter.

    Parameters
    ----------
    soup : BeautifulSoup
        A page or a part of one; changed in place.
    """
    for exercise in soup.find_all(class_="exercise", id=True):
        exercise.find(class_="caption-number").string = f"Exercise {exercise['id'].rpartition('-')[2]} "


def size_pictures(soup: BeautifulSoup, files: Mapping[str, Path]) -> None:
    """Give every PNG its width and height, so that the text does not jump when it arrives.

    Parameters
    ----------
    soup : BeautifulSoup
        A page or a part of one; changed in place.
    files : mapping of str to Path
        The picture files by the names that the page uses.
    """
    for picture in soup.find_all("img", src=re.compile(r"\.png$")):
        with Image.open(files[PurePosixPath(picture["src"]).name]) as image:
            picture["width"], picture["height"] = map(str, image.size)
