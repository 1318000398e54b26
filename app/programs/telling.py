"""Telling people of a programme that fits them: those who agreed, each by the ways they chose, each once.

It works through the people in order of id, some at a time in a write unit of its own, so that nobody waits long behind it; what
was told is on record, so that it can begin again at any moment.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import force_locale, gettext
from sqlalchemy import ColumnElement, Select, Subquery, and_, func, literal, or_, select, union_all, update

from app.accounts.consents import About, agreed
from app.accounts.models import ContactChannel, ContactConsent, User
from app.audit.services import record
from app.cooperatives.messages import address
from app.cooperatives.models import Cooperative, Membership, MembershipState
from app.cooperatives.timeline import hold
from app.core.database import now
from app.core.errors import RuleBroken
from app.core.extensions import db
from app.core.formatting import long_date
from app.core.office import office
from app.core.text import N_
from app.core.upsert import insert_into
from app.core.writing import writing
from app.enterprises.models import Enterprise, EnterpriseConsent, EnterpriseOwner
from app.enterprises.rules import Purpose
from app.notifications import inbox
from app.notifications.services import queue_email
from app.programs.application_models import ProgramTelling
from app.programs.audience import subjects_of
from app.programs.models import Program
from app.programs.queries import to_announce
from app.programs.signals import published
from app.programs.targeting import matching, target_of
from app.programs.targeting_rules import CLUSTER, Subject, Target
from app.programs.times import local

BATCH = 100
NEWS = N_("Program %(program)s cocok untuk %(name)s. %(summary)s")
AUTOMATIC = (ContactChannel.INBOX, ContactChannel.EMAIL)  # WhatsApp is sent by a person, one by one


def recipients(program: Program, *, group: str = "") -> Select[int, str, int]:
    """(user id, name of the cooperative or UKM, id of the UKM or 0) of everybody who acts for somebody whom ``program`` fits;
    ``group``: only for UKM of this group."""
    target: Target = target_of(program.target)
    if group:
        rules = {**target.get(Subject.ENTERPRISE.value, {}), CLUSTER: [group]}
        target = {Subject.ENTERPRISE.value: rules}
    found = []
    for subject in [Subject.ENTERPRISE] if group else subjects_of(program):
        fitting = matching(subject, target.get(subject.value, {}))
        if subject is Subject.COOPERATIVE:
            acting = (
                select(
                    Membership.user_id.label("user_id"),
                    Cooperative.nama_koperasi.label("name"),
                    literal(0).label("enterprise_id"),
                )
                .join(Cooperative, Cooperative.id == Membership.cooperative_id)
                .where(Membership.state == MembershipState.ACTIVE, Membership.cooperative_id.in_(fitting))
            )
        else:
            acting = (
                select(
                    EnterpriseOwner.user_id.label("user_id"),
                    Enterprise.name.label("name"),
                    EnterpriseOwner.enterprise_id.label("enterprise_id"),
                )
                .join(Enterprise, Enterprise.id == EnterpriseOwner.enterprise_id)
                .where(EnterpriseOwner.enterprise_id.in_(fitting))
            )
        found.append(acting)
    if not found:
        nobody = (User.id.label("user_id"), User.name.label("name"), User.id.label("enterprise_id"))
        return select(*nobody).where(User.id < 0)
    together = union_all(*found).subquery("acting")
    return select(together.c.user_id, together.c.name, together.c.enterprise_id)


def wanting(program: Program, *channels: ContactChannel, group: str = "") -> Select[Any]:
    """The ids of those among :func:`recipients` who agreed to one of ``channels``."""
    who = recipients(program, group=group).subquery("recipients")
    yes = [agreed(channel) for channel in channels]
    if ContactChannel.INBOX in channels:
        yes.append(and_(owner_agreed(who), User.deactivated_at.is_(None)))
    return select(User.id).where(User.id.in_(select(who.c.user_id)), or_(*yes))


def owner_agreed(who: Subquery) -> ColumnElement[bool]:
    """The condition that a User is among ``who`` (of :func:`recipients`) for a UKM in whose own form was agreed to be told of
    programmes: in the site. Who keeps two, and agreed for one, is not told of what fits the other."""
    return User.id.in_(
        select(who.c.user_id)
        .join(EnterpriseConsent, EnterpriseConsent.enterprise_id == who.c.enterprise_id)
        .where(EnterpriseConsent.purpose == Purpose.PROGRAMMES, EnterpriseConsent.revoked_at.is_(None))
    )


def may_tell(program: Program) -> None:
    """Raise RuleBroken while ``program`` is not there to be read, or is over."""
    if not program.is_public:
        raise RuleBroken(N_("Terbitkan dulu programnya; sesudah itu kabarnya terkirim sendiri."))
    if not program.can_be_joined:
        raise RuleBroken(N_("Program ini sudah ditutup, jadi tidak dikabarkan lagi."))


def tell_all(program_id: int, *, group: str = "") -> int:
    """Tell everybody who fits, agreed and was not told; how many people. ``group``: only those who act for UKM of this group.
    Opens write units of its own: call it outside."""
    told, after = 0, 0
    while True:
        with writing():
            program = db.session.get_one(Program, program_id)
            if not program.is_public:
                return told
            batch = _next(program, after, group) if program.can_be_joined else []
            told += _tell_batch(program, batch, group)
        if len(batch) < BATCH:
            break
        after = max(batch)
    with writing():
        program = db.session.get_one(Program, program_id)
        _finished(program, told, everybody=not group)
    return told


def _next(program: Program, after: int, group: str) -> list[int]:
    query = wanting(program, *AUTOMATIC, group=group).where(User.id > after).order_by(User.id).limit(BATCH)
    return list(db.session.scalars(query))


def _tell_batch(program: Program, user_ids: list[int], group: str) -> int:
    """One write unit's share."""
    if not user_ids:
        return 0
    who = recipients(program, group=group).subquery("recipients")
    rows = db.session.execute(
        select(who.c.user_id, who.c.name)
        .where(who.c.user_id.in_(user_ids))
        .order_by(who.c.user_id, who.c.name)
    )
    names: dict[int, str] = {}
    for user_id, name in rows:
        names[user_id] = f"{names[user_id]}, {name}" if user_id in names else name
    live = _channels(user_ids, who)
    told = set()
    by_inbox = [id_ for id_ in user_ids if ContactChannel.INBOX in live.get(id_, ())]
    for id_ in _claim(program.id, by_inbox, ContactChannel.INBOX):
        inbox.tell(
            [id_],
            NEWS,
            {"program": program.title, "name": names[id_], "summary": program.summary},
            kind="program",
            subject=f"program:{program.id}",
            link=f"/program/{program.slug}",
        )
        told.add(id_)
    by_email = [id_ for id_ in user_ids if ContactChannel.EMAIL in live.get(id_, ())]
    new = _claim(program.id, by_email, ContactChannel.EMAIL)
    for person in db.session.scalars(select(User).where(User.id.in_(new)).order_by(User.id)):
        if person.email:
            _email(program, person, names[person.id])
            told.add(person.id)
    return len(told)


def _channels(user_ids: list[int], who: Subquery) -> dict[int, set[ContactChannel]]:
    query = select(ContactConsent.user_id, ContactConsent.channel).where(
        ContactConsent.user_id.in_(user_ids),
        ContactConsent.purpose == About.PROGRAMS,
        ContactConsent.revoked_at.is_(None),
    )
    found: dict[int, set[ContactChannel]] = {}
    for user_id, channel in db.session.execute(query):
        found.setdefault(user_id, set()).add(channel)
    for user_id in db.session.scalars(select(User.id).where(User.id.in_(user_ids), owner_agreed(who))):
        found.setdefault(user_id, set()).add(ContactChannel.INBOX)
    return found


def _claim(program_id: int, user_ids: list[int], channel: ContactChannel, by: str = "") -> list[int]:
    """Note that these people are told now; those who were told already, by whomever, are left out."""
    if not user_ids:
        return []
    rows = [
        {"program_id": program_id, "user_id": id_, "channel": channel, "told_at": now(), "told_by": by}
        for id_ in user_ids
    ]
    statement = insert_into(ProgramTelling).values(rows).on_conflict_do_nothing()
    return sorted(db.session.scalars(statement.returning(ProgramTelling.user_id)))


def message_for(program: Program, name: str) -> tuple[str, str]:
    """Subject and text of the message about ``program`` to those who act for ``name``, in Indonesian, without the signature."""
    with force_locale("id"):
        link = address(f"/program/{program.slug}")
        filled: Mapping[str, Any] = {
            "program": program.title,
            "name": name,
            "link": link,
            "office": office().full_name,
        }
        parts = [gettext("Program %(program)s cocok untuk %(name)s.", **filled)]
        if program.summary:
            parts.append(program.summary)
        if program.deadline:
            day = long_date(local(program.deadline).date())
            parts.append(gettext("Pendaftaran ditutup %(day)s.", day=day))
        parts.append(gettext("Keterangan dan pendaftaran: %(link)s", **filled))
        return gettext("Program: %(program)s", **filled), "\n\n".join(parts)


def _email(program: Program, person: User, name: str) -> None:
    subject, body = message_for(program, name)
    with force_locale("id"):
        stop = gettext(
            "Anda menerima surel ini karena setuju dikabari tentang program. Berhenti kapan saja di %(link)s.",
            link=address("/akun#kabari"),
        )
    queue_email(
        kind="program",
        to_name=person.name,
        to_address=person.email or "",
        subject=subject,
        body=f"{body}\n\n{stop}",
        person_id=person.id,
    )


def _finished(program: Program, told: int, *, everybody: bool) -> None:
    first = everybody and program.announced_at is None
    if everybody:
        _mark(program, now())
    if first or told:
        record(
            "program.announced",
            kind="program",
            subject_id=program.id,
            name=program.title,
            after={"people": told},
        )


def note_whatsapp(program: Program, user_id: int, *, by: User) -> bool:
    """``by`` has written to this person by WhatsApp; False when somebody had done so before. Raises RuleBroken for others."""
    hold(program)
    may_tell(program)
    wants = wanting(program, ContactChannel.WHATSAPP).where(User.id == user_id)
    if db.session.scalar(select(wants.exists())) is not True:
        raise RuleBroken(N_("Orang ini tidak (lagi) setuju dikabari lewat WhatsApp."))
    return bool(_claim(program.id, [user_id], ContactChannel.WHATSAPP, by.name))


def set_target(program: Program, target: Target, *, seen: Target | None = None) -> bool:
    """Change whom ``program`` fits; whether that is new. Who fits now and was not told is told when it is published, or asked.

    Raises RuleBroken where that is no longer ``seen``, which the page showed as kept.
    """
    hold(program)
    before = target_of(program.target)
    if seen is not None and seen != before and target != before:
        raise RuleBroken(N_("Data ini berubah sejak halaman ini dibuka. Periksa sekali lagi, lalu putuskan."))
    if before == target:
        return False
    db.session.execute(
        update(Program)
        .where(Program.id == program.id)
        .values(target=target)
        .execution_options(synchronize_session=False)
    )
    db.session.expire(program)
    record(
        "program.changed",
        kind="program",
        subject_id=program.id,
        name=program.title,
        before={"target": before},
        after={"target": target},
    )
    return True


def tell_waiting() -> tuple[int, int]:
    """Tell of every programme that has become public since, by hand or by the clock; (programmes, people). For the clock."""
    ids = [program.id for program in to_announce()]
    return len(ids), sum(tell_all(id_) for id_ in ids)


def anything_to_tell() -> bool:
    """Whether :func:`tell_waiting` would find something."""
    return bool(to_announce(limit=1))


def told_count(program: Program) -> dict[ContactChannel, int]:
    """How many people were told, by channel."""
    counted = select(ProgramTelling.channel, func.count()).where(ProgramTelling.program_id == program.id)
    found = {row[0]: row[1] for row in db.session.execute(counted.group_by(ProgramTelling.channel))}
    return dict.fromkeys(ContactChannel, 0) | found


@published.connect
def begin_anew(_sender: object, *, program: Program, **_about: Any) -> None:
    """A programme that was published again is told anew: to those who have not heard of it."""
    if program.announced_at is not None:
        _mark(program, None)


def _mark(program: Program, at: datetime | None) -> None:
    """Past the version of the row: a save of the programme's words must not fail because people were told of it."""
    statement = update(Program).where(Program.id == program.id).values(announced_at=at)
    db.session.execute(statement.execution_options(synchronize_session=False))
