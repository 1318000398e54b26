"""What visitors are told: in the site's inbox, by e-mail, or ready for staff to send by WhatsApp. In Indonesian: the reader's
language is not known when it is written."""

from datetime import timedelta
from urllib.parse import quote

from flask_babel import force_locale

from app.clinic.access import token_of
from app.clinic.happening import when_of
from app.clinic.models import ClinicBooking, ClinicWaiting
from app.clinic.rules import CHANNEL_NAMES, TOPIC_NAMES, Channel, Limits, ReminderKind, change_until
from app.clinic.settings import limits
from app.cooperatives.messages import address
from app.core.database import now, office_zone, today
from app.core.formatting import clock, long_date, moment
from app.core.i18n import _, say
from app.core.office import office
from app.core.text import N_
from app.notifications import inbox
from app.notifications.delivery import is_configured
from app.notifications.rules import LINK_MARK
from app.notifications.services import queue_email

BOOKING = "/klinik/janji/"
WAITING = "/klinik/tunggu/"
AFTERWARDS = timedelta(days=1)
"""So long after its beginning a message about a booking is still worth sending."""

TITLES = {
    "booked": N_("Janji klinik %(number)s tercatat"),
    "moved": N_("Janji klinik %(number)s pindah waktu"),
    "place": N_("Janji klinik %(number)s pindah tempat"),
    "cancelled": N_("Janji klinik %(number)s dibatalkan kantor"),
    "day": N_("Besok: janji klinik %(number)s"),
    "today": N_("Hari ini: janji klinik %(number)s"),
    "hours": N_("Sebentar lagi: janji klinik %(number)s"),
}
INBOX = {
    "booked": N_("Janji klinik %(number)s tercatat untuk %(when)s."),
    "moved": N_("Janji klinik %(number)s pindah ke %(when)s."),
    "place": N_("Tempat janji klinik %(number)s pada %(when)s berubah. Lihat tempatnya di halaman janji."),
    "cancelled": N_("Kantor membatalkan janji klinik %(number)s pada %(when)s. Pilih waktu lain kapan saja."),
    "day": N_("Ingat janji klinik %(number)s pada %(when)s. Konfirmasi atau batalkan dari halaman janji."),
    "hours": N_("Janji klinik %(number)s dimulai %(when)s."),
}
OFFERED = N_("Ada waktu klinik untuk Anda: %(when)s. Ambil sebelum %(until)s, lalu giliran berikutnya.")


def booking_link(booking: ClinicBooking) -> str:
    """The secret address at which its visitor sees a booking."""
    return address(BOOKING + token_of(booking))


def waiting_link(waiting: ClinicWaiting) -> str:
    """The secret address of a place on the waitlist."""
    return address(WAITING + token_of(waiting))


def mailed_to(row: ClinicBooking | ClinicWaiting) -> str:
    """The address at which messages reach a visitor by themselves; empty without one, and while the office has no mail server: then
    somebody has to tell them."""
    return (row.email or "") if is_configured() else ""


def where_of(booking: ClinicBooking) -> str:
    """In words: the place, or by what way the consultant reaches the visitor."""
    if booking.channel in (Channel.PHONE, Channel.VIDEO):
        return say(CHANNEL_NAMES[booking.channel])
    return booking.place or (
        office().address if booking.channel is Channel.OFFICE else say(CHANNEL_NAMES[booking.channel])
    )


def title_of(booking: ClinicBooking, what: str) -> str:
    """What a message is called. The day's reminder is also sent, or passed on by staff, when the day has come: it never says
    tomorrow of today."""
    is_today = what == ReminderKind.DAY and booking.starts_at.astimezone(office_zone()).date() == today()
    title = TITLES["today" if is_today else what]
    return _(title, number=booking.reference)


def tell_booking(booking: ClinicBooking, what: str, *, reason: str = "") -> None:
    """Tell the visitor that the booking was ``booked``, ``moved`` or ``cancelled``, that its ``place``
    changed, or remind them (``day``, ``hours``)."""
    if booking.user_id is not None:
        inbox.tell(
            [booking.user_id],
            INBOX[what],
            {"number": booking.reference, "when": when_of(booking)},
            kind=f"clinic.{what}",
            subject=f"clinic:{booking.id}:{booking.version}",
            link=BOOKING + token_of(booking),
        )
    if not booking.email:
        return
    with force_locale("id"):
        queue_email(
            kind="clinic",
            to_name=booking.name,
            to_address=booking.email,
            subject=title_of(booking, what),
            body="\n\n".join(
                part
                for part in (f"Yth. {booking.name},", _facts(booking), reason, _ending(booking, what))
                if part
            ),
            link=booking_link(booking),
            expires_at=booking.starts_at + AFTERWARDS,
            person_id=booking.user_id,
        )


def _facts(booking: ClinicBooking) -> str:
    lines = [
        f"{_('Nomor')}: {booking.reference}",
        f"{_('Waktu')}: {moment(booking.starts_at)}",
        f"{_('Topik')}: {say(TOPIC_NAMES[booking.topic])}",
        f"{_('Tempat')}: {where_of(booking)}",
    ]
    if booking.consultant is not None:
        lines.append(f"{_('Konsultan')}: {booking.consultant.name}")
    return "\n".join(lines)


def _ending(booking: ClinicBooking, what: str) -> str:
    if what == "cancelled":
        return _("Pilih waktu lain di sini: %(link)s", link=LINK_MARK)
    if what in ("day", "hours"):
        return _answers(booking, LINK_MARK, limits())
    return _("Lihat, pindah, atau batalkan janji di sini: %(link)s", link=LINK_MARK)


def _answers(booking: ClinicBooking, link: str, limits_: Limits) -> str:
    """What a reminder can be answered with now; an office may let nothing be changed so near a visit."""
    if now() > change_until(booking.starts_at, booking.timed_at, limits_):
        return _("Konfirmasi datang di sini: %(link)s\n\nBerhalangan? Kabari kantor.", link=link)
    return _("Konfirmasi datang, pindah, atau batal di sini: %(link)s", link=link)


def tell_offer(waiting: ClinicWaiting, booking: ClinicBooking) -> None:
    """A seat is free for whoever waited; until when, and where to take it."""
    if booking.expires_at is None:
        return
    with force_locale("id"):
        until = f"{long_date(booking.expires_at)}, {clock(booking.expires_at)}"
        if waiting.user_id is not None:
            inbox.tell(
                [waiting.user_id],
                OFFERED,
                {"when": when_of(booking), "until": until},
                kind="clinic.offer",
                subject=f"clinic-offer:{booking.id}",
                link=WAITING + token_of(waiting),
            )
        if waiting.email:
            queue_email(
                kind="clinic",
                to_name=waiting.name,
                to_address=waiting.email,
                subject=_("Ada waktu klinik untuk Anda"),
                body="\n\n".join(
                    (
                        f"Yth. {waiting.name},",
                        _facts(booking),
                        _("Ambil sebelum %(until)s. Sesudah itu giliran berikutnya.", until=until),
                        _("Ambil atau lepaskan di sini: %(link)s", link=LINK_MARK),
                    )
                ),
                link=waiting_link(waiting),
                expires_at=booking.expires_at,
                person_id=waiting.user_id,
            )


def reminder_text(booking: ClinicBooking, kind: ReminderKind, limits_: Limits) -> str:
    """What staff send by WhatsApp."""
    with force_locale("id"):
        return _(
            "Yth. %(name)s, %(title)s.\n\n%(facts)s\n\n%(answers)s\n\n%(office)s",
            name=booking.name,
            title=title_of(booking, kind),
            facts=_facts(booking),
            answers=_answers(booking, booking_link(booking), limits_),
            office=office().full_name,
        )


def offer_text(waiting: ClinicWaiting, booking: ClinicBooking) -> str:
    """What staff send by WhatsApp to whoever waited without an e-mail address."""
    with force_locale("id"):
        return _(
            "Yth. %(name)s, ada waktu klinik untuk Anda.\n\n%(facts)s\n\nAmbil sebelum %(until)s di sini: %(link)s\n\n%(office)s",
            name=waiting.name,
            facts=_facts(booking),
            until=f"{long_date(booking.expires_at)}, {clock(booking.expires_at)}"
            if booking.expires_at
            else "–",
            link=waiting_link(waiting),
            office=office().full_name,
        )


def whatsapp_to(e164: str | None, text: str) -> str:
    """A link that opens WhatsApp at this number with ``text`` ready; empty where the number has none (Indonesian mobile
    numbers begin with 8)."""
    if not e164 or not e164.startswith("+628"):
        return ""
    return f"https://wa.me/{e164.removeprefix('+')}?text={quote(text, safe='')}"


def note_to_self(booking: ClinicBooking) -> str:
    """A WhatsApp link with time, place and address of a booking, to be sent to oneself."""
    with force_locale("id"):
        text = _(
            "Janji klinik %(number)s, %(office)s.\n%(facts)s\n%(link)s",
            number=booking.reference,
            office=office().full_name,
            facts=_facts(booking),
            link=booking_link(booking),
        )
    return f"https://wa.me/?text={quote(text, safe='')}"
