"""A request before it has a number: what a form has read, for the service that receives it."""

from dataclasses import dataclass
from datetime import date

from app.desk.rules import AnswerBy, Channel, Copy, Kind, Requester


@dataclass(frozen=True)
class Asking:
    """What somebody asks for, and how to reach them. ``cooperative_id`` or ``enterprise_id`` only where it is certain; ``phone``
    is E.164."""

    kind: Kind
    channel: Channel
    question: str
    name: str
    answer_by: AnswerBy
    phone: str | None = None
    email: str | None = None
    kode_kelurahan: str | None = None
    address: str = ""
    organisation: str = ""
    cooperative_id: int | None = None
    enterprise_id: int | None = None
    service_slug: str = ""
    service_name: str = ""
    letter_number: str = ""
    letter_date: date | None = None
    received_on: date | None = None  # None: today
    requester: Requester | None = None
    purpose: str = ""
    wanted_as: Copy | None = None
