"""What a consultant writes about a visit: advice, notes, what was agreed, and what it is linked with. Verbs flush."""

import hashlib
from typing import Any

from app.accounts.models import User
from app.audit import services as audit
from app.clinic import line
from app.clinic.happening import happened
from app.clinic.models import ABOUT, ClinicBooking, ClinicFollowUp
from app.clinic.rules import State, Step
from app.clinic.settings import consultant_of, line_up
from app.clinic.signals import program_of
from app.clinic.visit.forms import Agreed, OutcomeForm
from app.clinic.visit.reading import follow_ups_of, returned_reports
from app.clinic.visit.telling import advice_text
from app.cooperatives.timeline import hold
from app.core.database import now
from app.core.errors import RuleBroken
from app.core.extensions import db
from app.core.text import N_
from app.enterprises.models import Enterprise
from app.enterprises.parties import KNOWN, Party, columns, key_of

MOST_STEPS = 20  # of one visit
WRITTEN = (State.ARRIVED, State.RUNNING, State.DONE)
"""In which states something can be said about a visit."""


class Overtaken(RuleBroken):
    """Somebody else wrote meanwhile; what they wrote must be seen before it is replaced."""


def seen(booking: ClinicBooking) -> str:
    """What stood there when a page was drawn, as a short mark: a later save against it is noticed."""
    return hashlib.sha256(f"{booking.advice}\x1f{booking.notes}".encode()).hexdigest()[:16]


def _hold(booking: ClinicBooking) -> None:
    """Line up as every write of the clinic does, and read the visit anew: what is checked still holds when it is written."""
    db.session.flush()
    line_up()
    db.session.refresh(booking)


def told_so_far(booking: ClinicBooking) -> str:
    """What the visitor of a visit that is over has to know of it; empty before. A note of the clinic is no news to them."""
    _hold(booking)
    return advice_text(booking) if booking.state is State.DONE else ""


def begin(booking: ClinicBooking, *, by: User) -> ClinicBooking:
    """Whoever ends a visit without having begun it has begun it when it was called, or just now."""
    if booking.state in (State.ARRIVED, State.BOOKED):
        consultant = booking.consultant or consultant_of(by.id)
        if consultant is None:
            raise RuleBroken(N_("Kunjungan ini belum dimulai."))
        called = booking.called_at
        line.start(booking, consultant, by=by)
        booking.started_at = called or booking.started_at
        db.session.flush()
    return booking


def write(booking: ClinicBooking, form: OutcomeForm, *, read: str, by: User) -> ClinicBooking:
    """Keep advice, notes and what was agreed. ``read`` is what :func:`seen` said when the page was drawn.

    Raises Overtaken when somebody else has written since, RuleBroken for a visit that has not begun.
    """
    _hold(booking)
    if booking.state not in WRITTEN:
        raise RuleBroken(N_("Kunjungan ini belum dimulai."))
    advice, notes = form.typed["saran"], form.typed["catatan"]
    if (advice, notes) != (booking.advice, booking.notes) and read != seen(booking):
        raise Overtaken(N_("Tulisan ini baru saja diubah di tempat lain."))
    if notes != booking.notes:
        booking.notes = notes
        happened(booking, Step.NOTED, by=by)
    if advice != booking.advice:
        booking.advice = advice
        happened(booking, Step.ADVISED, by=by)
    for one in form.agreed:
        agree(booking, one, by=by)
    db.session.flush()
    return booking


def agree(booking: ClinicBooking, agreed: Agreed, *, by: User) -> ClinicFollowUp:
    """Add something that is to be done. Sent twice, it stands once."""
    known = follow_ups_of([booking.id])[booking.id]
    for one in known:
        if (one.text, one.owner, one.due_on) == (agreed.text, agreed.owner, agreed.due_on):
            return one
    if len(known) >= MOST_STEPS:
        raise RuleBroken(N_("Paling banyak %(most)s tindak lanjut untuk satu kunjungan."), most=MOST_STEPS)
    made = ClinicFollowUp(
        booking_id=booking.id, text=agreed.text, due_on=agreed.due_on, owner=agreed.owner, user_id=by.id
    )
    db.session.add(made)
    db.session.flush()
    happened(
        booking,
        Step.FOLLOWED,
        by=by,
        detail={"id": made.id, "due": agreed.due_on.isoformat(), "owner": agreed.owner},
    )
    return made


def settle(booking: ClinicBooking, follow_up: ClinicFollowUp, *, done: bool, by: User) -> ClinicFollowUp:
    """Say that something agreed is done, or that it is not after all."""
    _hold(booking)
    if (follow_up.done_at is not None) != done:
        follow_up.done_at = now() if done else None
        happened(booking, Step.FOLLOWED, by=by, detail={"id": follow_up.id, "done": done})
        db.session.flush()
    return follow_up


def link(booking: ClinicBooking, *, program: str, question: str) -> ClinicBooking:
    """Link a visit with a programme (the last part of its address) and with a question of a returned report
    (``<report>:<code>``); empty: with none."""
    _hold(booking)
    before = {
        "program": booking.program_slug,
        "report": booking.report_id,
        "question": booking.question_code,
    }
    if program != booking.program_slug and program and program_of(program) is None:
        raise RuleBroken(N_("Program ini sudah tidak tampil. Pilih yang lain."), field="program")
    report_id, code = _question(booking, question)
    booking.program_slug, booking.report_id, booking.question_code = program, report_id, code
    db.session.flush()
    after = {"program": program, "report": report_id, "question": code}
    if before != after:
        _record(booking, "linked", before, after)
    return booking


def _question(booking: ClinicBooking, wanted: str) -> tuple[int | None, str]:
    if not wanted:
        return None, ""
    number, _colon, code = wanted.partition(":")
    if wanted == f"{booking.report_id}:{booking.question_code}":
        return booking.report_id, booking.question_code
    reports = returned_reports(booking.cooperative_id) if booking.cooperative_id else []
    for report in reports:
        if str(report.id) == number and code in report.open_codes:
            return report.id, code
    raise RuleBroken(N_("Pertanyaan ini sudah tidak menunggu perbaikan."), field="pertanyaan")


def join(booking: ClinicBooking, party: Party) -> ClinicBooking:
    """Say for which cooperative or UKM somebody comes."""
    _hold(booking)
    if isinstance(party, Enterprise) and hold(party).state not in KNOWN:
        raise RuleBroken(N_("UKM ini sudah tidak ada di register."))
    before = {"party": key_of(booking.party)}
    for name, value in columns(party).items():
        setattr(booking, name, value)
    booking.kode_kecamatan = party.kode_kecamatan or booking.kode_kecamatan
    if (booking.report_id, booking.question_code) != (None, ""):
        booking.report_id, booking.question_code = None, ""  # it was of another
    db.session.flush()
    _record(booking, "joined", before, {"party": key_of(party)})
    return booking


def _record(booking: ClinicBooking, action: str, before: dict[str, Any], after: dict[str, Any]) -> None:
    """Into the trail, under the reference; a UKM by its address, since its name goes when its owner wishes."""
    audit.record(
        f"booking.{action}",
        kind=ABOUT,
        subject_id=booking.id,
        name=booking.reference,
        before=before,
        after=after,
    )
