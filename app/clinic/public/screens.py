"""One appointment or one place on the waitlist as its visitor sees it."""

from dataclasses import dataclass
from urllib.parse import quote

from flask import url_for

from app.clinic.line import is_past
from app.clinic.messages import booking_link, waiting_link
from app.clinic.models import ClinicBooking, ClinicWaiting
from app.clinic.public.queries import changed_at
from app.clinic.reminding import AHEAD
from app.clinic.rules import CHANNEL_NAMES, OVER, PROMISED, STATE_NAMES, TOPIC_NAMES, Channel, State
from app.clinic.said import said_shortly, said_span
from app.clinic.signals import program_of
from app.clinic.timetable import day_of
from app.core import ics
from app.core.database import now
from app.core.formatting import clock, weekday_date
from app.core.i18n import _, say
from app.core.office import office
from app.core.parsing import phone_for_people
from app.core.sharing import public_address
from app.enterprises.parties import key_of as key_of_party

FROM_AFAR = (Channel.PHONE, Channel.VIDEO)
ALARMS = tuple(AHEAD.values())


@dataclass(frozen=True)
class Shown:
    """When and where, in the words of a ticket."""

    day: str
    clock: str
    short: str
    long: str
    facts: list[tuple[str, str]]


def shown(booking: ClinicBooking, *, with_place: bool = True) -> Shown:
    """A booking for a ticket."""
    day = day_of(booking.starts_at)
    at = clock(booking.starts_at)
    consultant = booking.consultant.name if booking.consultant else ""
    facts = [
        (_("Soal"), booking.title or say(TOPIC_NAMES[booking.topic])),
        (_("Konsultan"), consultant),
        (
            _("Lewat") if booking.channel in FROM_AFAR else _("Tempat"),
            place_of(booking) if with_place else "",
        ),
    ]
    return Shown(
        day=weekday_date(day),
        clock=said_span(booking.starts_at, booking.ends_at),
        short=f"{said_shortly(day)}, {at}",
        long=f"{weekday_date(day)}, {at}",
        facts=[fact for fact in facts if fact[1]],
    )


def place_of(booking: ClinicBooking) -> str:
    """Where the visitor has to be."""
    name = say(CHANNEL_NAMES[booking.channel])
    if booking.channel in FROM_AFAR:
        return name
    return booking.place or office().full_name


def how(booking: ClinicBooking) -> str:
    """What the visitor does when the time has come."""
    if booking.state in OVER:
        return (
            _("Waktu ini tidak dipakai lagi.") if booking.state is not State.DONE else _("Sudah berlangsung.")
        )
    if is_past(booking):
        return _("Waktunya sudah lewat.")
    phone = phone_for_people(booking.phone) if booking.phone else ""
    match booking.channel:
        case Channel.PHONE:
            return _("Konsultan menelepon %(phone)s pada jam itu.", phone=phone)
        case Channel.VIDEO:
            return _("Konsultan memanggil lewat video WhatsApp ke %(phone)s pada jam itu.", phone=phone)
        case Channel.VISIT:
            return _("Datang ke tempat klinik keliling. Bawa berkas yang ingin ditanyakan.")
    return _("Datang 5 menit lebih awal dan sebut nomor janji di loket. Bawa berkas yang ingin ditanyakan.")


def waiting_to_self(waiting: ClinicWaiting) -> str:
    """A WhatsApp link with the way back to one's place on the waitlist."""
    text = _(
        "Daftar tunggu klinik, soal %(topic)s. Lihat urutan dan tawaran: %(link)s",
        topic=say(TOPIC_NAMES[waiting.topic]),
        link=waiting_link(waiting),
    )
    return f"https://wa.me/?text={quote(text, safe='')}"


def calendar_of(booking: ClinicBooking) -> bytes:
    """The appointment as a calendar file. A later version of it replaces the earlier one in a calendar."""
    topic = say(TOPIC_NAMES[booking.topic])
    consultant = booking.consultant.name if booking.consultant else ""
    with_whom = _("Konsultan: %(name)s", name=consultant) if consultant else ""
    number = _("Nomor janji: %(number)s", number=booking.reference)
    cancelled = booking.state in (State.CANCELLED, State.EXPIRED)
    event = ics.CalendarEvent(
        uid=f"{booking.reference.lower()}@klinik.{_host()}",
        title=_("Klinik: %(topic)s", topic=booking.title or topic),
        starts=booking.starts_at,
        ends=booking.ends_at,
        text="\n".join(filter(None, (number, with_whom, how(booking)))),
        place=place_of(booking),
        url=booking_link(booking),
        changed=changed_at(booking),
        sequence=booking.version,
        cancelled=cancelled,
        alarms=() if cancelled else ALARMS,
    )
    return ics.calendar([event])


def _host() -> str:
    """The site's own name, so that two offices' references never meet in one calendar."""
    return public_address("").partition("//")[2].partition("/")[0].partition(":")[0] or "simpul"


def ways_on(booking: ClinicBooking, token: str) -> list[tuple[str, str]]:
    """Where one goes from an appointment that is over."""
    ways = []
    if booking.advice:
        ways.append((_("Cetak saran"), url_for("clinic.own_advice", token=token)))
    if program := program_of(booking.program_slug):
        ways.append((_("Program yang cocok: %(name)s", name=program.title), program.url))
    if booking.state is State.DONE and not booking.is_rated:
        ways.append((_("Nilai konsultasi ini"), url_for("clinic.rating", token=token)))
    if booking.state not in PROMISED or is_past(booking):
        ways.append((_("Buat janji baru"), url_for("clinic.book", topik=booking.topic.value)))
    return ways


def undoing(booking: ClinicBooking, *, with_files: bool = False) -> dict[str, str]:
    """What books the time of a cancelled appointment again with one tap, while it may still be free; empty when it is too late.
    ``with_files``: they stay with the cancelled one, so they are asked for again."""
    again = booking.state is State.CANCELLED and not booking.cancel_reason and booking.phone
    if not again or booking.starts_at <= now():
        return {}
    return {
        "topik": booking.topic.value,
        "lewat": booking.channel.value,
        "waktu": booking.slot_key,
        "nama": booking.name,
        "telepon": phone_for_people(booking.phone or ""),
        "surel": booking.email or "",
        "untuk": key_of_party(booking.party),
        "kecamatan": booking.kode_kecamatan or "",
        "pertanyaan": booking.question,
        "laporan": str(booking.report_id or ""),
        "kode": booking.question_code,
        "lampiran": "1" if with_files else "",
    }


def state_of(booking: ClinicBooking) -> dict[str, str]:
    """What a page says of where an appointment stands: its heading, one sentence, its badge."""
    match booking.state:
        case State.BOOKED if is_past(booking):
            said = _("Janji klinik"), "", "missing"
        case State.BOOKED if booking.starts_at <= now():
            said = _("Janji klinik"), _("Waktunya sudah tiba."), "approved"
        case State.BOOKED:
            said = _("Janji klinik"), "", "approved"
        case State.ARRIVED | State.RUNNING:
            said = _("Janji klinik"), _("Anda sudah tercatat datang."), "approved"
        case State.DONE:
            said = _("Konsultasi selesai"), _("Terima kasih sudah datang."), "accepted"
        case State.MISSED:
            said = (
                _("Janji terlewat"),
                _("Kami menunggu, tetapi Anda tidak datang. Buat janji baru kapan saja."),
                "missing",
            )
        case _other:
            said = _("Janji dibatalkan"), booking.cancel_reason, "missing"
    name = (
        _("Akan datang")
        if booking.confirmed_at and booking.state is State.BOOKED
        else say(STATE_NAMES[booking.state])
    )
    return {"title": said[0], "lead": said[1], "badge": said[2], "name": name}


def asks_to_confirm(booking: ClinicBooking) -> bool:
    """Whether the visitor should say now that they will come: from a reminder on, so not right after booking."""
    if booking.state is not State.BOOKED or booking.confirmed_at is not None:
        return False
    moments = (booking.starts_at - ahead for ahead in AHEAD.values())
    return now() < booking.starts_at and any(booking.timed_at < one <= now() for one in moments)
