"""A new person finds a cooperative and claims it, redeems the office's code, or proposes one: on the pages themselves."""

import pytest
from sqlalchemy import func, select

from app.accounts.models import User
from app.cooperatives import services
from app.cooperatives.models import Cooperative, Listing, Membership, MembershipState
from app.cooperatives.queries import codes_of, memberships_of
from app.cooperatives.rules import format_activation_code, new_activation_code
from app.core.access import Role
from app.core.database import today
from app.core.extensions import db
from app.core.writing import writing
from app.notifications.models import OutboxMessage
from tests.cooperatives.conftest import MELATI

PASSWORD = "sepeda biru di bawah hujan"
PERSON = {
    "name": "Ratna Uji",
    "email": "Ratna@uji.example",
    "phone": "",
    "password": PASSWORD,
    "jabatan": "Ketua",
}
PROPOSAL = {
    "nama_koperasi": "Koperasi Teratai Baru",
    "nomor_badan_hukum": "AHU-0001234.AH.01.26.TAHUN 2025",
    "kode_kelurahan": "35.73.01.1001",
    "alamat": "Jalan Contoh 7",
    "nama_ketua": "Ratna Uji",
    "jenis_koperasi": "Jasa",
    "tanggal_badan_hukum": "",
    "telepon_kantor": "",
}


@pytest.fixture
def code(melati, operator):
    with writing():
        return services.issue_code(melati, by=operator)


def people():
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(User))


def claims():
    db.session.rollback()
    return db.session.scalars(select(Membership)).all()


def test_the_search_needs_no_account_and_leads_to_the_claim(client, melati):
    assert client.get("/daftar").status_code == 200
    page = client.get("/daftar?q=melati jya")
    assert f'href="/daftar/koperasi/{melati.slug}"' in page.text
    assert client.get("/daftar?q=518/09").text.count(melati.slug) >= 1


def test_what_is_not_found_can_be_proposed_under_its_name(client, app):
    page = client.get("/daftar?q=Koperasi Flamboyan")
    assert "Tidak ada koperasi yang cocok" in page.text
    assert 'href="/daftar/usul?nama=Koperasi+Flamboyan"' in page.text
    assert 'value="Koperasi Flamboyan"' in client.get("/daftar/usul?nama=Koperasi+Flamboyan").text


def test_a_new_person_has_an_account_and_a_waiting_claim_after_one_form(client, melati):
    answer = client.post(f"/daftar/koperasi/{melati.slug}", data=PERSON | {"catatan": "SK 12 tahun 2025"})
    assert (answer.status_code, answer.location) == (302, "/daftar/saya")
    [claim] = claims()
    assert (claim.user.email, claim.user.name, claim.state) == (
        "ratna@uji.example",
        "Ratna Uji",
        MembershipState.PENDING,
    )
    assert (claim.position, claim.note) == ("Ketua", "SK 12 tahun 2025")
    page = client.get("/daftar/saya")
    assert "Menunggu pemeriksaan" in page.text
    assert "Pengajuan Anda sudah kami terima" in page.text
    [message] = db.session.scalars(select(OutboxMessage)).all()
    assert message.kind == "claim.received"


def test_a_telephone_number_is_enough(client, melati):
    client.post(f"/daftar/koperasi/{melati.slug}", data=PERSON | {"email": "", "phone": "0812 1111 2222"})
    [claim] = claims()
    assert (claim.user.email, claim.user.phone) == (None, "+6281211112222")


@pytest.mark.parametrize(
    ("changed", "sentence", "field"),
    [
        ({"name": "A"}, "Tulis nama lengkap", "name"),
        ({"email": "bukan surel"}, "tidak lengkap", "email"),
        ({"email": "", "phone": ""}, "Isi surel atau nomor telepon", "email"),
        ({"phone": "12"}, "tidak terbaca", "phone"),
        ({"password": "pendek"}, "paling sedikit 12", "password"),
        ({"password": "ratna ratna ratna uji"}, "mudah ditebak", "password"),
        ({"password": ""}, "Pilih sandi", "password"),
        ({"jabatan": ""}, "Pilih jabatan", "jabatan"),
        ({"jabatan": "Raja"}, "Pilih jabatan", "jabatan"),
        ({"catatan": "x" * 1001}, "paling panjang", "catatan"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_nothing_is_lost(client, melati, changed, sentence, field):
    typed = PERSON | {"catatan": "Catatan yang panjang"} | changed
    page = client.post(f"/daftar/koperasi/{melati.slug}", data=typed)
    assert page.status_code == 422
    assert sentence in page.text
    assert f'id="{field}-error"' in page.text
    assert f'href="#{field}"' in page.text
    for name in ("name", "email", "catatan"):
        assert typed[name].replace("\x00", "") in page.text
    assert PASSWORD not in page.text
    assert claims() == []
    assert people() == 0


def test_an_address_that_somebody_has_is_named_and_leaves_no_half_account(client, melati, make_user):
    make_user(email="ratna@uji.example")
    page = client.post(f"/daftar/koperasi/{melati.slug}", data=PERSON)
    assert page.status_code == 422
    assert "sudah dipakai" in page.text
    assert people() == 1
    assert claims() == []


def test_who_is_signed_in_only_says_the_position(client_as, make_user, melati):
    person = make_user()
    browser = client_as(person)
    assert 'name="password"' not in browser.get(f"/daftar/koperasi/{melati.slug}").text
    assert browser.post(f"/daftar/koperasi/{melati.slug}", data={"jabatan": "Bendahara"}).status_code == 302
    [claim] = claims()
    assert (claim.user_id, claim.position) == (person.id, "Bendahara")
    assert "sedang menunggu" in browser.get(f"/daftar/koperasi/{melati.slug}").text
    again = browser.post(f"/daftar/koperasi/{melati.slug}", data={"jabatan": "Ketua"})
    assert again.status_code == 422
    assert "masih menunggu pemeriksaan" in again.text


def test_the_offices_people_are_told_that_they_cannot(desk, melati):
    page = desk.post(f"/daftar/koperasi/{melati.slug}", data={"jabatan": "Ketua"})
    assert page.status_code == 422
    assert "Akun petugas" in page.text


def test_a_dissolved_cooperative_offers_no_form(client, melati, operator):
    with writing():
        services.dissolve(melati, on=today(), decree="518/1", by=operator)
    page = client.get(f"/daftar/koperasi/{melati.slug}")
    assert "tercatat bubar" in page.text
    assert '<form method="post"' not in page.text.partition("<main")[2].partition("</main>")[0]
    assert client.post(f"/daftar/koperasi/{melati.slug}", data=PERSON).status_code == 422


def test_the_qr_only_fills_the_field_in(client, code, melati):
    spelled = format_activation_code(code)
    page = client.get(f"/daftar/kode?kode={spelled}")
    assert f'value="{spelled}"' in page.text
    assert codes_of(melati)[0].used_at is None
    assert client.get("/daftar/kode?kode=%00<script>").status_code == 200


def test_a_new_person_with_the_letter_may_act_at_once(client, code, melati):
    answer = client.post("/daftar/kode", data=PERSON | {"kode": format_activation_code(code).lower()})
    assert answer.location == "/daftar/saya"
    page = client.get("/daftar/saya")
    assert "Kode diterima" in page.text
    assert "Koperasi Simpan Pinjam Melati Jaya" in page.text
    person = db.session.scalars(select(User).where(User.email == "ratna@uji.example")).one()
    assert [m.cooperative for m in memberships_of(person)] == [melati]


def test_a_person_with_an_account_redeems_too(client_as, make_user, code, melati):
    person = make_user()
    assert (
        client_as(person).post("/daftar/kode", data={"kode": code, "jabatan": "Manajer"}).status_code == 302
    )
    assert [m.position for m in memberships_of(person)] == ["Manajer"]


@pytest.mark.parametrize(
    ("typed", "sentence"), [("", "Isi kode"), ("ABCD-EFGH", "salah ketik"), ("fresh", "tidak kami kenal")]
)
def test_a_wrong_code_leaves_the_form_and_makes_no_account(client, code, typed, sentence):
    typed = format_activation_code(new_activation_code()) if typed == "fresh" else typed
    page = client.post("/daftar/kode", data=PERSON | {"kode": typed})
    assert page.status_code == 422
    assert sentence in page.text
    assert f'value="{typed}"' in page.text or not typed
    assert 'value="Ratna Uji"' in page.text
    assert people() == 1  # the operator


def test_wrong_codes_are_paced_and_slips_of_the_finger_are_not(client, code):
    for _ in range(7):
        assert "salah ketik" in client.post("/daftar/kode", data=PERSON | {"kode": "ABCD-EFGH"}).text
    for _ in range(5):
        wrong = client.post("/daftar/kode", data=PERSON | {"kode": new_activation_code()})
        assert "tidak kami kenal" in wrong.text
    page = client.post("/daftar/kode", data=PERSON | {"kode": code})
    assert page.status_code == 422
    assert "Terlalu banyak kode yang salah" in page.text


def test_a_proposal_goes_in_two_steps_and_waits(client, app):
    first = client.post("/daftar/usul", data=PROPOSAL)
    assert first.status_code == 200
    assert 'type="hidden" name="nama_koperasi" value="Koperasi Teratai Baru"' in first.text
    assert db.session.scalars(select(Cooperative)).all() == []
    answer = client.post("/daftar/usul", data=PROPOSAL | PERSON | {"langkah": "kirim"})
    assert answer.location == "/daftar/saya"
    db.session.rollback()
    [cooperative] = db.session.scalars(select(Cooperative)).all()
    assert (cooperative.listing, cooperative.kode_kecamatan) == (Listing.PROPOSED, "35.73.01")
    [claim] = claims()
    assert claim.state is MembershipState.PENDING
    assert "Koperasi Teratai Baru" in client.get("/daftar/saya").text
    assert "Teratai" not in client.get("/koperasi").text


def test_a_proposal_can_be_corrected_before_it_is_sent(client, app):
    page = client.post("/daftar/usul", data=PROPOSAL | PERSON | {"langkah": "ubah"})
    assert page.status_code == 200
    assert 'value="Koperasi Teratai Baru"' in page.text
    assert "langkah 1 dari 2" in page.text


def test_what_is_there_already_is_shown_before_a_proposal(client, melati):
    typed = PROPOSAL | {"nama_koperasi": "KSP Melati Jaya", "kode_kelurahan": MELATI["kode_kelurahan"]}
    page = client.post("/daftar/usul", data=typed | PERSON | {"langkah": "kirim"})
    assert "Mungkin koperasi Anda sudah ada" in page.text
    assert f'href="/daftar/koperasi/{melati.slug}"' in page.text
    assert claims() == []
    second = client.post("/daftar/usul", data=typed | {"tetap": "1"})
    assert 'name="tetap" value="1"' in second.text
    assert (
        client.post("/daftar/usul", data=typed | PERSON | {"tetap": "1", "langkah": "kirim"}).status_code
        == 302
    )


@pytest.mark.parametrize(
    "code_",
    ["nama_koperasi", "nomor_badan_hukum", "kode_kelurahan", "alamat", "nama_ketua", "jenis_koperasi"],
)
def test_a_proposal_says_what_is_missing(client, app, code_):
    page = client.post("/daftar/usul", data=PROPOSAL | {code_: ""})
    assert page.status_code == 422
    assert f'id="{code_}-error"' in page.text
    assert f'href="#{code_}"' in page.text


def test_ones_own_claims_show_who_else_acts_and_nobody_elses(
    client_as, make_user, make_membership, melati, add
):
    person, colleague, stranger = make_user(), make_user(name="Laras Uji"), make_user(name="Orang Lain")
    other = add(nama_koperasi="Koperasi Lain")
    make_membership(person, melati)
    make_membership(colleague, melati, position="Bendahara")
    make_membership(stranger, other)
    page = client_as(person).get("/daftar/saya")
    assert "Laras Uji (Bendahara)" in page.text
    assert "Orang Lain" not in page.text
    assert "Koperasi Lain" not in page.text.partition("<main")[2].replace("Koperasi lain", "")


def test_a_refusal_shows_its_reason_and_the_way_on(client_as, make_user, melati, operator):
    person = make_user()
    with writing():
        claim = services.claim(person, melati, position="Ketua")
        services.decide_claim(claim, accept=False, by=operator, reason="Bawa SK pengurus.")
    page = client_as(person).get("/daftar/saya")
    assert "Bawa SK pengurus." in page.text
    assert f'href="/daftar/koperasi/{melati.slug}"' in page.text


def test_a_claim_is_taken_back_by_its_owner_only(client_as, make_user, melati, operator):
    person, stranger = make_user(), make_user()
    with writing():
        claim = services.claim(person, melati, position="Ketua").id
    assert client_as(stranger).post(f"/daftar/saya/{claim}/tarik").status_code == 404
    assert client_as(operator).post(f"/daftar/saya/{claim}/tarik").status_code == 404
    assert claims()[0].state is MembershipState.PENDING
    assert client_as(person).post(f"/daftar/saya/{claim}/tarik").status_code == 302
    assert claims()[0].state is MembershipState.ENDED
    assert client_as(person).post(f"/daftar/saya/{claim}/tarik").status_code == 409


def test_a_session_begins_with_the_account_and_a_role(client, melati):
    client.post(f"/daftar/koperasi/{melati.slug}", data=PERSON)
    person = db.session.scalars(select(User)).one()
    assert person.roles == {Role.COOPERATIVE}
    assert client.get("/dinas/koperasi").status_code == 403
