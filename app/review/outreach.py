"""Reaching those who have not filed: noting a contact, writing a message, and reminding before the deadline."""

from collections.abc import Iterator, Sequence
from datetime import date

from flask import current_app
from flask_babel import force_locale, gettext

from app.accounts.models import User
from app.audit import services as audit
from app.cooperatives.messages import address
from app.cooperatives.models import Cooperative
from app.cooperatives.timeline import note
from app.core.errors import RuleBroken
from app.core.extensions import db
from app.core.formatting import long_date
from app.core.office import office
from app.core.parsing import fold_lines
from app.core.text import N_
from app.core.upsert import insert_into
from app.notifications.services import queue_email
from app.questionnaire.extensions import deadline, extensions_of
from app.questionnaire.models import Edition
from app.review import outreach_queries as queries
from app.review.models import Contact, Reminder
from app.review.outreach_rules import RESULT_NAMES, Result, Way, stage
from app.review.queries import missing

LONGEST_NOTE = 1000
BATCH = 50  # cooperatives reminded in one write unit: others need not wait long behind it


def note_contact(
    cooperative: Cooperative, *, year: int, way: str, result: str, note_text: str, by: User
) -> Contact:
    """Keep that ``by`` contacted ``cooperative`` about ``year``. Raises RuleBroken when way or result is not chosen."""
    if way not in set(Way):
        raise RuleBroken(N_("Pilih lewat apa koperasi dihubungi."), field="lewat")
    if result not in set(Result):
        raise RuleBroken(N_("Pilih hasilnya."), field="hasil")
    contact = Contact(
        cooperative_id=cooperative.id,
        year=year,
        channel=way,
        result=result,
        note=fold_lines(note_text)[:LONGEST_NOTE],
        actor_id=by.id,
        actor_name=by.name,
    )
    db.session.add(contact)
    audit.record(
        "cooperative.contacted",
        kind="cooperative",
        subject_id=cooperative.id,
        name=cooperative.nama_koperasi,
        after={"channel": way, "result": result, "note": contact.note},
    )
    note(
        cooperative,
        kind="contact",
        template=CONTACTED[Result(result)],
        params={"year": year},
        actor_name=by.name,
    )
    return contact


CONTACTED = {
    Result.WILL_FILE: N_("Dihubungi tentang laporan tahun buku %(year)s: akan melapor"),
    Result.NEEDS_HELP: N_("Dihubungi tentang laporan tahun buku %(year)s: minta dibantu mengisi"),
    Result.NO_ANSWER: N_("Dihubungi tentang laporan tahun buku %(year)s: belum dijawab"),
    Result.WRONG_NUMBER: N_("Dihubungi tentang laporan tahun buku %(year)s: nomor atau alamat keliru"),
    Result.STOPPED: N_("Dihubungi tentang laporan tahun buku %(year)s: koperasi sudah tidak berjalan"),
}
assert CONTACTED.keys() == RESULT_NAMES.keys()  # noqa: S101 - two tables of the same results  # nosec B101


def message_for(cooperative: Cooperative, year: int, due: date) -> tuple[str, str]:
    """Subject and text of the message to a cooperative that has not filed ``year``, in Indonesian, without the signature."""
    with force_locale("id"):
        filled = {
            "name": cooperative.nama_koperasi,
            "year": year,
            "day": long_date(due),
            "office": office().full_name,
            "link": address("/laporan"),
        }
        subject = gettext("Laporan tahun buku %(year)s belum kami terima", **filled)
        body = gettext(
            "Laporan %(name)s tahun buku %(year)s belum kami terima. Batasnya %(day)s.\n\n"
            "Isi di %(link)s, sekitar 20 menit; bisa dilanjutkan kapan saja, juga di ponsel. "
            "Kalau perlu dibantu, hubungi %(office)s.",
            **filled,
        )
    return subject, body


def write_to(cooperative: Cooperative, edition: Edition, *, by: User) -> int:
    """Queue the message to every address of ``cooperative`` and note the contact; how many. Raises RuleBroken without one."""
    people = addresses_of(cooperative)
    if not people:
        raise RuleBroken(N_("Koperasi ini belum punya alamat surel. Hubungi lewat telepon."))
    given = extensions_of([cooperative.id], edition.year).get(cooperative.id)
    _queue(cooperative, edition.year, deadline(edition, given), people)
    note_contact(cooperative, year=edition.year, way=Way.EMAIL, result=Result.NO_ANSWER, note_text="", by=by)
    return len(people)


def addresses_of(cooperative: Cooperative) -> list[tuple[str, str]]:
    """Name and e-mail address of everybody who reads for ``cooperative``."""
    return _addresses(cooperative, queries.members_by_cooperative([cooperative.id]).get(cooperative.id, []))


def _queue(cooperative: Cooperative, year: int, due: date, people: Sequence[tuple[str, str]]) -> None:
    subject, body = message_for(cooperative, year, due)
    for name, email in people:
        queue_email(kind="reminder", to_name=name, to_address=email, subject=subject, body=body)


def to_remind(edition: Edition, today: date) -> Iterator[list[tuple[int, date, int]]]:
    """Who is to be reminded today and was not: batches of (cooperative, its deadline, days before)."""
    days = current_app.config["REMIND_DAYS"]
    last_id = 0
    while days:
        page = missing(edition.year).where(Cooperative.id > last_id).order_by(Cooperative.id).limit(BATCH)
        ids = list(db.session.scalars(page.with_only_columns(Cooperative.id)))
        if not ids:
            return
        last_id = ids[-1]
        extensions, sent = extensions_of(ids, edition.year), queries.reminded(ids, edition.year)
        found = []
        for one in ids:
            due = deadline(edition, extensions.get(one))
            wanted = stage(today, due, days)
            if wanted is not None and (one, due, wanted) not in sent:
                found.append((one, due, wanted))
        if found:
            yield found


def remind(edition: Edition, batch: Sequence[tuple[int, date, int]]) -> int:
    """Remind each of ``batch`` once, whoever else is doing the same; how many messages were queued.

    A cooperative that has filed meanwhile is left in peace; one without any address is noted, for staff to call.
    """
    ids = [one for one, _due, _days in batch]
    still = missing(edition.year).where(Cooperative.id.in_(ids))
    cooperatives = {row.id: row for row in db.session.scalars(still)}
    members = queries.members_by_cooperative(ids)
    written = 0
    for one, due, days in batch:
        if one not in cooperatives:
            continue
        people = _addresses(cooperatives[one], members.get(one, []))
        values = {"cooperative_id": one, "year": edition.year, "due": due, "days_before": days}
        statement = insert_into(Reminder).values(**values, addresses=len(people)).on_conflict_do_nothing()
        if db.session.scalars(statement.returning(Reminder.id)).first() is None:
            continue
        _queue(cooperatives[one], edition.year, due, people)
        written += len(people)
    return written


def _addresses(cooperative: Cooperative, members: Sequence[User]) -> list[tuple[str, str]]:
    """Name and e-mail address of each member who has one; of the cooperative itself where none has."""
    found = [(person.name, person.email) for person in members if person.email]
    if not found and cooperative.email:
        return [(cooperative.nama_koperasi, cooperative.email)]
    return found
