"""Handing a message to a mail server."""

import socket
import ssl
import threading
from datetime import UTC, datetime
from email import message_from_bytes, policy
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.notifications import smtp
from app.notifications.rules import filled_in, wait_after
from app.notifications.smtp import BadAddress, Letter, MailServer, Postman, Refused, ServerTrouble
from tests.notifications.conftest import PASSWORD, USER, authenticate


def letter(**overrides):
    values = {
        "message_id": "<1.20260309@127.0.0.1>",
        "sender": ("Dinas Koperasi – Kota Uji", "dinas@uji.example"),
        "to": ("Mawar, Uji", "mawar@uji.example"),
        "subject": "Laporan 2025 – disetujui",
        "body": "Yth. Mawar,\n\nSelesai ✓\n",
        "at": datetime(2026, 3, 9, 2, tzinfo=UTC),
    }
    return Letter(**(values | overrides))


def send(server, *letters):
    with Postman(server, "simpul.uji.example") as postman:
        for one in letters:
            postman.send(one)


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://localhost", MailServer("smtp", "localhost", 25)),
        ("starttls://surel.uji.example", MailServer("starttls", "surel.uji.example", 587)),
        ("smtps://surel.uji.example:1465", MailServer("smtps", "surel.uji.example", 1465)),
        (
            "smtps://a%40b:p%3Aq%2Fr@surel.uji.example",
            MailServer("smtps", "surel.uji.example", 465, "a@b", "p:q/r"),
        ),
        ("smtp://[::1]:2525", MailServer("smtp", "::1", 2525)),
    ],
)
def test_the_address_of_a_mail_server_is_read(url, server):
    assert MailServer.parse(url) == server


@pytest.mark.parametrize(
    "url", ["", "surel.uji.example", "http://x", "smtp://", "smtp://x:abc", "smtp://x:99999", "smtp://["]
)
def test_an_address_that_makes_no_sense_says_how_one_looks(url):
    with pytest.raises(BadAddress) as wrong:
        MailServer.parse(url)
    assert "starttls://" in str(wrong.value)


def test_the_password_of_a_mail_server_is_not_shown_by_accident():
    assert "rahasia" not in repr(MailServer.parse("smtps://dinas:rahasia@surel.uji.example"))


def test_a_message_arrives_as_it_was_written(serve, mailbox):
    send(MailServer("smtp", "127.0.0.1", serve()), letter())
    arrived = message_from_bytes(mailbox.received[0].content, policy=policy.default)
    assert arrived["Subject"] == "Laporan 2025 – disetujui"
    assert arrived["From"].addresses[0].display_name == "Dinas Koperasi – Kota Uji"
    assert arrived["To"].addresses[0].display_name == "Mawar, Uji"
    assert arrived["Message-ID"] == "<1.20260309@127.0.0.1>"
    assert arrived["Auto-Submitted"] == "auto-generated"
    assert arrived.get_content().replace("\r\n", "\n") == "Yth. Mawar,\n\nSelesai ✓\n"
    assert (mailbox.received[0].mail_from, mailbox.recipients) == ("dinas@uji.example", ["mawar@uji.example"])


def test_several_messages_share_one_connection(serve, mailbox, monkeypatch):
    opened = []
    connect = Postman._connect
    monkeypatch.setattr(Postman, "_connect", lambda self: opened.append(1) or connect(self))
    send(MailServer("smtp", "127.0.0.1", serve()), letter(), letter(), letter())
    assert len(mailbox.received) == 3
    assert len(opened) == 1


def test_a_name_and_password_are_given_after_tls_began(serve, mailbox, tls, trusted):
    port = serve(tls_context=tls, require_starttls=True, authenticator=authenticate, auth_required=True)
    url = f"starttls://{quote(USER, safe='')}:{quote(PASSWORD, safe='')}@127.0.0.1:{port}"
    send(MailServer.parse(url), letter())
    assert mailbox.recipients == ["mawar@uji.example"]


def test_tls_from_the_start(serve, mailbox, tls, trusted):
    port = serve(ssl_context=tls)
    send(MailServer("smtps", "127.0.0.1", port), letter())
    assert mailbox.recipients == ["mawar@uji.example"]


@pytest.mark.parametrize("security", ["starttls", "smtps"])
def test_a_certificate_that_nobody_vouches_for_gets_no_message(serve, mailbox, tls, security):
    port = serve(ssl_context=tls) if security == "smtps" else serve(tls_context=tls)
    with pytest.raises(ServerTrouble, match="TLS"):
        send(MailServer(security, "127.0.0.1", port), letter())
    assert mailbox.received == []


def test_starttls_is_demanded_not_hoped_for(serve, mailbox):
    with pytest.raises(ServerTrouble, match="tidak dapat dihubungi"):
        send(MailServer("starttls", "127.0.0.1", serve()), letter())
    assert mailbox.received == []


def test_a_wrong_password_is_the_server_s_trouble_and_stands_in_no_text(serve, mailbox, tls, trusted):
    port = serve(tls_context=tls, require_starttls=True, authenticator=authenticate, auth_required=True)
    with pytest.raises(ServerTrouble, match="menolak nama atau sandi") as trouble:
        send(MailServer("starttls", "127.0.0.1", port, USER, "salah-sekali"), letter())
    assert "salah-sekali" not in str(trouble.value)


@pytest.mark.parametrize(
    ("answer", "for_good"), [("550 no such person", True), ("451 come back later", False)]
)
def test_a_refused_recipient_is_the_message_s_trouble(serve, mailbox, answer, for_good):
    mailbox.refusals["mawar@uji.example"] = answer
    with pytest.raises(Refused, match=answer) as refused:
        send(MailServer("smtp", "127.0.0.1", serve()), letter())
    assert refused.value.for_good is for_good


def test_after_one_refusal_the_next_message_still_goes_out(serve, mailbox):
    mailbox.refusals["mawar@uji.example"] = "550 no such person"
    with Postman(MailServer("smtp", "127.0.0.1", serve()), "simpul.uji.example") as postman:
        with pytest.raises(Refused):
            postman.send(letter())
        postman.send(letter(to=("Melati", "melati@uji.example")))
    assert mailbox.recipients == ["melati@uji.example"]


def test_nobody_at_that_port_is_the_server_s_trouble():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    with pytest.raises(ServerTrouble, match="tidak dapat dihubungi"):
        send(MailServer("smtp", "127.0.0.1", port), letter())


def test_a_server_that_says_nothing_does_not_hold_the_outbox(monkeypatch):
    monkeypatch.setattr(smtp, "TIMEOUT", 0.3)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        with pytest.raises(ServerTrouble):
            send(MailServer("smtp", "127.0.0.1", silent.getsockname()[1]), letter())


def test_a_server_that_hangs_up_in_the_middle_is_the_server_s_trouble():
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()

        def greet_and_leave():
            connection, _ = listening.accept()
            with connection:
                connection.sendall(b"220 hello\r\n")
                connection.recv(1000)
                connection.sendall(b"250 hello\r\n")
                connection.recv(1000)

        thread = threading.Thread(target=greet_and_leave)
        thread.start()
        with pytest.raises(ServerTrouble):
            send(MailServer("smtp", "127.0.0.1", listening.getsockname()[1]), letter())
        thread.join()


@pytest.mark.parametrize("field", ["subject", "message_id"])
def test_no_heading_can_be_smuggled_in(serve, mailbox, field):
    with pytest.raises(Refused) as refused:
        send(MailServer("smtp", "127.0.0.1", serve()), letter(**{field: "x\r\nBcc: jahat@uji.example"}))
    assert refused.value.for_good
    assert mailbox.received == []


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_name_and_subject_make_a_message_or_a_refusal(name, subject):
    try:
        made = letter(to=(name, "mawar@uji.example"), subject=subject).as_email().as_bytes()
    except ValueError:
        return
    assert b"\nBcc:" not in made


@pytest.mark.parametrize(("attempts", "minutes"), [(1, 1), (2, 5), (3, 15), (7, 720), (50, 720), (0, 1)])
def test_each_failed_try_is_followed_by_a_longer_wait(attempts, minutes):
    assert wait_after(attempts).total_seconds() == minutes * 60


def test_a_forgotten_link_leaves_a_word_in_its_place():
    assert filled_in("Buka [[tautan]].", "https://x/y") == "Buka https://x/y."
    assert filled_in("Buka [[tautan]].", None) == "Buka (tautan sudah dihapus dari catatan)."


def test_the_default_context_checks_names_and_certificates():
    context = ssl.create_default_context()
    assert context.check_hostname
    assert context.verify_mode is ssl.CERT_REQUIRED
