"""The cases that the browser's own checks must pass say what Python says."""

import json

from app.questionnaire.spreading import standard_checks
from tests.questionnaire import browser_vectors as vectors

KEPT = json.loads(vectors.FILE.read_text(encoding="utf-8"))


def as_json(value):
    return json.loads(json.dumps(value))


def test_the_file_holds_what_python_finds_in_every_report():
    assert len(KEPT["checks"]) >= 500
    wrong = [case for case in KEPT["checks"] if as_json(vectors.case_findings(case)) != case["expect"]]
    assert not wrong, "after a change of the checks: python -m tests.questionnaire.browser_vectors"


def test_every_check_speaks_in_some_case():
    spoken = {found[0] for case in KEPT["checks"] for found in case["expect"]}
    assert {check["code"] for check in standard_checks()} - spoken == {"terlalu_besar"}


def test_the_file_holds_what_python_makes_of_every_form():
    assert len(KEPT["forms"]) >= 80
    assert not [case for case in KEPT["forms"] if as_json(vectors.case_answers(case)) != case["expect"]]


def test_the_file_holds_how_python_reads_what_is_typed():
    assert len(KEPT["typed"]) >= 400
    assert not [one for one in KEPT["typed"] if vectors.case_reading(one[0], one[1]) != one[2]]
