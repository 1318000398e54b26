"""Activation letters of a whole kecamatan: one file, one page each, and a list of who has used theirs."""

import re

import pytest
from sqlalchemy import func, select

from app.audit.models import TrailEntry
from app.cooperatives import services
from app.cooperatives.bulk_codes import issue_letters
from app.cooperatives.models import ActivationCode, TimelineEvent
from app.cooperatives.queries import members_of
from app.core.access import Role
from app.core.database import now
from app.core.extensions import db
from app.core.writing import writing
from tests.support.parallel import endings
from tests.support.pdf import pages
from tests.support.queries import count_queries

LOWOKWARU, BLIMBING = "35.73.05", "35.73.01"
ADDRESS = "/dinas/koperasi/surat"
CODE = re.compile(r"\b[2-9A-HJKMNP-Z]{4}-[2-9A-HJKMNP-Z]{4}-[2-9A-HJKMNP-Z]{4}\b")


@pytest.fixture
def operator(make_user):
    return make_user(Role.OPERATOR, name="Bagas Uji")


@pytest.fixture
def office(operator, client_as):
    return client_as(operator)


@pytest.fixture
def three(make_cooperative):
    return [make_cooperative(kode_kecamatan=BLIMBING) for _ in range(3)]


def send(office, kecamatan=BLIMBING, **more):
    page = office.get(f"{ADDRESS}?kecamatan={kecamatan}").text
    seen = re.search(r'name="terakhir" value="(\d+)"', page)
    return office.post(ADDRESS, data={"kecamatan": kecamatan, "terakhir": seen[1] if seen else "0", **more})


def codes_in(answer):
    assert answer.mimetype == "application/pdf"
    return [CODE.search(page)[0] for page in pages(answer.data)]


def open_codes():
    db.session.rollback()
    unused = ActivationCode.used_at.is_(None) & ActivationCode.revoked_at.is_(None)
    return db.session.scalar(select(func.count()).where(unused))


def test_who_prints_letters_that_lead_nowhere_is_told_beforehand(app, office, three, monkeypatch):
    for base, told in (("http://127.0.0.1:8000", True), ("http://simpul.kantor.example:8000", False)):
        monkeypatch.setitem(app.config, "BASE_URL", base)
        page = office.get(f"{ADDRESS}?kecamatan={BLIMBING}").text
        assert (f"{base}, hanya terbuka di komputer ini" in page) is told


def test_each_unclaimed_cooperative_of_the_kecamatan_has_a_page_with_its_own_code(
    office, three, make_cooperative, make_user, make_membership
):
    make_cooperative(kode_kecamatan=LOWOKWARU)
    make_membership(make_user(Role.COOPERATIVE), make_cooperative(kode_kecamatan=BLIMBING))
    gone = make_user(Role.COOPERATIVE, deactivated_at=now())
    make_membership(gone, three[0])  # whose account is closed acts for nobody
    assert members_of(three[0]) == []
    make_cooperative(kode_kecamatan=BLIMBING, listing="proposed")
    assert "3 koperasi belum punya pengelola" in office.get(f"{ADDRESS}?kecamatan={BLIMBING}").text
    answer = send(office)
    codes = codes_in(answer)
    assert len(set(codes)) == 3
    for one, page in zip(sorted(three, key=lambda row: row.name_key), pages(answer.data), strict=True):
        assert one.nama_koperasi in page
        assert "Dinas Koperasi dan UKM" in page
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_codes_open_the_door_and_the_list_shows_who_used_theirs(office, three, make_user):
    code = codes_in(send(office))[0]
    sekar = make_user(Role.COOPERATIVE, name="Sekar Uji")
    with writing():
        services.redeem_code(sekar, code, position="Ketua")
    page = office.get(f"{ADDRESS}?kecamatan={BLIMBING}").text
    assert "1 sudah dipakai, 2 belum" in page
    assert "Sekar Uji" in page
    assert "Bagas Uji" in page
    assert code not in page
    used = office.get(f"{ADDRESS}?keadaan=dipakai&format=csv").text
    assert "S. U." in used
    assert "Sekar Uji" not in used
    assert used.count("\n") == 2
    assert office.get(f"{ADDRESS}?format=xlsx").data.startswith(b"PK")


def test_who_holds_a_good_letter_gets_no_second_one_unless_asked(office, three, make_cooperative):
    first = codes_in(send(office))
    late = make_cooperative(kode_kecamatan=BLIMBING)
    (only,) = pages(send(office).data)
    assert late.nama_koperasi in only
    again = codes_in(send(office, ulang="1"))
    assert len(again) == 4
    assert not set(first) & set(again)
    assert open_codes() == 4


def test_pressing_twice_does_not_void_what_was_just_printed(office, three):
    page = office.get(f"{ADDRESS}?kecamatan={BLIMBING}").text
    seen = re.search(r'name="terakhir" value="(\d+)"', page)[1]
    data = {"kecamatan": BLIMBING, "terakhir": seen, "ulang": "1"}
    assert office.post(ADDRESS, data=data).mimetype == "application/pdf"
    second = office.post(ADDRESS, data=data)
    assert second.status_code == 303
    assert "baru dicetak Bagas Uji" in office.get(second.location).text
    assert open_codes() == 3


def test_two_operators_at_once_print_one_file(app, three, operator):
    person = operator.id

    def press():
        from app.accounts.models import User

        return issue_letters(BLIMBING, again=True, seen=0, by=db.session.get_one(User, person))

    told = endings(app, press, press, press)
    assert told.count("done") == 1
    assert open_codes() == 3


def test_every_code_stands_in_the_trail_and_on_the_timeline_but_never_itself(office, three):
    codes = codes_in(send(office))
    send(office, ulang="1")
    entries = list(db.session.scalars(select(TrailEntry).where(TrailEntry.subject_kind == "activation_code")))
    assert sorted(entry.action for entry in entries) == ["code.issued"] * 6 + ["code.revoked"] * 3
    assert db.session.scalar(select(func.count()).where(TimelineEvent.kind == "code")) == 9
    assert all(
        code.replace("-", "") not in f"{entry.after}{entry.subject_name}"
        for code in codes
        for entry in entries
    )


@pytest.mark.parametrize("role", [None, *(role for role in Role if role is not Role.OPERATOR)])
def test_only_operators_print(role, make_user, client_as, client, three):
    browser = client_as(make_user(role)) if role else client
    wanted = 403 if role else 302
    assert browser.get(ADDRESS).status_code == wanted
    assert browser.post(ADDRESS, data={"kecamatan": BLIMBING}).status_code == wanted
    assert open_codes() == 0


@pytest.mark.parametrize("kecamatan", ["", "99.99.99", "\x00", "35.73.01'"])
def test_an_unknown_kecamatan_prints_nothing(office, three, kecamatan):
    answer = office.post(ADDRESS, data={"kecamatan": kecamatan})
    assert answer.status_code == 303
    assert office.get(ADDRESS, query_string={"kecamatan": kecamatan}).status_code == 200
    assert open_codes() == 0


@pytest.mark.parametrize("seen", ["x", "-1", "9" * 30, "99999999999"])
def test_a_strange_mark_prints_at_most_once(office, three, seen):
    office.post(ADDRESS, data={"kecamatan": BLIMBING, "terakhir": seen})
    assert open_codes() in {0, 3}


def test_an_empty_kecamatan_says_so(office):
    answer = send(office, LOWOKWARU)
    assert "Tidak ada koperasi yang perlu disurati" in office.get(answer.location).text


def test_the_page_asks_no_more_for_more_letters(office, three, make_cooperative):
    send(office)
    with count_queries() as few:
        office.get(f"{ADDRESS}?kecamatan={BLIMBING}")
    for _ in range(6):
        make_cooperative(kode_kecamatan=BLIMBING)
    send(office)
    with count_queries() as many:
        office.get(f"{ADDRESS}?kecamatan={BLIMBING}")
    assert many.number == few.number


def test_writing_the_codes_takes_one_statement_each_at_most(office, operator, make_cooperative, three):
    with count_queries() as few, writing():
        issue_letters(BLIMBING, again=True, seen=0, by=operator)
    for _ in range(23):
        make_cooperative(kode_kecamatan=LOWOKWARU)
    with count_queries() as many, writing():
        issue_letters(LOWOKWARU, again=True, seen=0, by=operator)
    assert many.number <= few.number + 20
