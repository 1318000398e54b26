"""What staff send by WhatsApp about a booking, where no e-mail reaches its visitor. In Indonesian, as all messages."""

from flask_babel import force_locale, gettext

from app.clinic.messages import booking_link, whatsapp_to, where_of
from app.clinic.models import ClinicBooking
from app.core.formatting import moment
from app.core.office import office


def whatsapp(booking: ClinicBooking) -> str:
    """A link that opens WhatsApp at the visitor's number with the booking as it stands now; empty without a mobile number."""
    with force_locale("id"):
        text = gettext(
            "Yth. %(name)s, janji klinik Anda: %(when)s, %(where)s, dengan %(consultant)s. Kode janji %(number)s.\n\n"
            "Lihat, pindah, atau batalkan di sini: %(link)s\n\n%(office)s",
            name=booking.name,
            when=moment(booking.starts_at),
            where=where_of(booking),
            consultant=booking.consultant.name if booking.consultant else "–",
            number=booking.reference,
            link=booking_link(booking),
            office=office().full_name,
        )
    return whatsapp_to(booking.phone, text)
