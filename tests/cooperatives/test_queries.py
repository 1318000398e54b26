"""Status by rule and by SQL alike, its reason in words, likely duplicates, and three-way corrections."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app.cooperatives import services
from app.cooperatives.corrections import correct_cooperative, typed_values
from app.cooperatives.duplicates import twins, twins_of
from app.cooperatives.models import Cooperative, Listing
from app.cooperatives.queries import status_condition, status_counts, status_of
from app.cooperatives.rules import Status, years_before
from app.cooperatives.standing import standing_of
from app.core.database import today
from app.core.extensions import db
from app.core.writing import writing
from tests.support.fuzzing import examples
from tests.support.parallel import endings


def near(day):
    """Days around the border that decides, and unknown."""
    return st.one_of(
        st.none(),
        st.integers(-3, 3).map(lambda days: day + timedelta(days=days)),
        st.dates(date(1945, 1, 1), date(2090, 1, 1)),
    )


@settings(
    max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_sql_gives_the_status_that_the_rule_gives(app, make_cooperative, data):
    day = today()
    border = years_before(day, 3)
    dissolved = data.draw(near(day))
    row = make_cooperative(
        last_rat=data.draw(near(border)),
        tanggal_badan_hukum=data.draw(near(border)),
        dissolved_on=dissolved,
        dissolved_decree="1" if dissolved else None,
    )
    by_sql = [
        status
        for status in Status
        if db.session.scalar(select(Cooperative.id).where(Cooperative.id == row.id, status_condition(status)))
    ]
    assert by_sql == [status_of(row)]


@pytest.mark.parametrize(
    ("values", "status", "words"),
    [
        ({}, Status.UNKNOWN, "belum diketahui"),
        (
            {"tanggal_badan_hukum": date(2000, 1, 1)},
            Status.INACTIVE,
            "Belum ada catatan RAT, dan berdiri 1 Januari 2000, lebih dari 3 tahun lalu.",
        ),
        (
            {"last_rat": date(2010, 1, 1)},
            Status.INACTIVE,
            "RAT terakhir 1 Januari 2010, lebih dari 3 tahun lalu.",
        ),
        ({"last_rat": date(2999, 1, 1)}, Status.UNKNOWN, "belum diketahui"),
        (
            {"dissolved_on": date(2020, 1, 2), "dissolved_decree": "518/1"},
            Status.DISSOLVED,
            "Bubar menurut keputusan 518/1 tanggal 2 Januari 2020.",
        ),
    ],
)
def test_a_status_gives_its_reason(make_cooperative, values, status, words):
    standing = standing_of(make_cooperative(**values))
    assert standing.status is status
    assert words in str(standing.reason)


def test_statuses_are_counted_among_the_listed_only(make_cooperative):
    make_cooperative()
    make_cooperative(last_rat=today())
    make_cooperative(listing=Listing.PROPOSED)
    assert status_counts() == {Status.ACTIVE: 1, Status.INACTIVE: 0, Status.UNKNOWN: 1, Status.DISSOLVED: 0}


def reasons(found):
    return {twin.cooperative.nama_koperasi: str(twin.reason) for twin in found}


def test_likely_duplicates_are_those_of_one_number_or_a_near_name_nearby(melati, add):
    add(nama_koperasi="Koperasi Anggrek", nomor_badan_hukum="518/9/BH/Kankop")
    add(nama_koperasi="Koperasi Bakung", nik_koperasi="3573010000001")
    add(nama_koperasi="KSP Melati Djaya", kode_kelurahan="35.73.05.1010")
    add(nama_koperasi="Koperasi Melati Jaya")
    add(nama_koperasi="KSP Melati Jaya", kode_kelurahan="35.73.01.1001")
    add(nama_koperasi="KSU Melati Jaya", kode_kelurahan="35.73.05.1010")
    add(nama_koperasi="KSP Kenanga", kode_kelurahan="35.73.05.1010")
    assert reasons(twins_of(melati)) == {
        "Koperasi Anggrek": "Nomor badan hukum sama",
        "Koperasi Bakung": "NIK sama",
        "KSP Melati Djaya": "Nama hampir sama, di kecamatan yang sama",
        "Koperasi Melati Jaya": "Nama hampir sama, di kecamatan yang sama",
    }


def test_the_surest_come_first_and_proposals_are_for_the_office_only(melati, make_user):
    person = make_user()
    with writing():
        services.propose(person, {"nama_koperasi": "KSP Melati Jaya"}, position="Ketua")
    values = {
        "nama_koperasi": "KSP Melati Djaya",
        "kode_kelurahan": "35.73.05.1010",
        "nomor_badan_hukum": "518/09/BH/KANKOP",
    }
    [twin] = twins(values)
    assert (twin.cooperative, twin.certain) == (melati, True)
    assert [twin.cooperative.nama_koperasi for twin in twins(values, proposals=True)] == [
        melati.nama_koperasi,
        "KSP Melati Jaya",
    ]
    assert twins({"nama_koperasi": ""}) == []
    assert twins({"nama_koperasi": "…"}) == []


def test_a_correction_against_the_same_version_is_written(melati):
    base = typed_values(melati, ("alamat", "nama_ketua"))
    with writing():
        done = correct_cooperative(
            melati, {"alamat": "Jalan Baru", "nama_ketua": "Sekar Arum"}, version=1, base=base
        )
    assert done.changed == ("alamat",)


def test_a_correction_that_both_made_alike_is_no_conflict(melati):
    base = typed_values(melati, ("alamat",))
    with writing():
        services.change_cooperative(melati, {"alamat": "Jalan Baru 1"})
    with writing():
        done = correct_cooperative(melati, {"alamat": "Jalan Baru 1"}, version=1, base=base)
    assert (done.changed, done.conflicts, done.merged) == ((), (), True)


def test_two_who_correct_different_fields_at_once_both_stay(app, melati):
    id_, base = melati.id, typed_values(melati, ("alamat", "nama_ketua"))

    def correct(code, value):
        row = db.session.get_one(Cooperative, id_)
        values = {"alamat": "Jalan Contoh 12", "nama_ketua": "Sekar Arum"} | {code: value}
        assert not correct_cooperative(row, values, version=1, base=base).conflicts

    outcomes = endings(
        app, lambda: correct("alamat", "Jalan Baru 1"), lambda: correct("nama_ketua", "Ketua Baru")
    )
    assert outcomes == ["done", "done"]
    row = db.session.get_one(Cooperative, id_)
    assert (row.alamat, row.nama_ketua, row.version) == ("Jalan Baru 1", "Ketua Baru", 3)


def test_many_of_one_name_enter_at_once_at_addresses_of_their_own(app):
    outcomes = endings(app, *[lambda: services.add_cooperative({"nama_koperasi": "Koperasi Melati"})] * 6)
    assert outcomes == ["done"] * 6
    slugs = db.session.scalars(select(Cooperative.slug)).all()
    assert sorted(slugs) == ["koperasi-melati", *(f"koperasi-melati-{n}" for n in range(2, 7))]
