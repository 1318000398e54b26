"""The secrets of bookings and of places on the waitlist, and who may open what was attached to them."""

import secrets
from typing import Any

from flask import has_request_context, session
from sqlalchemy import exists, select

from app.accounts.digests import keyed_digest
from app.accounts.models import User
from app.clinic.models import ABOUT, ClinicBooking, ClinicFollowUp, ClinicWaiting
from app.clinic.rules import FollowUpOwner
from app.core.access import Role
from app.core.extensions import db
from app.files import access as files
from app.files.models import StoredFile

LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # nothing that is mistaken for another when read out
TOKEN = 32  # hexadecimal digits: 128 bits
OPENED = "klinik"  # in the session: ids of the bookings that its holder has opened by their addresses
MOST_OPENED = 20


def new_form_key() -> str:
    """A one-time key for a form: sent twice, it makes one booking."""
    return secrets.token_urlsafe(32)


def token_from(form_key: str) -> str:
    """The secret of an address that follows from a form's key: nobody without the site's secret can work it out."""
    return keyed_digest("clinic-token", form_key)[:TOKEN]


def token_of(row: ClinicBooking | ClinicWaiting) -> str:
    """The secret in the address of a booking or of a place on the waitlist; the same each time."""
    return token_from(row.form_key)


def digest(token: str) -> str:
    """What is stored of a token."""
    return keyed_digest("clinic-digest", token)


def booking_by_token(token: str) -> ClinicBooking | None:
    """The booking with this secret."""
    return db.session.scalars(
        select(ClinicBooking).where(ClinicBooking.token_digest == digest(token))
    ).one_or_none()


def waiting_by_token(token: str) -> ClinicWaiting | None:
    """The place on the waitlist with this secret."""
    return db.session.scalars(
        select(ClinicWaiting).where(ClinicWaiting.token_digest == digest(token))
    ).one_or_none()


def new_reference() -> str:
    """``K7M4-2Q``: short enough to read out, drawn anew until nobody has it."""
    while True:
        drawn = "".join(secrets.choice(LETTERS) for _ in range(6))
        reference = f"{drawn[:4]}-{drawn[4:]}"
        if db.session.scalar(select(ClinicBooking.id).where(ClinicBooking.reference == reference)) is None:
            return reference


def read_reference(typed: str) -> str | None:
    """A reference as it is stored, from what somebody typed; None when it cannot be one."""
    drawn = "".join(one for one in typed.upper() if one.isalnum())
    if len(drawn) != 6 or not set(drawn) <= set(LETTERS):
        return None
    return f"{drawn[:4]}-{drawn[4:]}"


def recovered(reference: str, phone: str | None) -> ClinicBooking | None:
    """The booking with this reference, for whoever also knows the telephone number (E.164) that it was made with."""
    known = read_reference(reference)
    if known is None or not phone:
        return None
    return db.session.scalars(
        select(ClinicBooking).where(
            ClinicBooking.reference == known, ClinicBooking.phone == phone, ClinicBooking.erased_at.is_(None)
        )
    ).one_or_none()


def let_in(booking: ClinicBooking) -> None:
    """This browser has opened ``booking`` and may open its files until its session ends."""
    if booking.id not in session.get(OPENED, []):
        session[OPENED] = [*session.get(OPENED, []), booking.id][-MOST_OPENED:]


def works_on(booking: ClinicBooking, person: User) -> bool:
    """Whether ``person`` may see and write what a visit was about: operators, its own consultant, and the consultant to whom
    something that was promised in it has been handed on."""
    if person.has_role(Role.OPERATOR):
        return True
    if booking.consultant is not None and booking.consultant.user_id == person.id:
        return True
    return person.has_role(Role.CONSULTANT) and _owes(booking, person)


def _owes(booking: ClinicBooking, person: User) -> bool:
    promised = exists().where(
        ClinicFollowUp.booking_id == booking.id,
        ClinicFollowUp.user_id == person.id,
        ClinicFollowUp.owner == FollowUpOwner.OFFICE,
    )
    return bool(db.session.scalar(select(promised)))


def _may_open(stored: StoredFile, person: Any) -> bool:
    """Files of a booking are for those who work on it and for its visitor."""
    booking = db.session.get(ClinicBooking, stored.about_id)
    if booking is None:
        return False
    if person.is_authenticated and (works_on(booking, person) or booking.user_id == person.id):
        return True
    return has_request_context() and booking.id in session.get(OPENED, [])


files.allow(ABOUT, _may_open)
