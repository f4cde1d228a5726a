"""Read QTI 1.2 with pyslet, a library that had no part in writing it, into plain values that can be compared.

pyslet holds every element to the content model of the specification. Several ``varequal`` side by side count as
alternatives here, as both Canvas and Moodle write and read them.
"""

from io import BytesIO

from pyslet.qtiv1 import common, core, item
from pyslet.qtiv1.xml import QTIDocument


def questions(content: bytes) -> list[dict]:
    """Return the questions of an assessment.

    Parameters
    ----------
    content : bytes
        A QTI file.

    Returns
    -------
    list of dict
        ``id``, ``title``, ``type`` (of either dialect), ``html``, ``options`` (text by identifier), ``multiple``,
        ``right``, ``score``, ``so_what``, ``wrong`` (conditions with their sentences), ``hint`` and ``else``.
    """
    document = QTIDocument()
    document.read(src=BytesIO(content))
    (section,) = document.root.Assessment.SectionMixin
    return [_question(found) for found in section.SectionItemMixin]


def _question(found: item.Item) -> dict:
    labels = list(found.Presentation.find_children_depth_first(item.ResponseLabel))
    prompt, *_ = found.Presentation.find_children_depth_first(common.MatText)
    (processing,) = found.ResProcessing
    feedback = {each.ident: _text(each) for each in found.ItemFeedback}
    right, *wrong, last = processing.ConditionMixin
    (response,) = found.Presentation.find_children_depth_first(item.ResponseThing)
    return {
        "id": found.ident,
        "title": found.title,
        "type": _types(found),
        "html": prompt.get_value(),
        "options": {
            label.ident: _text(label) for label in labels if list(label.find_children_depth_first(common.MatText))
        },
        "multiple": response.rCardinality == core.RCardinality.Multiple,
        "right": _condition(right),
        "score": [float(each.get_value()) for each in right.SetVar],
        "so_what": feedback[_shown(right)],
        "wrong": [(_condition(each), feedback[_shown(each)]) for each in wrong],
        "hint": feedback[_shown(last)],
        "else": _condition(last),
    }


def _types(found: item.Item) -> dict[str, str]:
    (metadata,) = found.ItemMetadata.QTIMetadata
    fields = metadata.find_children_depth_first(common.QTIMetadataField)
    return {field.FieldLabel.get_value(): field.FieldEntry.get_value() for field in fields}


def _text(element: object) -> str:
    (text,) = element.find_children_depth_first(common.MatText)
    return text.get_value()


def _shown(condition: item.RespCondition) -> str:
    (shown,) = condition.DisplayFeedback
    return shown.linkRefID


def _condition(condition: item.RespCondition) -> list:
    """Return the parts of a condition: an answer; an operator with its parts; a bound with its number."""
    return [_part(part) for part in condition.ConditionVar.ExtendableExpressionMixin]


def _part(part: object) -> object:
    if isinstance(part, common.VarEqual):
        return part.get_value()
    if isinstance(part, common.VarThing):
        return part.XMLNAME, float(part.get_value())
    if isinstance(part, common.Not):
        return "not", _part(part.ExpressionMixin)
    if isinstance(part, common.And):
        return "and", [_part(each) for each in part.ExpressionMixin]
    return part.XMLNAME
