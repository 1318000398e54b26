"""What a fresh draft offers before anybody has answered: what the register knows, else what was answered last year."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from app.cooperatives.models import Cooperative
from app.questionnaire.answers import is_raw
from app.questionnaire.question import Question, QuestionType
from app.questionnaire.questions import Questionnaire


def suggestions(
    questionnaire: Questionnaire,
    cooperative: Cooperative,
    last: Mapping[str, Any] | None,
    places: Mapping[str, str],
) -> dict[str, Any]:
    """Field → value for the questions that the register answers. A suggestion counts only once a person has saved it."""
    found = {}
    for question in questionnaire.questions:
        if question.register and question.fields:
            known = (getattr(cooperative, question.code, None), (last or {}).get(question.code))
            value = next(
                (plain for one in known if (plain := _usable(question, one, places)) is not None), None
            )
            if value is not None:
                found[question.code] = value
    return found


def _usable(question: Question, value: Any, places: Mapping[str, str]) -> Any:
    """``value`` as an answer would hold it; None when the form could not offer it."""
    if value is None or value == "" or is_raw(value):
        return None
    if question.type is QuestionType.CHOICE:
        return value if value in question.choices else None
    if question.type is QuestionType.PLACE:
        return value if value in places else None
    return value.isoformat() if isinstance(value, date) else value
