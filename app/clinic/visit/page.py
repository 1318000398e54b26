"""One visit as its page shows it."""

from typing import Any

from flask import current_app, url_for

from app.accounts.models import User
from app.clinic.line import is_past, line_for
from app.clinic.messages import booking_link, mailed_to
from app.clinic.models import ABOUT, ClinicBooking, ClinicEvent, ClinicFollowUp
from app.clinic.rules import ORIGIN_NAMES, PROMISED, Channel, FollowUpOwner, State, Step
from app.clinic.signals import program_of, programs
from app.clinic.visit.party import about_report, party_of, question_words, report_choices, timeline
from app.clinic.visit.reading import earlier_visits, events_of, follow_ups_of
from app.clinic.visit.screens import Deed, channel_word, deeds_of, follow_up_line, line_of, party_name, who
from app.clinic.visit.telling import advice_by_whatsapp
from app.clinic.visit.work import WRITTEN, seen
from app.cooperatives.screens import place_name
from app.core.access import Role
from app.core.database import office_zone, today
from app.core.extensions import db
from app.core.formatting import clock, long_date, moment, short_date, weekday_date
from app.core.i18n import _, say
from app.core.qr import qr_svg
from app.core.text import N_
from app.files.queries import files_about
from app.questionnaire.models import Report

OWNERS = {FollowUpOwner.VISITOR: N_("Pengunjung"), FollowUpOwner.OFFICE: N_("Kantor")}
STEP_WORDS = {
    Step.BOOKED: N_("Dipesan"),
    Step.MOVED: N_("Dipindah"),
    Step.CONFIRMED: N_("Dikonfirmasi pengunjung"),
    Step.CANCELLED: N_("Dibatalkan"),
    Step.ARRIVED: N_("Datang"),
    Step.CALLED: N_("Dipanggil"),
    Step.STARTED: N_("Dimulai"),
    Step.FINISHED: N_("Selesai"),
    Step.MISSED: N_("Tidak datang"),
    Step.REOPENED: N_("Dibuka lagi"),
    Step.NOTED: N_("Catatan klinik ditulis"),
    Step.ADVISED: N_("Saran ditulis"),
    Step.FOLLOWED: N_("Tindak lanjut dicatat"),
    Step.REMINDED: N_("Diingatkan"),
}
UNTOLD = (Step.RATED,)
"""Steps that no page of the office shows: who was asked and has answered is nobody's business."""


def day_of(booking: ClinicBooking) -> Any:
    """The office's day on which the visit stands."""
    return booking.starts_at.astimezone(office_zone()).date()


def visit_page(booking: ClinicBooking, person: User) -> dict[str, Any]:
    """All that the page of a visit shows to ``person``."""
    earlier = earlier_visits(booking)
    agreed = follow_ups_of([booking.id, *(one.id for one in earlier)])
    is_own = booking.consultant is not None and booking.consultant.user_id == person.id
    may_write = booking.state in WRITTEN
    day = day_of(booking)
    return {
        "line": line_of(booking, deeds=_deeds(booking)),
        "reference": booking.reference,
        "when": when(booking),
        "day_url": url_for(
            ".visit_day",
            tanggal=None if day == today() else day.isoformat(),
            konsultan=None if is_own else booking.consultant_id,
        ),
        "channel": channel_word(booking),
        "with_whom": booking.consultant.name if booking.consultant and not is_own else "",
        "standing": _standing(booking),
        "question": booking.question,
        "files": [
            (one.name, url_for("files.download", token=one.token, name=one.name))
            for one in files_about(ABOUT, booking.id)
        ],
        "about_report": about_report(booking, person),
        "may_write": may_write,
        "is_running": booking.state is not State.DONE,
        "waiting": _waiting(booking) if may_write and booking.state is not State.DONE else 0,
        "seen": seen(booking),
        "owners": [(owner.value, say(name)) for owner, name in OWNERS.items()],
        "follow_ups": [follow_up_line(one) for one in agreed[booking.id]],
        "advice": booking.advice,
        "email": mailed_to(booking),
        "print_url": url_for(".visit_advice", booking_id=booking.id),
        "whatsapp": advice_by_whatsapp(booking) if booking.advice else "",
        "program_choices": _programs(booking) if may_write else [],
        "program": program_of(booking.program_slug),
        "pertanyaan_choices": _reports(booking) if may_write else [],
        "person": _person(booking),
        "phone": booking.phone,
        "video": _video(booking),
        "booking_url": _booking_url(booking, person),
        "party": party_of(booking, person),
        "earlier": [_earlier(one, agreed[one.id]) for one in earlier],
        "timeline": timeline(booking, person),
        "history": history(events_of(booking)),
    }


def _deeds(booking: ClinicBooking) -> list[Deed]:
    """What can be done with it beside writing; a beginning by mistake can be taken back."""
    if booking.state is State.RUNNING:
        return [("antre", _("Batal mulai"), "plain", "")]
    return deeds_of(booking)


def _waiting(booking: ClinicBooking) -> int:
    """How many others wait for the same consultant."""
    if booking.consultant is None:
        return 0
    return sum(one.called_at is None and one.id != booking.id for one in line_for(booking.consultant))


def when(booking: ClinicBooking) -> str:
    """``Senin, 23 November 2026, 09.00–09.45``; of a walk-in the day and the number."""
    day = weekday_date(day_of(booking))
    if booking.seat is None and booking.queue_number:
        return _("%(day)s, nomor %(number)s", day=day, number=booking.queue_number)
    return f"{day}, {clock(booking.starts_at)}–{clock(booking.ends_at)}"


def _standing(booking: ClinicBooking) -> str:
    if is_past(booking) and booking.state in PROMISED:
        return _("Waktunya sudah lewat. Catat apa yang terjadi.")
    if booking.state is State.RUNNING and booking.started_at:
        return _("Dimulai %(time)s.", time=clock(booking.started_at))
    if booking.state is State.ARRIVED and booking.called_at:
        return _("Sudah dipanggil. Saran bisa langsung ditulis.")
    if booking.state is State.ARRIVED:
        return _("Sudah datang, menunggu dipanggil.")
    if booking.state is State.MISSED:
        return _("Tercatat tidak datang.")
    return _("Belum datang.")


def _booking_url(booking: ClinicBooking, person: User) -> str:
    """Where operators move or cancel what has not begun."""
    if booking.state is not State.BOOKED or not person.has_role(Role.OPERATOR):
        return ""
    return (
        url_for(".desk_booking", booking_id=booking.id)
        if "clinic.desk_booking" in current_app.view_functions
        else ""
    )


def _video(booking: ClinicBooking) -> str:
    """Where a call by WhatsApp begins."""
    if booking.channel is Channel.VIDEO and booking.phone:
        return f"https://wa.me/{booking.phone.removeprefix('+')}"
    return ""


def _programs(booking: ClinicBooking) -> list[tuple[str, str]]:
    """The programmes that may be named, and the one that is."""
    offered = [(one.slug, one.title) for one in programs()]
    named = program_of(booking.program_slug)
    if named is not None and named.slug not in dict(offered):
        offered.append((named.slug, named.title))
    return offered


def _reports(booking: ClinicBooking) -> list[tuple[str, str]]:
    """The returned questions that may be linked, and the one that is."""
    offered = report_choices(booking)
    linked = f"{booking.report_id}:{booking.question_code}" if booking.report_id else ""
    if linked and linked not in dict(offered):
        report = db.session.get(Report, booking.report_id)
        if report is not None:
            offered.append((linked, question_words(report, booking.question_code)))
    return offered


def _person(booking: ClinicBooking) -> list[tuple[str, str]]:
    facts = [(_("Nama"), booking.name or who(booking))]
    if booking.email:
        facts.append((_("Surel"), booking.email))
    if place_name(booking.kode_kecamatan):
        facts.append((_("Kecamatan"), place_name(booking.kode_kecamatan)))
    if booking.place and booking.channel is Channel.VISIT:
        facts.append((_("Tempat"), booking.place))
    return [*facts, (_("Lewat"), say(ORIGIN_NAMES[booking.origin])), (_("Nomor"), booking.reference)]


def _earlier(booking: ClinicBooking, agreed: list[ClinicFollowUp]) -> dict[str, Any]:
    line = line_of(booking)
    return {
        "when": short_date(day_of(booking)),
        "topic": line["topic"],
        "consultant": line["consultant"],
        "advice": booking.advice,
        "notes": booking.notes,
        "follow_ups": [follow_up_line(one) for one in agreed],
    }


def history(events: list[ClinicEvent]) -> list[dict[str, Any]]:
    """What happened to the booking, newest first."""
    return [
        {
            "text": say(STEP_WORDS[one.step]),
            "when": moment(one.at),
            "iso": one.at.isoformat(),
            "who": one.by_name,
            "now": place == 0,
        }
        for place, one in enumerate(one for one in events if one.step not in UNTOLD)
    ]


def paper(booking: ClinicBooking, *, back: str, back_words: str) -> dict[str, Any]:
    """The advice as a letter."""
    named = program_of(booking.program_slug)
    facts = [(_("Nama"), booking.name or who(booking))]
    if party_name(booking):
        facts.append((_("Untuk"), party_name(booking)))
    facts += [(_("Soal"), line_of(booking)["topic"]), (_("Kunjungan"), when(booking))]
    if booking.consultant is not None:
        facts.append((_("Konsultan"), booking.consultant.name))
    return {
        "reference": booking.reference,
        "day": long_date(day_of(booking)),
        "facts": facts,
        "advice": booking.advice,
        "steps": [
            follow_up_line(one) | {"until": _("sampai %(day)s", day=long_date(one.due_on))}
            for one in follow_ups_of([booking.id])[booking.id]
        ],
        "program": named,
        "qr": qr_svg(booking_link(booking), _("Kode QR ke halaman janji temu")),
        "back": back,
        "back_words": back_words,
    }
