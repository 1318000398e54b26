"""``flask report check`` and ``flask quality run``."""

import json

import pytest
from sqlalchemy import func, select

from app.core.extensions import db
from app.core.writing import writing
from app.quality.models import PeerYear, ReportQuality
from app.questionnaire.models import Report
from app.questionnaire.rules import Origin, Status
from tests.quality.test_services import WRONG

FIELDS = {"code", "severity", "questions", "message", "score"}


@pytest.fixture(autouse=True)
def quick_forest(monkeypatch):
    """The real one takes seconds to load; its own tests are beside."""
    monkeypatch.setattr(
        "app.quality.cli.isolate", lambda rows: [place / len(rows) for place in range(len(rows))]
    )


def run_check(command, tmp_path, *options):
    out = tmp_path / "temuan.json"
    done = command("report", "check", "--year", "2025", "--json", out, *options)
    assert done.exit_code == 0, done.output
    return done.output, json.loads(out.read_text(encoding="utf-8"))


def test_the_check_tells_row_checks_and_comparison_together_and_stores_nothing(make_year, command, tmp_path):
    make_year(70, **WRONG)
    output, found = run_check(command, tmp_path)
    assert "70 laporan diperiksa" in output
    assert all(set(one) == {"nomor_badan_hukum", "nama_koperasi", "status", "findings"} for one in found)
    findings = [finding for one in found for finding in one["findings"]]
    assert all(set(finding) == FIELDS for finding in findings)
    (wrong,) = [one for one in findings if "volume_usaha" in one["questions"] and one["score"] > 0.45]
    assert wrong["code"] == "berubah_jauh", "the row check has the word; the comparison does not repeat it"
    assert db.session.scalar(select(func.count()).select_from(ReportQuality)) == 0


def test_what_only_peers_can_show_is_in_the_list(make_year, command, tmp_path):
    last = make_year(30)[-1]
    answers = db.session.get_one(Report, last).answers
    double = {"volume_usaha": answers["volume_usaha"] * 3}
    make_year(30, **double)
    _, found = run_check(command, tmp_path, "--without-forest")
    assert "beda_perubahan" in {finding["code"] for one in found for finding in one["findings"]}


def test_drafts_and_old_lists_can_be_left_out(make_year, command, tmp_path):
    make_year(3)
    drafts = make_year(2, status=Status.DRAFT)
    imported = make_year(1, status=Status.DRAFT)
    with writing():
        db.session.get_one(Report, imported[0]).origin = Origin.IMPORTED
    assert len(run_check(command, tmp_path, "--without-forest")[1]) == 6
    assert len(run_check(command, tmp_path, "--without-forest", "--without-drafts")[1]) == 6 - len(drafts)
    assert len(run_check(command, tmp_path, "--without-forest", "--without-imported")[1]) == 5


def test_a_year_without_an_edition_is_refused_with_a_sentence(app, command, tmp_path):
    for arguments in (("report", "check", "--json", tmp_path / "x"), ("quality", "run")):
        done = command(*arguments, "--year", "1999")
        assert done.exit_code == 1
        assert "Belum ada laporan tahun buku 1999." in done.stderr


def test_a_file_that_cannot_be_written_is_said(make_year, command, tmp_path):
    make_year(1)
    done = command("report", "check", "--year", "2025", "--json", tmp_path / "no" / "x", "--without-forest")
    assert done.exit_code == 1
    assert "tidak dapat ditulis" in done.stderr


def test_the_run_compares_every_year_and_keeps_it(make_year, command):
    make_year(70, **WRONG)
    done = command("quality", "run")
    assert done.exit_code == 0, done.output
    assert "140 laporan dibandingkan, 140 di antaranya dengan hasil baru." in done.output
    assert [one.with_forest for one in db.session.scalars(select(PeerYear))] == [True, True]
    assert "0 di antaranya dengan hasil baru" in command("quality", "run", "--year", "2025").output
