"""What a visitor is told after a visit: the advice, the next steps, and where to say how it was. In Indonesian, as all messages."""

from datetime import timedelta

from flask_babel import force_locale, gettext

from app.clinic.access import token_of
from app.clinic.messages import BOOKING, booking_link, whatsapp_to
from app.clinic.models import ClinicBooking, ClinicFollowUp
from app.clinic.rules import FollowUpOwner, State
from app.clinic.visit.reading import follow_ups_of
from app.core.database import now
from app.core.formatting import long_date
from app.core.office import office
from app.core.text import N_
from app.notifications import inbox
from app.notifications.rules import LINK_MARK
from app.notifications.services import queue_email

LINK_LIFE = timedelta(days=30)
RATE = "/klinik/nilai/"
DONE = N_(
    "Saran dari kunjungan klinik %(number)s sudah bisa dibaca. Nilai kunjungannya di halaman yang sama."
)


def rating_path(booking: ClinicBooking) -> str:
    """The secret address at which its visitor says how it was."""
    return RATE + token_of(booking)


def tell_done(booking: ClinicBooking) -> None:
    """Once a visit is over: its advice and next steps, by e-mail and in the site's inbox; once."""
    if booking.state is not State.DONE or not booking.advice:
        return
    if booking.user_id is not None:
        inbox.tell(
            [booking.user_id],
            DONE,
            {"number": booking.reference},
            kind="clinic.done",
            subject=f"clinic-done:{booking.id}",
            link=BOOKING + token_of(booking),
        )
    if booking.email:
        with force_locale("id"):
            queue_email(
                kind="clinic",
                to_name=booking.name,
                to_address=booking.email,
                subject=gettext("Saran dari kunjungan klinik %(number)s", number=booking.reference),
                body="\n\n".join(
                    (
                        f"Yth. {booking.name},",
                        advice_text(booking),
                        gettext("Baca lagi, cetak, dan nilai kunjungan ini: %(link)s", link=LINK_MARK),
                    )
                ),
                link=booking_link(booking),
                expires_at=now() + LINK_LIFE,
                person_id=booking.user_id,
            )


def advice_text(booking: ClinicBooking) -> str:
    """The advice and the next steps, as plain text."""
    steps = [_step(one) for one in follow_ups_of([booking.id])[booking.id] if one.done_at is None]
    parts = [booking.advice]
    if steps:
        parts.append("\n".join((gettext("Langkah berikutnya:"), *steps)))
    return "\n\n".join(filter(None, parts))


def _step(one: ClinicFollowUp) -> str:
    owner = gettext("Kantor") if one.owner is FollowUpOwner.OFFICE else gettext("Anda")
    return f"- {one.text} ({owner}, {long_date(one.due_on)})"


def advice_by_whatsapp(booking: ClinicBooking) -> str:
    """A WhatsApp link to the visitor with the advice; empty where their number has none."""
    with force_locale("id"):
        text = gettext(
            "Yth. %(name)s, saran dari kunjungan klinik %(number)s:\n\n%(advice)s\n\nBaca lagi, cetak, dan nilai: %(link)s\n\n%(office)s",
            name=booking.name,
            number=booking.reference,
            advice=advice_text(booking),
            link=booking_link(booking),
            office=office().full_name,
        )
    return whatsapp_to(booking.phone, text)
