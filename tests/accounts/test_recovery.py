"""Getting back in: links by e-mail, links and codes from the office."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.accounts import links
from app.accounts.models import Attempt, OneTimeLink, Purpose, User
from app.accounts.services import issue_link
from app.audit.models import TrailEntry
from app.core.extensions import db
from app.core.writing import writing
from app.notifications.models import MessageState, OutboxMessage
from tests.accounts.conftest import GOOD
from tests.factories import PASSWORD
from tests.support.parallel import endings


@pytest.fixture
def issue(make_user):
    """``issue(user)``: a link and a code from the office."""

    def make(user, purpose=Purpose.RESET, **options):
        with writing():
            return issue_link(db.session.get_one(User, user.id), purpose=purpose, **options)

    return make


def ask(client, email, address="10.1.2.3"):
    return client.post("/sandi/lupa", data={"email": email}, environ_base={"REMOTE_ADDR": address})


def letters():
    return list(db.session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)))


def path_of(letter):
    return re.sub(r"^https?://[^/]+", "", letter.link)


def normal(text):
    return re.sub(r'name="csrf_token" value="[^"]*"', "", text)


def test_a_link_goes_to_the_person_s_e_mail_address(client, make_user):
    user = make_user(name="Melati Uji")
    answer = ask(client, f" {user.email.upper()} ")
    assert answer.location == "/sandi/lupa?langkah=terkirim"
    letter = letters()[0]
    assert (letter.to_address, letter.kind, letter.person_id) == (user.email, "account.reset", user.id)
    assert "Yth. Melati Uji" in letter.body
    assert "Dinas Koperasi dan UKM" in letter.body
    assert letter.link not in letter.body
    assert re.fullmatch(r"/sandi/[\w-]{43}", path_of(letter))


def test_who_asks_with_a_phone_number_gets_the_link_by_e_mail_too(client, make_user):
    user = make_user(phone="+6281234567890")
    ask(client, "0812-3456-7890")
    assert letters()[0].to_address == user.email


def test_the_answer_never_tells_whether_an_account_exists(app, make_user):
    known, phone_only, closed = (
        make_user(email="orang-a@uji.example"),
        make_user(email=None, phone="+6281200000001"),
        make_user(email="orang-c@uji.example"),
    )
    with writing() as session:
        session.get(User, closed.id).deactivated_at = known.created_at
    pages = set()
    for name in (known.email, phone_only.phone, closed.email, "orang-b@uji.example", "+6281200000002"):
        client = app.test_client()
        answer = ask(client, name)
        pages.add((answer.status_code, answer.location, normal(client.get(answer.location).text)))
    assert len(pages) == 1
    assert len(letters()) == 1


def test_phone_only_people_are_told_to_call_the_office(client, make_user):
    make_user(email=None, phone="+6281234567890")
    page = client.get(ask(client, "081234567890").location).text
    assert "hanya memakai nomor telepon? Hubungi kantor." in page


def test_without_a_mail_server_the_page_says_so(client, monkeypatch, app):
    page = client.get("/sandi/lupa?langkah=terkirim").text
    assert "Situs ini belum mengirim surel." in page
    monkeypatch.setitem(app.config, "SMTP_URL", "smtp://127.0.0.1")
    monkeypatch.setitem(app.config, "OFFICE_EMAIL", "dinas@uji.example")
    assert "tautan untuk membuat sandi baru sudah dikirim" in client.get("/sandi/lupa?langkah=terkirim").text


def test_one_account_gets_three_links_an_hour_whoever_asks(client, make_user, clock):
    user = make_user()
    for _ in range(5):
        assert ask(client, user.email).status_code == 302
    assert len(letters()) == 3
    clock.shift(3700)
    ask(client, user.email)
    assert len(letters()) == 4


def test_a_network_that_asks_for_hundreds_is_slowed(client, clock):
    statuses = [ask(client, f"orang{n}@uji.example").status_code for n in range(61)]
    assert statuses == [302] * 60 + [429]


def test_the_link_opens_a_page_that_is_kept_nowhere(client, make_user, issue):
    issued = issue(make_user(name="Melati Uji"))
    page = client.get(f"/sandi/{issued.token}")
    assert page.status_code == 200
    assert "Melati Uji" in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["X-Robots-Tag"] == "noindex"


def test_the_token_stands_in_no_log(client, make_user, issue, capsys):
    issued = issue(make_user())
    client.get(f"/sandi/{issued.token}")
    client.post(f"/sandi/{issued.token}", data={"new_password": GOOD})
    client.get(f"/sandi/{issued.token}")
    printed = capsys.readouterr()
    assert "request" in printed.err
    assert issued.token not in printed.out + printed.err


def test_a_new_password_signs_in_here_and_out_everywhere_else(app, make_user, issue, sign_in):
    user = make_user()
    other, here = app.test_client(), app.test_client()
    sign_in(user.email, client=other)
    issued = issue(user)
    answer = here.post(f"/sandi/{issued.token}", data={"new_password": GOOD})
    assert answer.location == "/akun"
    assert here.get("/akun").status_code == 200
    assert other.get("/akun").status_code == 302
    assert sign_in(user.email, GOOD).status_code == 302
    assert sign_in(user.email, PASSWORD).status_code == 422


def test_a_link_is_used_once(app, make_user, issue):
    issued = issue(make_user())
    app.test_client().post(f"/sandi/{issued.token}", data={"new_password": GOOD})
    for answer in (
        app.test_client().get(f"/sandi/{issued.token}"),
        app.test_client().post(f"/sandi/{issued.token}", data={"new_password": "hujan di atas genting"}),
    ):
        assert answer.status_code == 410
        assert "tidak berlaku lagi" in answer.text


def test_of_two_who_use_a_link_at_once_one_comes_too_late(app, make_user, issue):
    token = issue(make_user()).token

    def redeem(hashed):
        return lambda: links.redeem(token, password_hash=hashed)

    outcomes = endings(app, *(redeem(f"hash {n}") for n in range(4)))
    assert sorted(outcome == "done" for outcome in outcomes) == [False, False, False, True]
    assert db.session.scalars(select(User)).one().session_epoch == 2


def test_a_password_that_will_not_do_does_not_use_the_link_up(client, make_user, issue):
    issued = issue(make_user(name="Melati Uji"))
    answer = client.post(f"/sandi/{issued.token}", data={"new_password": "melati uji"})
    assert answer.status_code == 422
    assert answer.headers["Cache-Control"] == "no-store"
    assert client.post(f"/sandi/{issued.token}", data={"new_password": GOOD}).status_code == 302


def test_a_link_runs_out(client, make_user, issue, clock):
    issued = issue(make_user(), lifetime=timedelta(days=1))
    clock.shift(24 * 3600 - 1)
    assert client.get(f"/sandi/{issued.token}").status_code == 200
    clock.shift(2)
    assert client.get(f"/sandi/{issued.token}").status_code == 410


@pytest.mark.parametrize("token", ["x", "a" * 43, "%00", "ä" * 20, "x" * 2000, "' OR 1=1"])
def test_an_invented_link_opens_nothing(client, token):
    assert client.get(f"/sandi/{token}").status_code == 410
    assert client.post(f"/sandi/{token}", data={"new_password": GOOD}).status_code == 410


def test_a_link_of_a_closed_account_opens_nothing(client, make_user, issue):
    user = make_user()
    issued = issue(user)
    with writing() as session:
        session.get(User, user.id).deactivated_at = user.created_at
    assert client.get(f"/sandi/{issued.token}").status_code == 410


def test_a_later_link_from_the_office_takes_the_place_of_the_earlier(client, make_user, issue):
    user = make_user()
    ask(client, user.email)
    by_mail, first = path_of(letters()[0]), issue(user)
    second = issue(user)
    assert client.get(f"/sandi/{first.token}").status_code == 410
    assert client.get(by_mail).status_code == 410
    assert client.get(f"/sandi/{second.token}").status_code == 200
    assert letters()[0].state is MessageState.EXPIRED
    assert letters()[0].link is None


def test_a_stranger_who_asks_for_a_link_does_not_void_the_letter_from_the_office(client, make_user, issue):
    user = make_user()
    issued = issue(user)
    ask(client, user.email)
    assert client.get(f"/sandi/{issued.token}").status_code == 200


def test_a_link_used_lifts_the_rest_of_the_account(client, make_user, issue, sign_in, clock):
    user = make_user()
    for _ in range(5):
        sign_in(user.email, "salah sekali")
    assert sign_in(user.email).status_code == 429
    client.post(f"/sandi/{issue(user).token}", data={"new_password": GOOD})
    assert sign_in(user.email, GOOD).status_code == 302


def test_neither_link_nor_code_stands_in_the_database(make_user, issue):
    issued = issue(make_user())
    kept = db.session.scalars(select(OneTimeLink)).one()
    assert len(kept.token_digest) == len(kept.code_digest) == 64
    everything = " ".join(str(vars(row)) for row in [kept, *db.session.scalars(select(TrailEntry))])
    assert issued.token not in everything
    assert issued.code not in everything


def test_an_invitation_greets_and_makes_the_first_password(client, make_user, issue, sign_in):
    user = make_user(name="Melati Uji", password_hash=None)
    issued = issue(user, Purpose.INVITE)
    assert "Selamat datang, Melati Uji" in client.get(f"/sandi/{issued.token}").text
    client.post(f"/sandi/{issued.token}", data={"new_password": GOOD})
    assert sign_in(user.email, GOOD).status_code == 302
    joined = db.session.scalars(select(TrailEntry).order_by(TrailEntry.id.desc())).first()
    assert (joined.action, joined.actor_id, joined.actor_name) == ("user.joined", user.id, "Melati Uji")
    assert letters() == []


# The code that is read out over the telephone


def enter(client, email, code, address="10.1.2.3"):
    return client.post(
        "/sandi/kode", data={"email": email, "kode": code}, environ_base={"REMOTE_ADDR": address}
    )


@pytest.mark.parametrize("spelling", ["{0}{1}", "{0} {1}", " {0}-{1} ", "{0}.{1}"])
def test_the_right_code_leads_to_a_new_password(client, make_user, issue, sign_in, spelling):
    user = make_user()
    code = issue(user).code
    answer = enter(client, user.email, spelling.format(code[:4], code[4:]))
    assert re.fullmatch(r"/sandi/[\w-]{43}", answer.location)
    assert answer.headers["Cache-Control"] == "no-store"
    assert client.post(answer.location, data={"new_password": GOOD}).status_code == 302
    assert sign_in(user.email, GOOD).status_code == 302


def test_a_code_is_entered_with_the_phone_number_as_well(client, make_user, issue):
    user = make_user(email=None, phone="+6281234567890")
    assert enter(client, "0812 3456 7890", issue(user).code).status_code == 302


def test_a_code_is_used_once_and_the_printed_link_dies_with_it(client, make_user, issue):
    user = make_user()
    issued = issue(user)
    assert enter(client, user.email, issued.code).status_code == 302
    assert enter(client, user.email, issued.code).status_code == 422
    assert client.get(f"/sandi/{issued.token}").status_code == 410


def test_after_the_code_an_hour_is_left_to_choose(client, make_user, issue, clock):
    user = make_user()
    address = enter(client, user.email, issue(user).code).location
    clock.shift(3599)
    assert client.get(address).status_code == 200
    clock.shift(2)
    assert client.get(address).status_code == 410


def wrong_for(code):
    return f"{(int(code) + 1) % 10**8:08}"


def test_the_fifth_wrong_try_kills_the_code(client, make_user, issue, clock):
    user = make_user()
    code = issue(user).code
    for _ in range(5):
        answer = enter(client, user.email, wrong_for(code))
        assert answer.status_code == 422
        assert "Setelah lima kali salah, kode mati" in answer.text
    clock.shift(120)
    assert enter(client, user.email, code).status_code == 422
    assert db.session.scalars(select(OneTimeLink)).one().code_digest is None


def test_four_wrong_tries_leave_it_alive(client, make_user, issue):
    user = make_user()
    code = issue(user).code
    for _ in range(4):
        enter(client, user.email, wrong_for(code))
    assert enter(client, user.email, code).status_code == 302


def test_guesses_of_a_code_sent_at_once_do_not_share_a_count(app, make_user, issue):
    user = make_user()
    email, code = user.email, issue(user).code
    found = []

    def guess():
        found.append(links.exchange_code(email, wrong_for(code)))

    endings(app, *[guess] * 8)
    assert found == [None] * 8
    kept = db.session.scalars(select(OneTimeLink)).one()
    assert (kept.code_attempts, kept.code_digest) == (5, None)


def test_a_wrong_code_and_an_account_that_does_not_exist_get_the_same_answer(app, make_user, issue):
    user = make_user(email="orang-a@uji.example")
    other = make_user(email="orang-b@uji.example")
    code = wrong_for(issue(user).code)
    pages = {
        normal(enter(app.test_client(), name, code).text).replace(name, "")
        for name in (user.email, other.email, "orang-c@uji.example")
    }
    assert len(pages) == 1


def test_guessing_codes_is_paced_per_account(client, make_user, clock):
    user = make_user()
    statuses = [enter(client, user.email, "12345678").status_code for _ in range(6)]
    assert statuses == [422] * 5 + [429]


@pytest.mark.parametrize("typed", ["", "1234567", "123456789", "abcdefgh", "١٢٣"])
def test_what_is_no_code_is_told_and_not_counted(client, make_user, typed):
    answer = enter(client, make_user().email, typed)
    assert answer.status_code == 422
    assert "Kode terdiri dari 8 angka." in answer.text
    assert db.session.scalars(select(Attempt)).all() == []


def test_a_code_belongs_to_one_person(client, make_user, issue):
    one, other = make_user(), make_user()
    issue(other)
    assert enter(client, other.email, issue(one).code).status_code == 422
