"""Reading applications: of a person, of a programme, and how many seats are left."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from app.accounts.models import User
from app.cooperatives.models import Membership, MembershipState
from app.core.database import now
from app.core.extensions import db
from app.enterprises.models import EnterpriseOwner
from app.programs.application_models import ProgramApplication
from app.programs.application_rules import Progress
from app.programs.models import Program
from app.programs.queries import over_condition, public_condition

MINE = 100  # applications that a person's page shows


@dataclass(frozen=True)
class Counts:
    """How many applications of a programme stand in each state."""

    by_state: dict[Progress, int]
    quota: int | None

    @property
    def left(self) -> int | None:
        """Seats that are free; None without a quota. A quota that was made smaller leaves none."""
        return None if self.quota is None else max(0, self.quota - self.by_state[Progress.ACCEPTED])

    @property
    def total(self) -> int:
        """Everybody who has not withdrawn."""
        return sum(count for state, count in self.by_state.items() if state is not Progress.WITHDRAWN)


def counts_of(program: Program) -> Counts:
    """The counts of one programme; one query."""
    return counts_of_many([program])[program.id]


def counts_of_many(programs: list[Program]) -> dict[int, Counts]:
    """The counts by programme; one query."""
    found = {program.id: Counts(dict.fromkeys(Progress, 0), program.quota) for program in programs}
    query = select(ProgramApplication.program_id, ProgramApplication.state, func.count()).where(
        ProgramApplication.program_id.in_(found)
    )
    for program_id, state, count in db.session.execute(
        query.group_by(ProgramApplication.program_id, ProgramApplication.state)
    ):
        found[program_id].by_state[state] = count
    return found


def waiting_number() -> Select[int]:
    """How many applications wait for a decision, of programmes that are still to come; to be asked with others."""
    moment = now()
    return (
        select(func.count())
        .select_from(Program)
        .join(ProgramApplication, ProgramApplication.program_id == Program.id)
        .where(
            public_condition(moment), ~over_condition(moment), ProgramApplication.state == Progress.WAITING
        )
    )


def _own(user_id: int) -> ColumnElement[bool]:
    """Sent by this person, or for a cooperative or UKM for which they act."""
    acts = exists().where(
        Membership.cooperative_id == ProgramApplication.cooperative_id,
        Membership.user_id == user_id,
        Membership.state == MembershipState.ACTIVE,
    )
    owns = exists().where(
        EnterpriseOwner.enterprise_id == ProgramApplication.enterprise_id, EnterpriseOwner.user_id == user_id
    )
    return or_(acts, owns)


def mine(user: User) -> list[ProgramApplication]:
    """The applications of those for whom ``user`` acts, the latest first, with their programmes."""
    query = (
        select(ProgramApplication)
        .join(ProgramApplication.program)
        .options(contains_eager(ProgramApplication.program))
        .where(_own(user.id))
        .order_by(ProgramApplication.id.desc())
    )
    return list(db.session.scalars(query.limit(MINE)))


def application_of(user: User, application_id: int) -> ProgramApplication | None:
    """One application, if ``user`` acts for whoever applied."""
    query = select(ProgramApplication).where(ProgramApplication.id == application_id, _own(user.id))
    return db.session.scalars(query.options(joinedload(ProgramApplication.program))).one_or_none()


def application_in(program_id: int, application_id: int) -> ProgramApplication | None:
    """One application of one programme."""
    query = select(ProgramApplication).where(
        ProgramApplication.id == application_id, ProgramApplication.program_id == program_id
    )
    return db.session.scalars(query).one_or_none()


def of_program(program_id: int, state: Progress) -> Select[ProgramApplication]:
    """The applications of a programme in one state, with who applied; the page orders them."""
    return (
        select(ProgramApplication)
        .where(ProgramApplication.program_id == program_id, ProgramApplication.state == state)
        .options(joinedload(ProgramApplication.cooperative), joinedload(ProgramApplication.enterprise))
    )


def seated(program_id: int) -> list[ProgramApplication]:
    """Everybody with a seat, in the order of the seats."""
    query = of_program(program_id, Progress.ACCEPTED).order_by(ProgramApplication.seat)
    return list(db.session.scalars(query))


def everybody(program_id: int) -> list[ProgramApplication]:
    """All applications of a programme, as they came in."""
    query = select(ProgramApplication).where(ProgramApplication.program_id == program_id)
    return list(db.session.scalars(query.order_by(ProgramApplication.id)))


def place_in_line(application: ProgramApplication) -> int:
    """1 for the first on the waitlist."""
    ahead: Any = select(func.count()).where(
        ProgramApplication.program_id == application.program_id,
        ProgramApplication.state == Progress.WAITLISTED,
        or_(
            ProgramApplication.queued_at < application.queued_at,
            (ProgramApplication.queued_at == application.queued_at)
            & (ProgramApplication.id < application.id),
        ),
    )
    return (db.session.scalar(ahead.select_from(ProgramApplication)) or 0) + 1
