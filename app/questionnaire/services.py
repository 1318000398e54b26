"""The verbs of the yearly report. They flush; the route's or command's ``with writing():`` commits.

Each stands in a module of its own; other features call them here.
"""

from app.questionnaire.autosave import Autosaved, autosave
from app.questionnaire.comments import comment
from app.questionnaire.drafts import SaveResult, save_answers, start_report
from app.questionnaire.editions import add_question, edition_for, ensure_editions, publish
from app.questionnaire.imports import ImportKind, ImportOutcome, import_report
from app.questionnaire.merging import FieldConflict
from app.questionnaire.moves import NotReady, Overtaken, move, submit
from app.questionnaire.signing import sign
from app.questionnaire.totals import rebuild

__all__ = [
    "Autosaved",
    "FieldConflict",
    "ImportKind",
    "ImportOutcome",
    "NotReady",
    "Overtaken",
    "SaveResult",
    "add_question",
    "autosave",
    "comment",
    "edition_for",
    "ensure_editions",
    "import_report",
    "move",
    "publish",
    "rebuild",
    "save_answers",
    "sign",
    "start_report",
    "submit",
]
