"""The yearly figures that everybody may see on the page of a cooperative."""

from dataclasses import replace
from datetime import UTC, datetime

from app.questionnaire import public_figures
from app.questionnaire.queries import questionnaire_of
from tests.questionnaire.conftest import YEAR
from tests.support.queries import count_queries


def test_only_approved_reports_show_their_figures(client, desk):
    address = f"/koperasi/{desk.cooperative.slug}"
    desk.file(aset=713_750_000)
    assert "713.750.000" not in client.get(address).text
    assert client.get(f"{address}?format=json").json["angka"] == []


def test_the_latest_value_the_line_and_the_table_say_the_same(client, desk, april):
    april.move_to(datetime(YEAR, 4, 10, tzinfo=UTC))
    desk.approve(year=YEAR - 1, aset=698_200_000, tanggal_rat=f"{YEAR}-03-14")
    april.move_to(datetime(YEAR + 1, 4, 10, tzinfo=UTC))
    desk.approve(aset=713_750_000)
    page = client.get(f"/koperasi/{desk.cooperative.slug}").text
    assert page.count("Rp713.750.000") == 2  # above the line, and in the table
    assert page.count("Rp698.200.000") == 1
    assert page.count('class="spark"') == 4
    assert f"Laporan tahun buku {YEAR} disetujui" in page
    figures = client.get(f"/koperasi/{desk.cooperative.slug}?format=json").json["angka"]
    assert [(year["tahun_buku"], year["aset"]) for year in figures] == [
        (YEAR, 713_750_000),
        (YEAR - 1, 698_200_000),
    ]


def test_what_an_edition_does_not_mark_as_public_is_not_shown(client, desk, monkeypatch):
    desk.approve(aset=713_750_000)

    def without_assets(edition):
        asked = questionnaire_of(edition)
        hidden = tuple(replace(one, public=one.code != "aset") for one in asked.everything)
        return type(asked)(asked.sections, hidden)

    monkeypatch.setattr(public_figures, "questionnaire_of", without_assets)
    page = client.get(f"/koperasi/{desk.cooperative.slug}").text
    assert "713.750.000" not in page
    assert "Volume usaha" in page


def test_a_page_asks_as_much_for_many_years_as_for_one(client, desk, april):
    april.move_to(datetime(YEAR, 4, 10, tzinfo=UTC))
    desk.approve(year=YEAR - 1, tanggal_rat=f"{YEAR}-03-14")
    with count_queries() as few:
        client.get(f"/koperasi/{desk.cooperative.slug}")
    april.move_to(datetime(YEAR + 1, 4, 10, tzinfo=UTC))
    desk.approve()
    with count_queries() as many:
        client.get(f"/koperasi/{desk.cooperative.slug}")
    assert many.number <= few.number
