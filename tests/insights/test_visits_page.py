"""The screen of visits."""

import csv
import io
from datetime import timedelta

import pytest

from app.core.access import Role
from app.core.database import now, today
from app.core.extensions import db
from app.core.writing import writing
from app.enterprises import services as enterprises
from app.enterprises.models import Enterprise
from app.enterprises.rules import State
from app.insights.models import MissedSearch, PageTitle, VisitCount
from app.insights.rules import Device, Source
from app.insights.services import flush

URL = "/dinas/kunjungan"


def count(
    page="/koperasi", visits=1, ago=0, device=Device.PHONE, source=Source.DIRECT, language="id", is_demo=False
):
    with writing() as session:
        row = VisitCount(
            page=page, visits=visits, device=device, source=source, language=language, is_demo=is_demo
        )
        row.day = today() - timedelta(ago)
        session.add(row)


def miss(words, times, ago=0):
    with writing() as session:
        session.add(MissedSearch(day=today() - timedelta(ago), words=words, times=times))


@pytest.fixture
def editor(client_as, make_user):
    return client_as(make_user(Role.EDITOR))


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (Role.EDITOR, 200),
        (Role.OPERATOR, 200),
        (Role.ADMIN, 200),
        (Role.CONSULTANT, 403),
        (Role.COOPERATIVE, 403),
    ],
)
def test_staff_who_keep_the_site_may_look(client_as, make_user, role, status):
    assert client_as(make_user(role)).get(URL).status_code == status


def test_without_visits_it_says_when_there_will_be_some(editor):
    assert "Belum ada kunjungan" in editor.get(URL).text


def test_it_says_how_many_read_what_on_which_device_and_came_from_where(editor):
    count(visits=30)
    count(visits=10, device=Device.DESK, source=Source.SEARCH, ago=3, language="en")
    count(page="/program", visits=60, source=Source.INSIDE)
    count(page="/lama", visits=500, ago=31)
    with writing() as session:
        session.add(PageTitle(page="/program", title="Program & bantuan"))
    page = editor.get(URL).text
    assert ">100<" in page
    assert "90 %" in page
    assert "40" in page
    assert "Program &amp; bantuan" in page
    assert "/lama" not in page
    assert page.index("/program") < page.index('href="/koperasi"')
    assert "Mesin pencari" in page
    assert "25 %" in page
    assert "/lama" in editor.get(f"{URL}?per=bulan").text


def test_what_was_searched_in_vain_is_shown_from_the_third_time(editor):
    count()
    miss("barista", 2)
    miss("barista", 2, ago=5)
    miss("nama orang", 2)
    page = editor.get(URL).text
    assert "barista" in page
    assert "nama orang" not in page


def test_the_csv_has_every_sum(editor):
    count(visits=7)
    count(visits=2, is_demo=True)
    answer = editor.get(f"{URL}?format=csv")
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert [(row["Halaman"], row["Perangkat"], row["Kunjungan"]) for row in rows] == [
        ("/koperasi", "phone", "9")
    ]


@pytest.mark.parametrize("query", ["per=x", "per=bulan&lang=en", "format=xlsx", "per=%00"])
def test_an_address_that_makes_no_sense_shows_the_page(editor, query):
    count()
    assert editor.get(f"{URL}?{query}").status_code == 200


def test_queries_do_not_grow_with_the_rows(editor, count_queries):
    count()
    miss("barista", 5)
    with count_queries() as few:
        editor.get(URL)
    for number in range(12):
        count(page=f"/program/{number}", ago=number)
        miss(f"kata {'abcdefghijkl'[number]}", 5)
    with count_queries() as many:
        editor.get(URL)
    assert many.number == few.number


def test_what_was_searched_in_vain_becomes_a_page_in_two_taps(editor):
    count()
    miss("pelatihan barista", 3)
    assert 'href="/dinas/konten/baru?judul=pelatihan+barista"' in editor.get(URL).text.replace("%20", "+")
    choices = editor.get("/dinas/konten/baru?judul=pelatihan+barista").text
    assert "jenis=service&amp;judul=Pelatihan+barista" in choices.replace("%20", "+")
    assert (
        'value="Pelatihan barista"'
        in editor.get("/dinas/konten/baru?jenis=service&judul=pelatihan barista").text
    )


def test_a_ukm_that_is_erased_keeps_its_visits_and_loses_its_name_there(app, client):
    with writing() as session:
        made = Enterprise(
            slug="keripik-pamit", region="35.73", name="Keripik Pamit", name_key="keripik pamit"
        )
        made.state, made.confirmed_at = State.LISTED, now()
        session.add_all([made, PageTitle(page="/ukm/keripik-pamit", title="Keripik Pamit")])
    count("/ukm/keripik-pamit", 7)
    client.get("/ukm/keripik-pamit", headers={"User-Agent": "Mozilla/5.0 Mobi"})
    with writing():
        enterprises.delete_enterprise(made)
    flush()
    visits = dict(
        db.session.execute(
            db.select(VisitCount.page, db.func.sum(VisitCount.visits)).group_by(VisitCount.page)
        ).all()
    )
    assert visits[f"/ukm/dihapus-{made.id}"] == 8
    assert "/ukm/keripik-pamit" not in visits
    assert "Keripik Pamit" not in db.session.scalars(db.select(PageTitle.title)).all()
