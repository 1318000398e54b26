"""From the outbox to the mail server, each message once."""

import threading
from email import message_from_bytes, policy

import pytest
from sqlalchemy import select

from app.core.database import now
from app.core.extensions import db
from app.core.writing import writing
from app.notifications import delivery, queries, services
from app.notifications.models import MessageState, OutboxMessage
from app.notifications.rules import CLAIM, LINK_MARK, MOST_ATTEMPTS
from app.notifications.smtp import Postman, ServerTrouble
from tests.support.site import free_port

LINK = "https://simpul.uji.example/sandi/abc"


def kept(number):
    return db.session.get_one(OutboxMessage, number, populate_existing=True)


def test_what_waits_is_sent_and_settled(mail_server, mailbox, queue):
    number = queue()
    assert delivery.deliver_due() == 1
    assert (kept(number).state, kept(number).attempts) == (MessageState.SENT, 1)
    assert kept(number).settled_at is not None
    arrived = message_from_bytes(mailbox.received[0].content, policy=policy.default)
    assert arrived["From"].addresses[0].addr_spec == "dinas@uji.example"
    assert "Dinas Koperasi dan UKM" in arrived["From"].addresses[0].display_name
    text = arrived.get_content().replace("\r\n", "\n")
    assert text.startswith("Yth. Mawar Uji,\n\nApa kabar?\n\n-- \nDinas Koperasi dan UKM")


def test_nothing_is_sent_twice(mail_server, mailbox, queue):
    queue()
    delivery.deliver_due()
    assert delivery.deliver_due() == 0
    assert len(mailbox.received) == 1


def test_the_link_travels_and_is_forgotten(mail_server, mailbox, queue):
    number = queue(body=f"Buka {LINK_MARK}", link=LINK, expires_at=now().replace(year=2099, day=1))
    delivery.deliver_due()
    assert LINK.encode() in mailbox.received[0].content
    assert kept(number).link is None
    assert LINK not in kept(number).body


def test_a_message_whose_link_ran_out_is_not_sent(mail_server, mailbox, queue):
    number = queue(body=f"Buka {LINK_MARK}", link=LINK, expires_at=now().replace(year=2020, day=1))
    assert delivery.deliver_due() == 0
    assert (kept(number).state, kept(number).link) == (MessageState.EXPIRED, None)
    assert mailbox.received == []


def test_without_a_mail_server_messages_wait(app, queue):
    number = queue()
    outcome = delivery.deliver()
    assert outcome.sent == 0
    assert "SIMPUL_SMTP_URL" in outcome.trouble
    assert (kept(number).state, kept(number).attempts) == (MessageState.WAITING, 0)


def test_an_address_of_the_server_that_makes_no_sense_is_told(app, queue, monkeypatch):
    monkeypatch.setitem(app.config, "SMTP_URL", "surel")
    monkeypatch.setitem(app.config, "MAIL_FROM", "dinas@uji.example")
    queue()
    assert "Contoh: starttls://" in delivery.deliver().trouble


def test_a_server_that_is_away_delays_and_the_reason_is_kept(app, queue, monkeypatch, mail_server, mailbox):
    number, other = queue(), queue()
    monkeypatch.setitem(app.config, "SMTP_URL", f"smtp://127.0.0.1:{free_port()}")
    outcome = delivery.deliver()
    assert "tidak dapat dihubungi" in outcome.trouble
    assert kept(number).state is MessageState.WAITING
    assert "tidak dapat dihubungi" in kept(number).last_error
    assert kept(number).next_try_at > now()
    assert kept(number).claim is None
    assert (kept(other).attempts, kept(other).last_error) == (0, "")


def test_a_server_that_is_away_for_days_costs_no_message(app, queue, monkeypatch, clock):
    monkeypatch.setitem(app.config, "SMTP_URL", f"smtp://127.0.0.1:{free_port()}")
    monkeypatch.setitem(app.config, "MAIL_FROM", "dinas@uji.example")
    number = queue()
    for _ in range(MOST_ATTEMPTS + 3):
        delivery.deliver()
        clock.shift(13 * 3600)
    assert kept(number).state is MessageState.WAITING


def test_what_a_clock_that_was_ahead_left_waiting_goes_out_once_it_is_right(
    mail_server, mailbox, queue, clock
):
    clock.shift(90 * 24 * 3600)
    queue()
    claimed = queue()
    with writing() as session:
        session.get_one(OutboxMessage, claimed).claimed_until = now() + CLAIM
    clock.shift(-90 * 24 * 3600)
    assert queries.anything_due()
    assert delivery.deliver().sent == 2


def test_a_message_refused_for_good_fails_at_once_and_the_others_go_out(mail_server, mailbox, queue):
    mailbox.refusals["mawar@uji.example"] = "550 no such person"
    bad, good = queue(), queue(to_address="melati@uji.example")
    outcome = delivery.deliver()
    assert (outcome.sent, outcome.refused) == (1, 1)
    assert kept(bad).state is MessageState.FAILED
    assert "550 no such person" in kept(bad).last_error
    assert kept(good).state is MessageState.SENT


def test_a_message_refused_for_now_is_tried_again_and_given_up_after_a_day(
    mail_server, mailbox, queue, clock
):
    mailbox.refusals["mawar@uji.example"] = "451 come back later"
    number = queue()
    for attempt in range(1, MOST_ATTEMPTS):
        delivery.deliver()
        assert (kept(number).state, kept(number).attempts) == (MessageState.WAITING, attempt)
        assert delivery.deliver().refused == 0
        clock.shift(13 * 3600)
    delivery.deliver()
    assert kept(number).state is MessageState.FAILED


def test_a_limit_leaves_the_rest_for_the_next_round(mail_server, mailbox, queue):
    for _ in range(3):
        queue()
    assert delivery.deliver_due(limit=2) == 2
    assert delivery.deliver_due(limit=2) == 1


def test_processes_that_deliver_at_once_send_each_message_once(app, mail_server, mailbox, queue):
    addresses = [f"orang{number}@uji.example" for number in range(24)]
    for address in addresses:
        queue(to_address=address)
    db.session.remove()
    gate = threading.Barrier(4)
    sent = []

    def work():
        with app.app_context():
            gate.wait(timeout=20)
            sent.append(delivery.deliver_due())
            db.session.remove()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(sent) == 24
    assert sorted(mailbox.recipients) == sorted(addresses)


class Dying(Postman):
    """Takes a message and dies before anybody hears of it."""

    def send(self, letter):
        raise KeyboardInterrupt


def test_a_process_that_dies_while_it_sends_leaves_the_message_to_the_next(
    mail_server, mailbox, queue, clock
):
    number = queue()
    with pytest.raises(KeyboardInterrupt):
        delivery.deliver(postman_class=Dying)
    assert kept(number).claim is not None
    assert delivery.deliver_due() == 0
    clock.shift(CLAIM.total_seconds() + 1)
    assert delivery.deliver_due() == 1
    assert len(mailbox.received) == 1


def test_a_repetition_bears_the_same_message_id(mail_server, mailbox, queue, clock):
    number = queue()
    delivery.deliver_due()
    with writing():
        message = kept(number)
        message.state, message.settled_at = MessageState.WAITING, None
    delivery.deliver_due()
    ids = {message_from_bytes(envelope.content)["Message-ID"] for envelope in mailbox.received}
    assert len(mailbox.received) == 2
    assert len(ids) == 1


class Slow(Postman):
    """While it sends, somebody else has taken the message over."""

    def send(self, letter):
        with writing() as session:
            message = session.scalars(select(OutboxMessage)).one()
            message.claim = "somebody else"
        raise ServerTrouble("terputus")


def test_who_lost_the_claim_changes_nothing(mail_server, queue):
    number = queue()
    delivery.deliver(postman_class=Slow)
    assert (kept(number).claim, kept(number).last_error) == ("somebody else", "")


def test_a_message_taken_back_is_not_sent(mail_server, mailbox, queue):
    number = queue(kind="account.reset", person_id=7, link=LINK, expires_at=now().replace(year=2099, day=1))
    other = queue(kind="account.reset", person_id=8)
    with writing():
        services.withdraw(person_id=7, kinds=("account.reset",))
    assert delivery.deliver_due() == 1
    assert (kept(number).state, kept(number).link) == (MessageState.EXPIRED, None)
    assert kept(other).state is MessageState.SENT


def test_line_breaks_in_names_and_subjects_are_folded(mail_server, mailbox, queue):
    queue(to_name="Mawar\r\nBcc: jahat@uji.example", subject="Satu\nDua\x00")
    assert delivery.deliver_due() == 1
    arrived = message_from_bytes(mailbox.received[0].content, policy=policy.default)
    assert arrived["Subject"] == "Satu Dua"
    assert arrived["Bcc"] is None


def test_the_command_sends_and_sums_up(mail_server, queue, command):
    queue()
    result = command("outbox", "send")
    assert (result.exit_code, result.stdout) == (0, "1 terkirim, 0 ditolak, 0 masih menunggu.\n")


def test_the_command_fails_when_something_could_not_be_sent(mail_server, mailbox, queue, command):
    mailbox.refusals["mawar@uji.example"] = "550 no such person"
    queue()
    result = command("outbox", "send")
    assert result.exit_code == 1
    assert "0 terkirim, 1 ditolak" in result.output


def test_the_command_says_what_is_not_set_up(app, queue, command):
    queue()
    result = command("outbox", "send")
    assert result.exit_code == 1
    assert "1 masih menunggu" in result.output
    assert "SIMPUL_SMTP_URL" in result.output


def test_the_command_sends_more_than_one_step_and_keeps_its_limit(mail_server, mailbox, queue, command):
    for _ in range(25):
        queue()
    assert "23 terkirim, 0 ditolak, 2 masih menunggu." in command("outbox", "send", "--limit", "23").stdout
    assert len(mailbox.received) == 23
