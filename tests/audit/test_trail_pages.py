"""The trail on the screen."""

import re

import pytest
import time_machine

from app.audit.services import erase_values, record
from app.core.access import Role
from app.core.writing import writing
from tests.support.queries import count_queries


@pytest.fixture
def note(app):
    def make(
        action="cooperative.changed",
        kind="cooperative",
        subject_id=1,
        name="Koperasi Mawar",
        actor=None,
        **values,
    ):
        with writing():
            record(action, kind=kind, subject_id=subject_id, name=name, actor=actor, **values)

    return make


@pytest.fixture
def operator(client_as, make_user):
    return client_as(make_user(Role.OPERATOR))


@pytest.fixture
def admin(client_as, make_user):
    return client_as(make_user(Role.ADMIN))


def rows(page):
    """(number, subject) of each row."""
    return [
        (int(number), subject.strip())
        for number, subject in re.findall(
            r'href="/dinas/jejak/(\d+)">.*?data-label="Mengenai"><span>([^<]*)</span>', page, re.DOTALL
        )
    ]


def test_the_newest_change_stands_first(operator, note):
    note(name="Koperasi Mawar", after={"nama_koperasi": "Koperasi Mawar"})
    note(name="Koperasi Melati", actor=(7, "Bakung Uji"))
    page = operator.get("/dinas/jejak").text
    assert rows(page) == [(2, "Koperasi Melati"), (1, "Koperasi Mawar")]
    assert "Bakung Uji" in page
    assert "Nama koperasi" in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=melati", [2]),
        ("q=KOPERASI", [2, 1]),
        ("q=%25", []),
        ("orang=bakung", [2]),
        ("jenis=user", [3]),
        ("jenis=cooperative&nomor=1", [1]),
        ("nomor=1", [3, 2, 1]),
        ("tindakan=user.changed", [3]),
        ("dari=2026-03-10", [3, 2]),
        ("sampai=2026-03-10", [2, 1]),
        ("dari=10-03-2026&sampai=10/03/2026", [2]),
        ("dari=2026-03-11&q=melati", []),
        ("dari=kemarin", [3, 2, 1]),
    ],
)
def test_changes_are_found(make_user, client_as, note, query, found):
    days = [
        "2026-03-09T16:59:00Z",
        "2026-03-10T05:00:00Z",
        "2026-03-10T17:01:00Z",
    ]  # 23.59, noon, 00.01 in Malang
    subjects = [
        {"name": "Koperasi Mawar", "subject_id": 1},
        {"name": "Koperasi Melati", "subject_id": 2, "actor": (7, "Bakung Uji")},
        {"name": "Dahlia Uji", "kind": "user", "action": "user.changed", "subject_id": 9},
    ]
    for day, subject in zip(days, subjects, strict=True):
        with time_machine.travel(day, tick=False):
            note(**subject)
    page = client_as(make_user(Role.OPERATOR)).get(f"/dinas/jejak?{query}").text
    assert [number for number, _ in rows(page)] == found


def test_a_day_that_cannot_be_read_is_told(operator, note):
    note()
    page = operator.get("/dinas/jejak?dari=31-02-2026").text
    assert "Februari 2026 hanya sampai tanggal 28." in page
    later = operator.get("/dinas/jejak?dari=2026-03-10&sampai=2026-03-01").text
    assert "Tanggal akhir lebih awal" in later


def test_what_narrows_the_list_can_be_taken_off_again(operator, note):
    note(name="Koperasi Melati")
    page = operator.get("/dinas/jejak?q=melati&jenis=cooperative").text
    assert 'href="/dinas/jejak?jenis=cooperative"' in page
    assert 'href="/dinas/jejak?q=melati"' in page


def test_the_list_goes_on_by_key(operator, note):
    for number in range(30):
        note(name=f"Koperasi {number}")
    page = operator.get("/dinas/jejak").text
    assert [number for number, _ in rows(page)] == list(range(30, 5, -1))
    following = re.search(r'href="([^"]+)" rel="next"', page)[1].replace("&amp;", "&")
    assert [number for number, _ in rows(operator.get(following).text)] == [5, 4, 3, 2, 1]


def test_the_number_of_queries_does_not_grow_with_the_trail(operator, note):
    note()
    with count_queries() as few:
        operator.get("/dinas/jejak")
    for _ in range(24):
        note()
    with count_queries() as many:
        operator.get("/dinas/jejak")
    assert many.number == few.number


def test_an_operator_sees_the_values_of_cooperatives(operator, note):
    note(before={"alamat": "Jalan <Lama> 1"}, after={"alamat": "Jalan Baru 2", "aset": 1250000})
    page = operator.get("/dinas/jejak/1").text
    assert "Jalan &lt;Lama&gt; 1" in page
    assert "Jalan Baru 2" in page
    assert "1.250.000" in page


def test_codes_are_shown_as_words_and_what_people_wrote_as_it_is(operator, note):
    values = {
        "status": "returned",
        "nama_ketua": "active",
        "year": 2025,
        "codes": ["aset", "shu"],
        "sesuai": True,
    }
    note("report.returned", kind="report", after=values)
    page = operator.get("/dinas/jejak/1").text
    for shown in ("Dikembalikan", ">active<", ">2025<", "aset, shu", ">ya<", "Laporan dikembalikan"):
        assert shown in page
    assert "returned" not in page


def test_an_admin_sees_which_fields_of_a_cooperative_changed_but_no_value(admin, note):
    note(before={"alamat": "Jalan Lama 1"}, after={"alamat": "Jalan Baru 2"})
    page = admin.get("/dinas/jejak/1").text
    assert "Alamat" in page
    assert "Jalan" not in page
    assert "hanya terlihat oleh peran" in page


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.ADMIN])
def test_nobody_sees_the_values_of_a_person_s_account(client_as, make_user, note, role):
    note(
        "user.changed", kind="user", name="Dahlia Uji", before={"phone": "+62811"}, after={"phone": "+62822"}
    )
    page = client_as(make_user(role)).get("/dinas/jejak/1").text
    assert "Telepon" in page
    assert "+62811" not in page
    assert "+62822" not in page


def test_erased_values_are_said_to_be_erased(operator, note):
    note(after={"alamat": "Jalan Baru 2"})
    with writing():
        erase_values("cooperative", 1)
    page = operator.get("/dinas/jejak/1").text
    assert "sudah dihapus atas permintaan" in page
    assert "Jalan" not in page


def test_a_change_leads_to_those_before_and_after_it(operator, note):
    note()
    note(name="lain", subject_id=2)
    note()
    page = operator.get("/dinas/jejak/3").text
    assert 'href="/dinas/jejak/1">Perubahan sebelumnya' in page
    assert "Perubahan sesudahnya" not in page
    assert "/dinas/jejak?jenis=cooperative&amp;nomor=1" in page


@pytest.mark.parametrize("number", ["0", "2", "2147483648"])
def test_a_change_that_does_not_exist_is_not_found(operator, note, number):
    note()
    assert operator.get(f"/dinas/jejak/{number}").status_code == 404


@pytest.mark.parametrize("address", ["/dinas/jejak", "/dinas/jejak/1"])
def test_only_operators_and_admins_enter(app, client_as, make_user, note, address):
    note()
    for role in Role:
        expected = 200 if role in {Role.OPERATOR, Role.ADMIN} else 403
        assert client_as(make_user(role)).get(address).status_code == expected
    assert app.test_client().get(address).location.startswith("/masuk?next=")


def test_an_empty_trail_says_what_will_come(operator):
    assert "Belum ada perubahan" in operator.get("/dinas/jejak").text
