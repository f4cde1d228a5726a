"""Write questions as Moodle XML: Moodle's own format, the only one in which it reads a number's tolerance."""

from collections.abc import Iterable
from xml.etree import ElementTree as ET

from tools.exchange.qti import as_xml
from tools.exchange.questions import Bank, Question

TYPES = {"choice": "multichoice", "set": "multichoice", "number": "numerical", "text": "shortanswer"}
ANYTHING = "*"  # Moodle's pattern for every other answer


def question_bank(banks: Iterable[Bank], book: str) -> bytes:
    """Write the questions of all chapters, each chapter in a category of its own.

    Parameters
    ----------
    banks : iterable of Bank
        The questions.
    book : str
        The title of the book, which names the category above.

    Returns
    -------
    bytes
        The XML file.
    """
    root = ET.Element("quiz")
    for bank in banks:
        category = ET.SubElement(ET.SubElement(root, "question", type="category"), "category")
        _text(category, f"$course$/top/{_level(book)}/{_level(bank.title)}")
        for question in bank.questions:
            _question(root, question)
    return as_xml(root)


def _level(title: str) -> str:
    """Write a title as one level of a path of categories: there a slash is doubled."""
    return title.replace("/", "//")


def _question(root: ET.Element, question: Question) -> None:
    element = ET.SubElement(root, "question", type=TYPES[question.kind])
    _text(ET.SubElement(element, "name"), f"{question.id} {question.title}")
    _text(ET.SubElement(element, "questiontext", format="html"), question.html)
    for name, value in {"defaultgrade": "1", "penalty": "0", "hidden": "0", "idnumber": question.id}.items():
        ET.SubElement(element, name).text = value
    if question.options:
        _options(element, question)
    else:
        _typed(element, question)


def _options(element: ET.Element, question: Question) -> None:
    settings = {"single": str(question.kind == "choice").lower(), "shuffleanswers": "false", "answernumbering": "abc"}
    for name, value in settings.items():
        ET.SubElement(element, name).text = value
    feedback = {"correct": question.so_what, "partiallycorrect": question.hint, "incorrect": question.hint}
    for name, sentence in feedback.items():
        _text(ET.SubElement(element, f"{name}feedback", format="plain_text"), sentence)
    share = 100 / sum(option.right for option in question.options)
    wrong = -100 if question.kind == "set" else 0  # ticking everything earns nothing
    for option in question.options:
        _answer(element, option.html, share if option.right else wrong, option.says, kind="html")


def _typed(element: ET.Element, question: Question) -> None:
    """Write the answers to a number or a text, the right ones first: Moodle takes the first that fits."""
    number = question.kind == "number"
    ET.SubElement(element, "showunits" if number else "usecase").text = "3" if number else "0"
    right = [f"{question.number:.12g}"] if number else question.right
    for text in right:
        _answer(element, text, 100, question.so_what, tolerance=question.tolerance)
    for text, says in question.wrong:
        _answer(element, text, 0, says, tolerance=question.tolerance)
    _answer(element, ANYTHING, 0, question.hint)


def _answer(
    element: ET.Element, text: str, share: float, says: str, *, kind: str = "moodle_auto_format", tolerance: float = 0
) -> None:
    answer = ET.SubElement(element, "answer", fraction=f"{share:.5f}".rstrip("0").rstrip("."), format=kind)
    _text(answer, text)
    if tolerance:
        ET.SubElement(answer, "tolerance").text = f"{tolerance:.12g}"
    if says:
        _text(ET.SubElement(answer, "feedback", format="plain_text"), says)


def _text(parent: ET.Element, text: str) -> None:
    ET.SubElement(parent, "text").text = text
