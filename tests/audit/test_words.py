"""Every code that the site writes into the trail has words for people."""

import ast
from pathlib import Path

from app.audit import kinds
from app.questionnaire.rules import EventKind

APP = Path(__file__).parents[2] / "app"


def recorded():
    """(file, action, kind) of every call of record() whose codes are written out."""
    for path in sorted(APP.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name != "record" or not any(keyword.arg == "kind" for keyword in node.keywords):
                continue
            kind = next(keyword.value for keyword in node.keywords if keyword.arg == "kind")
            for action in codes(node.args[0]):
                yield path.name, action, *codes(kind)


def codes(node):
    """The strings that an expression may be."""
    if isinstance(node, ast.IfExp):
        return [*codes(node.body), *codes(node.orelse)]
    if isinstance(node, ast.JoinedStr) and ast.unparse(node).startswith("f'report.{event.kind}"):
        return [f"report.{kind}" for kind in EventKind]
    return [node.value] if isinstance(node, ast.Constant) and isinstance(node.value, str) else []


def test_every_action_and_kind_that_is_recorded_has_words():
    found = list(recorded())
    assert len(found) > 8
    assert [entry for entry in found if entry[1] not in kinds.ACTIONS] == []
    assert [entry for entry in found if len(entry) > 2 and entry[2] not in kinds.KINDS] == []


def test_people_s_own_data_is_open_to_nobody():
    assert "user" not in kinds.VALUES_FOR
    assert set(kinds.VALUES_FOR) <= set(kinds.KINDS)
