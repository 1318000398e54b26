"""The questions of a year are data: seeded, added to, frozen."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from app.core.errors import RuleBroken
from app.core.extensions import db
from app.core.writing import writing
from app.questionnaire import exports, services
from app.questionnaire.models import Edition, KeptTotal
from app.questionnaire.queries import current_year, edition_of, questionnaire_of, years
from app.questionnaire.questions import standard
from app.questionnaire.rules import Status
from tests.questionnaire.conftest import typed
from tests.support.answers import sound

SOLAR = {
    "code": "listrik_surya",
    "section": 4,
    "label": "Listrik tenaga surya",
    "type": "integer",
    "required": "yes",
    "min": 0,
    "unit": "kWh",
    "hint": "Pemakaian setahun.",
    "total": True,
}


def test_an_edition_is_seeded_with_the_standard_questions_and_the_dates_of_the_settings(app):
    with writing():
        edition = services.edition_for(2025)
    assert questionnaire_of(edition) == standard()
    assert (edition.opens, edition.deadline, edition.closes) == (
        date(2026, 1, 1),
        date(2026, 4, 30),
        date(2026, 12, 31),
    )


def test_dates_follow_the_settings(app, monkeypatch):
    monkeypatch.setitem(app.config, "REPORT_OPENS", "02-29")
    monkeypatch.setitem(app.config, "REPORT_DEADLINE", "6-30")
    with writing():
        edition = services.edition_for(2025)
    assert (edition.opens, edition.deadline) == (date(2026, 2, 28), date(2026, 6, 30))


@pytest.mark.parametrize("written", ["30 April", "04-31", "", "13-01"])
def test_a_setting_that_is_no_day_is_named(app, monkeypatch, written):
    monkeypatch.setitem(app.config, "REPORT_DEADLINE", written)
    with pytest.raises(RuleBroken, match="SIMPUL_REPORT_DEADLINE"), writing():
        services.edition_for(2025)


def test_asking_for_an_edition_again_makes_no_second_one(app):
    for _ in range(2):
        with writing():
            services.edition_for(2025)
    assert years() == [2025]


@pytest.mark.parametrize(
    ("today", "current", "prepared"),
    [
        (date(2026, 4, 10), 2025, [2026, 2025]),
        (date(2026, 1, 1), 2025, [2026, 2025]),
        (date(2025, 12, 31), 2024, [2025, 2024]),
    ],
)
def test_this_years_and_next_years_questions_exist_after_start_up(app, today, current, prepared):
    for _ in range(2):
        with writing():
            services.ensure_editions(today)
    assert years() == prepared
    assert current_year(today) == current


def test_on_new_years_day_the_next_year_opens_by_itself(app):
    with writing():
        services.ensure_editions(date(2025, 11, 21))
    assert current_year(date(2025, 12, 31)) == 2024
    assert current_year(date(2026, 1, 1)) == 2025


def test_before_the_first_edition_there_is_no_current_year(app):
    assert current_year(date(2026, 4, 10)) is None


def test_what_staff_added_stays_in_the_next_edition_and_leaves_earlier_ones_alone(app):
    with writing():
        services.add_question(services.edition_for(2025), SOLAR)
    with writing():
        services.edition_for(2026)
        services.edition_for(2019)
    assert "listrik_surya" in questionnaire_of(edition_of(2026)).codes
    assert "listrik_surya" not in questionnaire_of(edition_of(2019)).codes


def test_a_question_added_by_staff_is_asked_checked_exported_and_totalled_with_no_code(desk, client_as):
    with writing():
        services.add_question(edition_of(2025), SOLAR, by=desk.operator)
    client = client_as(desk.member)
    page = client.get(f"/laporan/{desk.slug}/2025?bagian=4").text
    assert 'name="listrik_surya"' in page
    assert "Listrik tenaga surya" in page
    for section in (1, 2, 3, 4):
        client.post(f"/laporan/{desk.slug}/2025?bagian={section}", data=typed(section))
    with pytest.raises(services.NotReady):
        desk.submit()
    client.post(
        f"/laporan/{desk.slug}/2025?bagian=4", data={"listrik_surya": "1.250", "versi": desk.report().version}
    )
    desk.submit()
    desk.move(Status.APPROVED)
    table = exports.year_table(2025, "kementerian")
    assert table.columns[-1].title == "Listrik tenaga surya"
    assert table.rows[0][-1] == 1250
    kept = db.session.scalars(select(KeptTotal).where(KeptTotal.question == "listrik_surya")).one()
    assert (kept.reports, kept.total) == (1, 1250)


def test_an_edition_with_reports_is_frozen(desk):
    desk.save(aset=1)
    with pytest.raises(RuleBroken, match="sudah dipakai"), writing():
        services.add_question(edition_of(2025), SOLAR)
    assert "listrik_surya" not in questionnaire_of(edition_of(2025)).codes


def test_an_unsound_question_is_refused(app):
    with pytest.raises(RuleBroken), writing():
        services.add_question(services.edition_for(2025), {**SOLAR, "code": "Listrik Surya"})


def test_the_command_makes_the_editions(app, command, april):
    done = command("report", "editions")
    assert done.exit_code == 0
    assert "tahun buku 2025 dibuka 2026-01-01" in done.output
    assert years() == [2026, 2025]


def test_a_start_in_january_publishes_what_staff_had_prepared(app, april):
    with writing():
        services.ensure_editions(date(2026, 12, 30))
        services.add_question(edition_of(2026), SOLAR)
    april.move_to(datetime(2027, 1, 2, 2, tzinfo=UTC))
    with writing():
        services.ensure_editions(date(2027, 1, 2))
    edition = db.session.scalars(select(Edition).where(Edition.year == 2026)).one()
    assert edition.published_at is not None
    assert "listrik_surya" in questionnaire_of(edition).codes


def test_answers_of_a_full_form_are_the_sound_ones(desk, client_as):
    client = client_as(desk.member)
    for section in (1, 2, 3, 4):
        client.post(f"/laporan/{desk.slug}/2025?bagian={section}", data=typed(section))
    assert desk.report().answers == sound()
