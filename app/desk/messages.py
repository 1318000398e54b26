"""What requesters are told, by e-mail or ready to be sent by WhatsApp. In Indonesian: the reader's language is not known."""

from datetime import timedelta
from urllib.parse import quote, urlencode

from flask_babel import force_locale, gettext

from app.cooperatives.messages import address
from app.core.database import now
from app.core.formatting import long_date
from app.core.i18n import say
from app.core.office import office
from app.desk.access import shown_code
from app.desk.models import ServiceRequest
from app.desk.rules import OUTCOME_NAMES, AnswerBy
from app.notifications.rules import LINK_MARK
from app.notifications.services import queue_email

FOLLOW = "/layanan/permintaan"
LINK_LIFE = timedelta(days=30)


def follow_link(request: ServiceRequest, *, with_code: bool) -> str:
    """The address at which ``request`` is followed. The code only comes to stand in its field: no address opens by itself."""
    values = {"nomor": request.number} | ({"kode": shown_code(request)} if with_code else {})
    return address(f"{FOLLOW}?{urlencode(values)}")


def tell_received(request: ServiceRequest) -> None:
    """The number, the due day and the way to follow it."""
    with force_locale("id"):
        _mail(
            request,
            gettext("Permohonan %(number)s kami terima", number=request.number),
            gettext(
                "Permohonan Anda kami catat dengan nomor %(number)s dan dijawab paling lambat %(day)s.",
                number=request.number,
                day=long_date(request.due_on),
            ),
            gettext("Lihat perkembangannya di sini: %(link)s", link=LINK_MARK),
        )


def tell_message(request: ServiceRequest, body: str) -> None:
    """A message of the office."""
    with force_locale("id"):
        _mail(
            request,
            gettext("Pesan tentang permohonan %(number)s", number=request.number),
            body,
            gettext("Balas di sini, jangan ke alamat surel ini: %(link)s", link=LINK_MARK),
        )


def tell_extended(request: ServiceRequest) -> None:
    """More time is needed, and why."""
    with force_locale("id"):
        _mail(
            request,
            gettext("Permohonan %(number)s butuh waktu lebih", number=request.number),
            gettext(
                "Kami butuh waktu sampai %(day)s untuk menjawab. Alasannya: %(reason)s",
                day=long_date(request.due_on),
                reason=request.extension_reason or "",
            ),
            gettext("Lihat perkembangannya di sini: %(link)s", link=LINK_MARK),
        )


def tell_closed(request: ServiceRequest) -> None:
    """What became of it."""
    with force_locale("id"):
        _mail(
            request,
            gettext(
                "Permohonan %(number)s: %(outcome)s", number=request.number, outcome=outcome_word(request)
            ),
            request.closing_message,
            gettext("Jawaban lengkap ada di sini: %(link)s", link=LINK_MARK),
        )


def outcome_word(request: ServiceRequest) -> str:
    """Its outcome in a word; empty while it is open."""
    return say(OUTCOME_NAMES[request.kind][request.outcome]) if request.outcome else ""


def _mail(request: ServiceRequest, subject: str, *paragraphs: str) -> None:
    if not request.email:
        return
    queue_email(
        kind="request",
        to_name=request.name,
        to_address=request.email,
        subject=subject,
        body="\n\n".join((f"Yth. {request.name},", *paragraphs)),
        link=follow_link(request, with_code=True),
        expires_at=now() + LINK_LIFE,
        person_id=request.requester_id,
    )


def is_mobile(e164: str | None) -> bool:
    """Whether a number can have WhatsApp: Indonesian mobile numbers begin with 8."""
    return bool(e164 and e164.startswith("+628"))


def whatsapp_to(e164: str, text: str) -> str:
    """A link that opens WhatsApp at this number with ``text`` ready; a person sends it."""
    return f"https://wa.me/{e164.removeprefix('+')}?text={quote(text, safe='')}"


def note_to_self(request: ServiceRequest) -> str:
    """A WhatsApp link with number, code and address, to be sent to oneself or to whom one asked for."""
    with force_locale("id"):
        text = gettext(
            "Permohonan %(number)s ke %(office)s. Kode: %(code)s. Lihat di %(link)s",
            number=request.number,
            office=office().full_name,
            code=shown_code(request),
            link=follow_link(request, with_code=False),
        )
    return f"https://wa.me/?text={quote(text, safe='')}"


def answer_by_whatsapp(request: ServiceRequest, body: str) -> str:
    """A WhatsApp link to the requester with the office's latest words; empty where their number has none."""
    if request.phone is None or not is_mobile(request.phone):
        return ""
    with force_locale("id"):
        text = gettext(
            "Yth. %(name)s, tentang permohonan %(number)s:\n\n%(body)s\n\n%(office)s\n%(link)s",
            name=request.name,
            number=request.number,
            body=body,
            office=office().full_name,
            link=follow_link(request, with_code=False),
        )
    return whatsapp_to(request.phone, text)


def is_reached_by_mail(request: ServiceRequest) -> bool:
    """Whether what the office writes goes out by itself."""
    return bool(request.email)


def wants_call(request: ServiceRequest) -> bool:
    """Whether somebody must call, or hand the answer over: no address, or another way was asked for."""
    return not request.email or request.answer_by is not AnswerBy.EMAIL
