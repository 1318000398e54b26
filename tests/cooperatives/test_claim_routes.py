"""The queue of claims: what the register says beside what a person says, and the decision."""

import pytest
import time_machine

from app.cooperatives import services
from app.cooperatives.models import Listing, Membership, MembershipState
from app.core.access import Role
from app.core.database import now
from app.core.extensions import db
from app.core.paging import PAGE_SIZE
from app.core.writing import writing
from tests.cooperatives.conftest import MELATI


@pytest.fixture
def claim(melati, make_user):
    person = make_user(name="Sekar Arum, S.E.", email="sekar@uji.example", phone="+6281234567890")
    with writing():
        return services.claim(person, melati, position="Ketua", note="Saya ketua sejak 2024.").id


@pytest.fixture
def proposal(make_user):
    person = make_user(name="Ratna Uji")
    values = {
        "nama_koperasi": "KSP Melati Djaya",
        "nomor_badan_hukum": "AHU-7",
        "kode_kelurahan": MELATI["kode_kelurahan"],
    }
    with writing():
        return services.propose(person, values, position="Ketua").id


def stands(claim):
    db.session.rollback()
    return db.session.get(Membership, claim)


def test_the_queue_shows_who_waits_and_what_speaks_for_them(desk, claim):
    page = desk.get("/dinas/klaim")
    for shown in (
        "Sekar Arum, S.E.",
        "Koperasi Simpan Pinjam Melati Jaya",
        "Nama sama dengan ketua di register: Sekar Arum",
        "Menunggu (1)",
    ):
        assert shown in page.text


def test_an_empty_queue_says_so(desk, app):
    assert "Tidak ada klaim yang menunggu" in desk.get("/dinas/klaim").text
    assert "Belum ada klaim yang diputuskan" in desk.get("/dinas/klaim?tampil=diputuskan").text


def test_one_claim_stands_beside_the_register(desk, claim):
    page = desk.get(f"/dinas/klaim/{claim}")
    for shown in (
        "Saya ketua sejak 2024.",
        "sekar@uji.example",
        "Bima Rahasia",
        "Nomor telepon sama dengan telepon ketua",
    ):
        assert shown in page.text
    assert desk.get(f"/dinas/klaim/{claim + 1}").status_code == 404


def test_accepting_leads_to_the_next_that_waits(desk, claim, make_user, add):
    other, person = add(nama_koperasi="Koperasi Lain"), make_user()
    with writing():
        following = services.claim(person, other, position="Ketua").id
    answer = desk.post(f"/dinas/klaim/{claim}", data={"putusan": "terima"})
    assert answer.location == f"/dinas/klaim/{following}"
    assert stands(claim).state is MembershipState.ACTIVE
    assert "sekarang pengelola Koperasi Simpan Pinjam Melati Jaya" in desk.get(answer.location).text
    assert desk.post(f"/dinas/klaim/{following}", data={"putusan": "terima"}).location == "/dinas/klaim"
    assert "Diterima" in desk.get("/dinas/klaim?tampil=diputuskan").text
    assert "Diterima" in desk.get(f"/dinas/klaim/{claim}").text


def test_a_refusal_without_a_reason_is_sent_back(desk, claim):
    page = desk.post(f"/dinas/klaim/{claim}", data={"putusan": "tolak", "alasan": ""})
    assert page.status_code == 422
    assert 'href="#alasan"' in page.text
    assert stands(claim).state is MembershipState.PENDING
    assert (
        desk.post(f"/dinas/klaim/{claim}", data={"putusan": "tolak", "alasan": "Bawa SK."}).status_code == 302
    )
    assert stands(claim).reason == "Bawa SK."
    assert "Bawa SK." in desk.get(f"/dinas/klaim/{claim}").text


@pytest.mark.parametrize("sent", [{}, {"putusan": "x"}])
def test_a_decision_must_be_one(desk, claim, sent):
    assert desk.post(f"/dinas/klaim/{claim}", data=sent).status_code == 400


def test_the_second_operator_is_told_who_was_faster(desk, claim, client_as, make_user):
    other = client_as(make_user(Role.OPERATOR))
    desk.post(f"/dinas/klaim/{claim}", data={"putusan": "terima"})
    page = other.post(f"/dinas/klaim/{claim}", data={"putusan": "tolak", "alasan": "x"})
    assert page.status_code == 409
    assert "sudah diputuskan oleh Bagas Uji" in page.text
    assert stands(claim).state is MembershipState.ACTIVE


def test_a_proposal_is_accepted_into_the_register(desk, proposal, client):
    page = desk.get(f"/dinas/klaim/{proposal}")
    assert "mengusulkan koperasi baru" in page.text
    assert "Usulan baru" in desk.get("/dinas/klaim").text
    desk.post(f"/dinas/klaim/{proposal}", data={"putusan": "terima"})
    assert stands(proposal).cooperative.listing is Listing.LISTED
    assert "KSP Melati Djaya" in client.get("/koperasi").text


def test_a_proposal_of_what_is_there_is_merged_and_then_decided(desk, melati, proposal):
    page = desk.get(f"/dinas/klaim/{proposal}")
    assert "Mungkin sudah ada di register" in page.text
    assert "Gabungkan ke sini" in page.text
    assert desk.post(f"/dinas/klaim/{proposal}/gabung", data={"koperasi": "tidak-ada"}).status_code == 404
    answer = desk.post(f"/dinas/klaim/{proposal}/gabung", data={"koperasi": melati.slug})
    assert answer.location == f"/dinas/klaim/{proposal}"
    merged = desk.get(answer.location)
    assert "Kata register" in merged.text
    assert stands(proposal).cooperative.slug == melati.slug
    assert desk.post(f"/dinas/klaim/{proposal}/gabung", data={"koperasi": melati.slug}).status_code == 409
    desk.post(f"/dinas/klaim/{proposal}", data={"putusan": "terima"})
    assert stands(proposal).state is MembershipState.ACTIVE


def test_a_decision_about_a_proposal_that_was_merged_meanwhile_is_sent_back(desk, melati, proposal):
    seen = stands(proposal).cooperative.slug
    assert f'name="koperasi" value="{seen}"' in desk.get(f"/dinas/klaim/{proposal}").text
    desk.post(f"/dinas/klaim/{proposal}/gabung", data={"koperasi": melati.slug})
    page = desk.post(f"/dinas/klaim/{proposal}", data={"putusan": "terima", "koperasi": seen})
    assert page.status_code == 409
    assert "dipindahkan ke Koperasi Simpan Pinjam Melati Jaya" in page.text
    assert stands(proposal).state is MembershipState.PENDING


def test_what_a_proposal_says_of_its_people_does_not_speak_for_them(desk, make_user):
    person = make_user(name="Ratna Uji")
    with writing():
        values = {"nama_koperasi": "KSP Uji Baru", "nama_ketua": "Ratna Uji", "nomor_badan_hukum": "AHU-9"}
        claim = services.propose(person, values, position="Ketua").id
    for address in ("/dinas/klaim", f"/dinas/klaim/{claim}"):
        assert "Nama sama dengan" not in desk.get(address).text


def test_the_queue_is_paged_longest_waiting_first_and_costs_the_same(desk, add, make_user, count_queries):
    def ask(number):
        cooperative, person = (
            add(nama_koperasi=f"Koperasi Melati {number}"),
            make_user(name=f"Orang {number:03}"),
        )
        with time_machine.travel(now()), writing():
            services.claim(person, cooperative, position="Ketua")

    ask(0)
    with count_queries() as few:
        desk.get("/dinas/klaim")
    for number in range(1, PAGE_SIZE + 3):
        ask(number)
    with count_queries() as many:
        first = desk.get("/dinas/klaim")
    assert len(many) == len(few)
    assert "Orang 000" in first.text
    assert "Orang 026" not in first.text
    address = first.text.partition('rel="next"')[0].rpartition('href="')[2].partition('"')[0]
    assert "Orang 026" in desk.get(address).text
