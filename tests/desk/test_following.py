"""With number and code, and with nothing less, a requester follows, answers, withdraws and rates."""

import re
from datetime import timedelta

import pytest
import time_machine

from app.core.access import Role
from app.core.database import now
from app.core.extensions import db
from app.core.writing import writing
from app.desk import handling
from app.desk.access import shown_code
from app.desk.models import ServiceRequest
from app.desk.rules import A_DAY_REPLIES, Outcome

ENTER = "/layanan/permintaan"
WRONG = "ABCD-EFGH-JKMN"


@pytest.fixture
def asked(make_request):
    return make_request()


@pytest.fixture
def opened(client, asked):
    """A browser in which the request was opened by its code."""
    answer = client.post(ENTER, data={"nomor": asked.number, "kode": shown_code(asked)})
    assert answer.location == f"{ENTER}/{asked.number}"
    return client


def page_of(asked):
    return f"{ENTER}/{asked.number}"


def plain(answer, number):
    """A page without its own number and what is new on each page."""
    return re.sub(r'name="csrf_token"[^>]*', "", answer.text).replace(number, "")


def close(asked, operator, **values):
    with writing() as session:
        by = session.merge(operator, load=True)
        handling.close(
            session.get_one(ServiceRequest, asked.id),
            **({"outcome": "done", "body": "Sudah selesai.", "by": by} | values),
        )


def test_number_and_code_open_the_page_however_they_are_typed(client, asked):
    typed = {
        "nomor": asked.number.lower().replace("-", " "),
        "kode": shown_code(asked).lower().replace("-", ""),
    }
    answer = client.post(ENTER, data=typed, follow_redirects=True)
    assert "Diterima" in answer.text
    assert "sisa 5 hari kerja" in answer.text.lower()


def test_a_link_only_fills_the_fields_in(client, asked):
    page = client.get(f"{ENTER}?nomor={asked.number}&kode={shown_code(asked)}")
    assert shown_code(asked) in page.text
    assert client.get(page_of(asked)).status_code == 404


def test_without_the_code_a_request_that_is_there_looks_like_one_that_is_not(
    client, asked, client_as, make_user
):
    gone = f"{ENTER}/PL-26-0999"
    for browser in (client, client_as(make_user(Role.COOPERATIVE)), client_as(make_user(Role.OPERATOR))):
        there, missing = browser.get(page_of(asked)), browser.get(gone)
        assert (there.status_code, missing.status_code) == (404, 404)
        assert plain(there, asked.number) == plain(missing, "PL-26-0999")
        for part in ("pesan", "cabut", "nilai", "tutup"):
            assert browser.post(f"{page_of(asked)}/{part}", data={"pesan": "Halo"}).status_code == 404
        assert browser.get(f"{page_of(asked)}/tanda-terima").status_code == 404


@pytest.mark.parametrize("number", ["PL-26-0001", "PL-26-0777"])
def test_a_wrong_code_says_the_same_whether_the_number_is_ours_or_not(client, asked, number, make_request):
    other = make_request()
    answer = client.post(ENTER, data={"nomor": number, "kode": shown_code(other)})
    assert answer.status_code == 422
    assert "tidak cocok" in answer.text


def test_guessing_finds_an_end(client, asked, make_request):
    code = shown_code(make_request())
    answers = [
        client.post(ENTER, data={"nomor": f"PL-26-{place:04}", "kode": code}).status_code
        for place in range(900, 935)
    ]
    assert answers[0] == 422
    assert answers[-1] == 429


def test_a_slip_of_the_finger_is_told_apart_and_costs_no_try(client, asked):
    answer = client.post(ENTER, data={"nomor": "42", "kode": WRONG})
    assert "Tulis nomornya" in answer.text
    assert "salah ketik" in answer.text


def test_a_message_reaches_the_queue_and_stays_in_the_history(opened, asked, client_as, operator):
    opened.post(f"{page_of(asked)}/pesan", data={"pesan": "Baris satu\nBaris dua"})
    db.session.expire_all()
    assert asked.has_news
    assert "Baris satu\nBaris dua" in opened.get(page_of(asked)).text
    queue = client_as(operator).get("/dinas/permintaan?keadaan=kabar")
    assert asked.number in queue.text


def test_an_empty_message_is_refused_beside_its_field(opened, asked):
    answer = opened.post(f"{page_of(asked)}/pesan", data={"pesan": "  "})
    assert answer.status_code == 422
    assert 'href="#pesan"' in answer.text


def test_a_requester_does_not_flood_the_office(opened, asked):
    from app.core.extensions import limiter

    limiter.enabled = False
    try:
        sent = [
            opened.post(f"{page_of(asked)}/pesan", data={"pesan": f"Pesan {n}"}).status_code
            for n in range(A_DAY_REPLIES + 1)
        ]
    finally:
        limiter.enabled = True
    assert sent == [303] * A_DAY_REPLIES + [422]


def test_a_request_can_be_withdrawn_once(opened, asked):
    opened.post(f"{page_of(asked)}/cabut")
    page = opened.post(f"{page_of(asked)}/cabut", follow_redirects=True)
    db.session.expire_all()
    assert asked.outcome is Outcome.WITHDRAWN
    assert "sudah ditutup" in page.text


def test_the_answer_is_read_and_rated(opened, asked, operator):
    assert (
        opened.post(f"{page_of(asked)}/nilai", data={"nilai": "5"}).status_code == 422
    )  # nothing to rate yet
    close(asked, operator, body="Datang dengan akta\ndan KTP pengurus.")
    page = opened.get(page_of(asked))
    assert "Datang dengan akta\ndan KTP pengurus." in page.text
    assert operator.name not in page.text  # the office answers, not a person
    assert opened.post(f"{page_of(asked)}/nilai", data={"nilai": "9"}).status_code == 422
    opened.post(f"{page_of(asked)}/nilai", data={"nilai": "4", "komentar": "Cepat"})
    db.session.expire_all()
    assert (asked.rating, asked.remark) == (4, "Cepat")


def test_a_refusal_of_information_names_its_ground_and_the_right_to_object(client, make_request, operator):
    asked = make_request(information=True)
    client.post(ENTER, data={"nomor": asked.number, "kode": shown_code(asked)})
    close(
        asked,
        operator,
        outcome="refused",
        reason="Memuat data pribadi.",
        ground="17h",
        body="Maaf, tidak dapat kami beri.",
    )
    page = client.get(page_of(asked)).text
    assert "pasal 17 huruf h" in page
    assert "keberatan" in page
    assert "Memuat data pribadi." in page


def test_notes_of_the_office_are_not_shown(opened, asked, operator):
    with writing() as session:
        handling.note(
            session.get_one(ServiceRequest, asked.id),
            body="Orang ini sering menelepon",
            by=session.merge(operator),
        )
    assert "sering menelepon" not in opened.get(page_of(asked)).text


def test_a_shared_computer_can_forget_the_request(opened, asked):
    opened.post(f"{page_of(asked)}/tutup")
    assert opened.get(page_of(asked)).status_code == 404


def test_long_after_the_answer_a_new_request_is_needed(opened, asked, operator):
    close(asked, operator)
    with time_machine.travel(now() + timedelta(days=31)):
        opened.post(ENTER, data={"nomor": asked.number, "kode": shown_code(asked)})
        assert opened.post(f"{page_of(asked)}/pesan", data={"pesan": "Halo lagi"}).status_code == 422


def test_a_page_of_a_request_is_kept_by_no_cache_and_no_search_engine(opened, asked):
    headers = opened.get(page_of(asked)).headers
    assert (headers["Cache-Control"], headers["X-Robots-Tag"]) == ("no-store", "noindex")
