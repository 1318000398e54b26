"""A visitor asks without an account: number and code, once, and only for those who know them."""

import io

import pytest
from sqlalchemy import func, select

from app.core.access import Role
from app.core.database import now
from app.core.extensions import db
from app.desk import services
from app.desk.access import code_of, shown_code
from app.desk.asking import Asking
from app.desk.forms import new_key
from app.desk.models import RequestEvent, ServiceRequest
from app.desk.rules import A_DAY, AnswerBy, Channel, Kind
from app.files.models import StoredFile
from app.notifications.models import OutboxMessage
from tests.desk.conftest import QUESTION
from tests.support.parallel import at_once

FORM = {"pertanyaan": QUESTION, "nama": "Sari Rekaan", "surel": "Sari@Contoh.co.id", "setuju": "1"}
INFORMATION = FORM | {"pemohon": "person", "tujuan": "Skripsi", "bentuk": "digital"}
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def all_requests():
    return db.session.scalars(select(ServiceRequest).order_by(ServiceRequest.id)).all()


def send(client, path="/layanan/minta", key=None, **changes):
    sent = (INFORMATION if path.startswith("/informasi") else FORM) | {"kunci": key or new_key()} | changes
    return client.post(path, data={name: value for name, value in sent.items() if value is not None})


def test_a_visitor_gets_a_number_a_due_day_and_a_ticket(client):
    answer = send(client)
    (asked,) = all_requests()
    assert answer.location == f"/layanan/permintaan/{asked.number}/tanda-terima"
    assert (asked.number, asked.email, asked.channel) == ("PL-26-0001", "sari@contoh.co.id", Channel.WEBSITE)
    assert asked.due_on.isoformat() == "2026-11-16"  # five working days after Monday
    page = client.get(answer.location)
    assert asked.number in page.text
    assert shown_code(asked) in page.text
    assert "16 November 2026" in page.text
    assert "https://wa.me/?text=" in page.text
    assert page.headers["Cache-Control"] == "no-store"


def test_the_confirmation_mail_holds_the_way_back(client):
    send(client)
    (asked,) = all_requests()
    message = db.session.scalars(select(OutboxMessage)).one()
    assert asked.number in message.body
    assert shown_code(asked) not in message.body
    assert shown_code(asked) in message.link
    followed = client.get(message.link.partition("//")[2].partition("/")[1] + message.link.split("/", 3)[3])
    assert shown_code(asked) in followed.text


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"pertanyaan": "?"}, "pertanyaan", "Tulis pertanyaan"),
        ({"nama": ""}, "nama", "Tulis nama"),
        ({"surel": ""}, "telepon", "Isi nomor telepon atau surel"),
        ({"surel": "bukan surel"}, "surel", "tidak lengkap"),
        ({"telepon": "12"}, "telepon", "telepon"),
        ({"setuju": None}, "setuju", "Centang persetujuan"),
        ({"balasan": "whatsapp"}, "balasan", "isi nomor telepon"),
        ({"situs_web": "http://iklan.test"}, "", "seperti dikirim program"),
        ({"pertanyaan": "x" * 4001}, "pertanyaan", "Terlalu panjang"),
    ],
)
def test_what_is_missing_is_named_and_what_was_typed_stays(client, changes, field, sentence):
    answer = send(client, **changes)
    assert answer.status_code == 422
    assert sentence in answer.text
    if field:
        assert f'href="#{field}"' in answer.text
    if "pertanyaan" not in changes:
        assert QUESTION in answer.text
    assert all_requests() == []


def test_a_form_that_is_sent_twice_makes_one_request(client):
    key = new_key()
    assert send(client, key=key).location == send(client, key=key, nama="Lain").location
    assert len(all_requests()) == 1


def test_a_form_that_is_sent_twice_at_the_same_moment_makes_one_request(app):
    asking = Asking(
        Kind.SERVICE, Channel.WEBSITE, QUESTION, "Sari", AnswerBy.EMAIL, email="sari@contoh.co.id"
    )
    key = new_key()
    numbers = at_once(app, *(lambda: services.receive(asking, form_key=key).number for _ in range(4)))
    assert numbers == ["PL-26-0001"] * 4
    assert len(all_requests()) == 1
    assert db.session.scalar(select(func.count()).select_from(RequestEvent)) == 1


def test_numbers_given_out_at_the_same_moment_have_no_gap_and_no_twin(app):
    def ask(name):
        asking = Asking(
            Kind.SERVICE, Channel.WEBSITE, QUESTION, name, AnswerBy.EMAIL, email=f"{name}@contoh.co.id"
        )
        return lambda: services.receive(asking, form_key=new_key()).number

    numbers = at_once(app, *(ask(name) for name in ("satu", "dua", "tiga", "empat")))
    assert sorted(numbers) == [f"PL-26-000{place}" for place in (1, 2, 3, 4)]


def test_one_address_may_send_so_many_a_day_whatever_network_it_comes_from(client):
    for _ in range(A_DAY):
        assert send(client).status_code == 303
    refused = client.post(
        "/layanan/minta", data=FORM | {"kunci": new_key()}, environ_overrides={"REMOTE_ADDR": "203.0.113.9"}
    )
    assert refused.status_code == 422
    assert f"Sudah ada {A_DAY} permohonan" in refused.text
    assert send(client, surel="lain@contoh.co.id").status_code == 303


def test_an_attachment_is_seen_by_the_office_and_its_owner_only(client, app, client_as, operator, make_user):
    answer = client.post(
        "/layanan/minta",
        data=FORM | {"kunci": new_key(), "berkas": (io.BytesIO(PDF), "akta.pdf")},
        content_type="multipart/form-data",
    )
    assert answer.status_code == 303
    stored = db.session.scalars(select(StoredFile)).one()
    address = f"/berkas/{stored.token}/{stored.name}"
    assert not stored.is_public
    assert address in client.get(answer.location.removesuffix("/tanda-terima")).text
    assert client.get(address).data == PDF
    assert client_as(operator).get(address).status_code == 200
    for stranger in (
        app.test_client(),
        client_as(make_user(Role.COOPERATIVE)),
        client_as(make_user(Role.EDITOR)),
    ):
        assert stranger.get(address).status_code == 404


def test_a_program_in_disguise_is_refused_and_the_words_stay(client):
    answer = client.post(
        "/layanan/minta",
        data=FORM | {"kunci": new_key(), "berkas": (io.BytesIO(b"MZ\x90\x00" * 99), "surat.pdf")},
        content_type="multipart/form-data",
    )
    assert answer.status_code == 422
    assert 'href="#berkas"' in answer.text
    assert QUESTION in answer.text
    assert all_requests() == []


def test_a_manager_finds_the_form_filled_in_and_asks_for_the_cooperative(
    client_as, make_user, make_cooperative, make_membership, operator
):
    manager = make_user(Role.COOPERATIVE, name="Budi Rekaan", email="budi@contoh.co.id")
    cooperative = make_cooperative()
    make_membership(manager, cooperative, decided_at=now())
    browser = client_as(manager)
    page = browser.get("/layanan/minta")
    assert "Budi Rekaan" in page.text
    assert f'value="koperasi:{cooperative.slug}" selected' in page.text
    send(browser, untuk=f"koperasi:{cooperative.slug}", surel="budi@contoh.co.id")
    (asked,) = all_requests()
    assert asked.cooperative_id == cooperative.id
    assert asked.organisation == cooperative.nama_koperasi
    assert asked.number in browser.get("/layanan/permintaan").text
    assert browser.get(f"/layanan/permintaan/{asked.number}").status_code == 200
    assert asked.number in client_as(operator).get(f"/dinas/koperasi/{cooperative.slug}").text


def test_somebody_elses_cooperative_cannot_be_named_as_ones_own(client, make_cooperative):
    send(client, untuk=f"koperasi:{make_cooperative().slug}")
    (asked,) = all_requests()
    assert asked.cooperative_id is None


def test_public_information_is_asked_for_by_its_own_form_and_due_in_ten_working_days(client):
    assert client.get("/informasi-publik/minta").status_code == 200
    assert send(client, "/informasi-publik/minta", tujuan="", pemohon="").status_code == 422
    assert send(client, "/informasi-publik/minta", pemohon="body").status_code == 422  # which body?
    send(client, "/informasi-publik/minta")
    (asked,) = all_requests()
    assert asked.number == "PI-26-0001"
    assert asked.due_on.isoformat() == "2026-11-23"


def test_the_code_follows_from_the_form_and_differs_from_form_to_form(app, make_request):
    one, other = make_request(), make_request()
    assert code_of(one) == code_of(one) != code_of(other)


@pytest.mark.parametrize("path", ["/layanan/tidak-ada/minta", "/layanan/permintaan/apa-saja"])
def test_an_address_that_leads_nowhere_says_so(client, path):
    assert client.get(path).status_code == 404
