"""Who in the fictional city wants to be told of programmes, and applications in every state, so that each screen shows some."""

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import select

from app.accounts.consents import About
from app.accounts.models import ContactChannel, ContactConsent, User
from app.cooperatives.models import Cooperative, Membership, MembershipState, TimelineEvent
from app.core.database import now
from app.core.extensions import db
from app.core.parsing import phone_for_people
from app.core.text import N_
from app.demo.chance import dice, happens
from app.demo.rows import Row, write
from app.enterprises.models import Enterprise, EnterpriseOwner
from app.notifications import inbox
from app.programs.application_history import SENTENCES
from app.programs.application_models import ProgramApplication, ProgramTelling
from app.programs.application_rules import Progress
from app.programs.models import Program
from app.programs.queries import open_condition
from app.programs.targeting import target_of
from app.programs.telling import NEWS

SHARES = {ContactChannel.INBOX: 0.6, ContactChannel.EMAIL: 0.4, ContactChannel.WHATSAPP: 0.3}
REFUSED = "Koperasi Anda sudah ikut pelatihan yang sama tahun ini."
COMES_FROM = "koperasi@contoh.example"
TARGET = {"cooperative": {"status": ["aktif"]}}
SMALL = {"cooperative": {"status": ["aktif"], "anggota": {"min": 20}}}


class Manager(NamedTuple):
    """Somebody who acts for a cooperative."""

    id: int
    name: str
    email: str | None
    cooperative: int
    of: str
    phone: str | None


def apply_for_some(editor: User) -> None:
    """Consents of most managers; one programme that is full, with a waitlist; and what the sign-in was told."""
    people = _managers()
    _agree(people)
    program = _popular()
    if program is None or program.quota is None:
        return
    program.target = target_of(TARGET)
    _aim_others()
    mine = [one for one in people if one.email == COMES_FROM]
    others = [one for one in people if one.email != COMES_FROM]
    chosen = [*others[: program.quota - 1], *mine[:1], *others[program.quota - 1 : program.quota + 8]]
    rows = [_row(program, place, one, editor) for place, one in enumerate(chosen)]
    write(ProgramApplication, rows)
    write(TimelineEvent, [_event(program, row) for row in rows])
    _owner_waits(editor)
    _told(program, [one.id for one in mine[:1]], mine[0].of if mine else "")


def _managers() -> list[Manager]:
    """For each cooperative the one who has acted for it longest."""
    query = (
        select(User.id, User.name, User.email, Cooperative.id, Cooperative.nama_koperasi, User.phone)
        .join(Membership, Membership.user_id == User.id)
        .join(Cooperative, Cooperative.id == Membership.cooperative_id)
        .where(Membership.state == MembershipState.ACTIVE, Cooperative.dissolved_on.is_(None))
        .order_by(Membership.id)
    )
    seen: set[int] = set()
    found: list[Manager] = []
    for row in db.session.execute(query):
        if row[3] not in seen:
            seen.add(row[3])
            found.append(Manager(*row))
    return found


def _agree(people: list[Manager]) -> None:
    chance, since = dice("kabar"), now() - timedelta(days=40)
    said: dict[int, list[ContactChannel]] = {}
    for id_, _name, email, _cooperative, _of, phone in people:
        if id_ not in said and email != COMES_FROM:  # the sign-in is still asked
            ways = [way for way, share in SHARES.items() if happens(chance, share)]
            said[id_] = [way for way in ways if way is not ContactChannel.WHATSAPP or phone]
    write(
        ContactConsent,
        [
            {
                "user_id": id_,
                "purpose": About.PROGRAMS,
                "channel": way,
                "granted_at": since,
                "revoked_at": None,
            }
            for id_, ways in said.items()
            for way in ways
        ],
    )


def _popular() -> Program | None:
    """The first open programme for cooperatives that takes applications."""
    query = select(Program).where(
        Program.is_demo, Program.takes_applications, Program.quota.is_not(None), open_condition(now())
    )
    return next(
        (one for one in db.session.scalars(query.order_by(Program.id)) if one.audience == ["cooperative"]),
        None,
    )


def _aim_others() -> None:
    """Programmes for several kinds of people say which cooperatives they mean."""
    for one in db.session.scalars(select(Program).where(Program.is_demo, open_condition(now()))):
        if "cooperative" in one.audience and len(one.audience) > 1:
            one.target = target_of(SMALL)


def _row(program: Program, place: int, one: Manager, editor: User) -> Row:
    id_, name, _email, cooperative, of, phone = one
    quota = program.quota or 0
    sent = _hour(program, place)
    after = place - quota
    state = Progress.ACCEPTED
    if after >= 0:
        state = (Progress.WAITLISTED, Progress.WAITING, Progress.REFUSED, Progress.WITHDRAWN)[
            {0: 0, 1: 0, 2: 0, 3: 0, 4: 1, 5: 1, 6: 2}.get(after, 3)
        ]
    decided = sent + timedelta(hours=20) if state is Progress.REFUSED else None
    return {
        "program_id": program.id,
        "cooperative_id": cooperative,
        "enterprise_id": None,
        "user_id": id_,
        "state": state,
        "seat": place + 1 if state is Progress.ACCEPTED else None,
        "seats": quota if state is Progress.ACCEPTED else None,
        "created_at": sent,
        "queued_at": sent if state is Progress.WAITLISTED else None,
        "version": 2 if state is not Progress.WAITING else 1,
        "name": of,
        "facts": {"known": [[N_("Nama koperasi"), of]]},
        "contact_name": name,
        "contact_phone": phone_for_people(phone) if phone else "(0341) 000 000",
        "answer": "",
        "agreed_at": sent,
        "decided_at": decided,
        "decided_by": editor.name if decided else "",
        "reason": REFUSED if decided else "",
        "attended": None,
        "result": "",
    }


def _hour(program: Program, place: int) -> datetime:
    begun = program.publish_at or now()
    return min(begun + timedelta(hours=2 + 3 * place), now() - timedelta(minutes=60 - place))


def _event(program: Program, row: Row) -> Row:
    return {
        "cooperative_id": row["cooperative_id"],
        "at": row["created_at"],
        "kind": "program",
        "template": SENTENCES[row["state"]],
        "params": {"program": program.title},
        "actor_name": row["contact_name"],
        "link": f"/program/{program.slug}",
    }


def _owner_waits(editor: User) -> None:
    """The UKM sign-in applied for a programme where the office chooses."""
    owned = db.session.execute(
        select(EnterpriseOwner.user_id, Enterprise.id, Enterprise.name)
        .join(Enterprise, Enterprise.id == EnterpriseOwner.enterprise_id)
        .order_by(EnterpriseOwner.id)
        .limit(1)
    ).one_or_none()
    query = select(Program).where(Program.is_demo, Program.takes_applications, open_condition(now()))
    program = next(
        (one for one in db.session.scalars(query.order_by(Program.id)) if one.audience == ["enterprise"]),
        None,
    )
    if owned is None or program is None:
        return
    user_id, enterprise_id, name = owned
    values = _row(program, 0, Manager(user_id, name, None, 0, name, None), editor)
    values |= {"cooperative_id": None, "enterprise_id": enterprise_id, "state": Progress.WAITING}
    values |= {"seat": None, "seats": None, "version": 1, "facts": {"known": [[N_("Nama usaha"), name]]}}
    write(ProgramApplication, [values])


def _told(program: Program, user_ids: list[int], name: str) -> None:
    told = {"program": program.title, "name": name, "summary": program.summary}
    link, subject = f"/program/{program.slug}", f"program:{program.id}"
    for id_ in inbox.tell(user_ids, NEWS, told, kind="program", subject=subject, link=link):
        telling = {"user_id": id_, "program_id": program.id, "channel": ContactChannel.INBOX}
        write(ProgramTelling, [telling | {"told_at": program.publish_at or now(), "told_by": ""}])
