"""The list by which an operator writes to people by WhatsApp: a link for each with the message ready, and who was written to."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from sqlalchemy import select

from app.accounts.models import ContactChannel, User
from app.core.extensions import db
from app.core.parsing import phone_for_people
from app.programs.application_models import ProgramTelling
from app.programs.models import Program
from app.programs.telling import message_for, recipients


@dataclass(frozen=True)
class WhatsAppLine:
    """One person to write to."""

    user_id: int
    name: str
    acts_for: str
    phone: str
    url: str
    told: ProgramTelling | None


def whatsapp_lines(program: Program, people: Sequence[User]) -> list[WhatsAppLine]:
    """A line for each of ``people``; two queries."""
    ids = [person.id for person in people]
    who = recipients(program).subquery("recipients")
    rows = db.session.execute(
        select(who.c.user_id, who.c.name).where(who.c.user_id.in_(ids)).order_by(who.c.user_id, who.c.name)
    )
    names: dict[int, list[str]] = {}
    for user_id, name in rows:
        names.setdefault(user_id, []).append(name)
    told = {
        row.user_id: row
        for row in db.session.scalars(
            select(ProgramTelling).where(
                ProgramTelling.program_id == program.id,
                ProgramTelling.channel == ContactChannel.WHATSAPP,
                ProgramTelling.user_id.in_(ids),
            )
        )
    }
    return [
        _line(program, person, ", ".join(names.get(person.id, [])), told.get(person.id)) for person in people
    ]


def _line(program: Program, person: User, acts_for: str, told: ProgramTelling | None) -> WhatsAppLine:
    _subject, text = message_for(program, acts_for)
    number = (person.phone or "").removeprefix("+")
    return WhatsAppLine(
        user_id=person.id,
        name=person.name,
        acts_for=acts_for,
        phone=phone_for_people(person.phone) if person.phone else "",
        url=f"https://wa.me/{number}?text={quote(text, safe='')}",
        told=told,
    )
