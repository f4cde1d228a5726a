"""Write questions as QTI 1.2, in the two dialects that learning platforms import.

The profile of the Common Cartridge knows choices and texts only: there a number is a text, with every accepted decimal
listed. Canvas reads numbers with their tolerance from QTI of its own. In both, several right texts stand side by side,
and no wrong text or number is named: Canvas takes every one that it finds for right. Their hints are in Moodle XML.

text2qti would write Canvas's dialect, but not the profile; and its archives claim a licence that is not ours.
"""

import itertools
import math
import zipfile
from collections.abc import Iterable
from io import BytesIO
from xml.etree import ElementTree as ET

from tools.archives import EPOCH
from tools.exchange.questions import Bank, Question

QTI = "http://www.imsglobal.org/xsd/ims_qtiasiv1p2"
CP = "http://www.imsglobal.org/xsd/imscp_v1p1"
PROFILES = {
    "choice": "cc.multiple_choice.v0p1",
    "set": "cc.multiple_response.v0p1",
    "number": "cc.fib.v0p1",
    "text": "cc.fib.v0p1",
}
CANVAS_TYPES = {
    "choice": "multiple_choice_question",
    "set": "multiple_answers_question",
    "number": "numerical_question",
    "text": "short_answer_question",
}
RESPONSE = "response1"


def assessment(bank: Bank, *, canvas: bool = False) -> bytes:
    """Write the questions of a chapter as one assessment.

    Parameters
    ----------
    bank : Bank
        The questions.
    canvas : bool
        Whether to write Canvas's dialect; else the profile of Common Cartridge 1.1.

    Returns
    -------
    bytes
        The XML file.
    """
    root = ET.Element("questestinterop", xmlns=QTI)
    test = _add(root, "assessment", ident=f"quiz-{bank.slug}", title=bank.title)
    profile = {} if canvas else {"cc_profile": "cc.exam.v0p1"}
    _metadata(test, profile | {"qmd_assessmenttype": "Examination", "cc_maxattempts": "unlimited"})
    section = _add(test, "section", ident="root_section")
    for question in bank.questions:
        _item(section, question, canvas)
    return as_xml(root)


def canvas_package(banks: Iterable[Bank]) -> bytes:
    """Pack one quiz a chapter into the archive that Canvas imports as *QTI .zip file*.

    Parameters
    ----------
    banks : iterable of Bank
        The questions.

    Returns
    -------
    bytes
        The archive.
    """
    manifest = ET.Element("manifest", xmlns=CP, identifier="casebook-quizzes")
    _add(manifest, "organizations")
    resources = _add(manifest, "resources")
    files = {}
    for bank in banks:
        name = f"quiz-{bank.slug}/quiz-{bank.slug}.xml"
        resource = _add(resources, "resource", identifier=f"quiz-{bank.slug}", type="imsqti_xmlv1p2", href=name)
        _add(resource, "file", href=name)
        files[name] = assessment(bank, canvas=True)
    return archive({"imsmanifest.xml": as_xml(manifest)} | files)


def archive(files: dict[str, bytes]) -> bytes:
    """Pack files into a zip archive that depends on nothing but them.

    Parameters
    ----------
    files : dict of str to bytes
        Contents by path, in the order in which to pack them.

    Returns
    -------
    bytes
        The archive.
    """
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as packed:
        for name, content in files.items():
            packed.writestr(zipfile.ZipInfo(name, EPOCH), content, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def as_xml(root: ET.Element) -> bytes:
    """Write a tree as an XML file in UTF-8, indented."""
    ET.indent(root)
    return ET.tostring(root, encoding="utf-8", xml_declaration=True) + b"\n"


def decimals(number: float, tolerance: float) -> list[str]:
    """List every decimal within the tolerance of a number, up to the places at which the platform's reading ends.

    Parameters
    ----------
    number, tolerance : float
        The number, and how far another may be off.

    Returns
    -------
    list of str
        The shortest first, each with a point and with a comma.
    """
    found: dict[str, None] = {}
    for digits in range(places(number, tolerance) + 1):
        for step in _steps(number, tolerance, digits):
            written = f"{step / 10**digits:.{digits}f}"
            found |= dict.fromkeys([written, written.replace(".", ",")])
    return list(found)


def places(number: float, tolerance: float) -> int:
    """Return how many decimal places are read where every accepted number has to be listed.

    Parameters
    ----------
    number, tolerance : float
        The number, and how far another may be off.

    Returns
    -------
    int
        One more than the fewest with which a decimal within the tolerance can be written.
    """
    return 1 + next(digits for digits in itertools.count() if _steps(number, tolerance, digits))


def _steps(number: float, tolerance: float, digits: int) -> range:
    """Return the decimals with so many places within the tolerance, as whole numbers of their last place."""
    low, high = ((number + side * tolerance) * 10**digits for side in (-1, 1))
    noise = 1e-9  # of binary fractions: the edge itself is accepted
    return range(math.ceil(low - noise), math.floor(high + noise) + 1)


def _add(parent: ET.Element, tag: str, text: str | None = None, **attributes: str) -> ET.Element:
    child = ET.SubElement(parent, tag, attributes)
    child.text = text
    return child


def _metadata(parent: ET.Element, fields: dict[str, str]) -> None:
    metadata = _add(parent, "qtimetadata")
    for label, entry in fields.items():
        field = _add(metadata, "qtimetadatafield")
        _add(field, "fieldlabel", label)
        _add(field, "fieldentry", entry)


def _item(section: ET.Element, question: Question, canvas: bool) -> None:
    item = _add(section, "item", ident=question.id, title=question.title)
    if canvas:
        fields = {"question_type": CANVAS_TYPES[question.kind], "points_possible": "1"}
    else:
        fields = {"cc_profile": PROFILES[question.kind]}
    _metadata(_add(item, "itemmetadata"), fields)
    presentation = _add(item, "presentation")
    _material(presentation, question.html + ("" if canvas else cut_off(question)))
    _response(presentation, question, canvas)
    processing = _add(item, "resprocessing")
    scores = {"maxvalue": "100", "minvalue": "0", "varname": "SCORE", "vartype": "Decimal"}
    _add(_add(processing, "outcomes"), "decvar", **scores)
    feedback = {"correct_fb": question.so_what, "general_incorrect_fb": question.hint}
    _condition(processing, _right(question, canvas), "correct_fb", score="100")
    for option in question.options:
        if option.says:
            _condition(processing, [_equal(option.name, question)], f"{option.name}_fb")
            feedback[f"{option.name}_fb"] = option.says
    _condition(processing, [ET.Element("other")], "general_incorrect_fb")
    for name, sentence in feedback.items():
        _material(_add(_add(item, "itemfeedback", ident=name), "flow_mat"), sentence, kind="text/plain")


def cut_off(question: Question) -> str:
    """Say at the end of a question that asks for a number how many decimal places are read."""
    if question.kind != "number":
        return ""
    most = places(question.number, question.tolerance)
    return f"\n<p>Give a number with at most {most} decimal place{'s' if most > 1 else ''}.</p>"


def _material(parent: ET.Element, text: str, kind: str = "text/html") -> None:
    _add(_add(parent, "material"), "mattext", text, texttype=kind)


def _response(presentation: ET.Element, question: Question, canvas: bool) -> None:
    if question.options:
        cardinality = "Multiple" if question.kind == "set" else "Single"
        response = _add(presentation, "response_lid", ident=RESPONSE, rcardinality=cardinality)
        choices = _add(response, "render_choice")
        for option in question.options:
            _material(_add(choices, "response_label", ident=option.name), option.html)
    else:
        decimal = {"fibtype": "Decimal"} if canvas and question.kind == "number" else {}
        response = _add(presentation, "response_str", ident=RESPONSE, rcardinality="Single")
        _add(_add(response, "render_fib", **decimal), "response_label", ident="answer1")


def _right(question: Question, canvas: bool) -> list[ET.Element]:
    """Return the condition that a right answer meets."""
    if question.kind == "choice":
        return [_equal(option.name, question) for option in question.options if option.right]
    if question.kind == "set":
        return [_all_of([_chosen(option.name, option.right, question) for option in question.options])]
    if question.kind == "number" and canvas:
        low, high = (f"{question.number + side * question.tolerance:.12g}" for side in (-1, 1))
        return [_bound("vargte", low), _bound("varlte", high)]
    return [_equal(text, question) for text in question.right or decimals(question.number, question.tolerance)]


def _equal(answer: str, question: Question) -> ET.Element:
    case = {} if question.options else {"case": "No"}
    condition = ET.Element("varequal", respident=RESPONSE, **case)
    condition.text = answer
    return condition


def _chosen(answer: str, right: bool, question: Question) -> ET.Element:
    return _equal(answer, question) if right else _all_of([_equal(answer, question)], "not")


def _all_of(conditions: list[ET.Element], tag: str = "and") -> ET.Element:
    together = ET.Element(tag)
    together.extend(conditions)
    return together


def _bound(tag: str, number: str) -> ET.Element:
    bound = ET.Element(tag, respident=RESPONSE)
    bound.text = number
    return bound


def _condition(processing: ET.Element, conditions: list[ET.Element], feedback: str, score: str = "") -> None:
    """Add what happens when an answer meets one of the conditions: its feedback, and its score; nothing after it."""
    found = _add(processing, "respcondition", **{"continue": "No"})
    _add(found, "conditionvar").extend(conditions)
    if score:
        _add(found, "setvar", score, action="Set", varname="SCORE")
    _add(found, "displayfeedback", feedbacktype="Response", linkrefid=feedback)
