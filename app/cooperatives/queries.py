"""Finding cooperatives, their people, and what happened to them."""

import re
from collections.abc import Iterable

from flask import current_app, url_for
from sqlalchemy import ColumnElement, Select, bindparam, case, func, literal, select
from sqlalchemy.orm import contains_eager, joinedload

from app.accounts.models import User
from app.audit.models import TrailEntry
from app.cooperatives.models import (
    ActivationCode,
    Cooperative,
    Listing,
    Membership,
    MembershipState,
)
from app.cooperatives.rules import STATUS_LABELS, Status, cooperative_status, years_before
from app.core.database import today
from app.core.extensions import db
from app.core.hits import Hit, PublicPage
from app.core.i18n import say
from app.core.kept_figures import kept_figure
from app.core.search import find
from app.regions.queries import office_region
from app.regions.rules import Region

SLUG = re.compile(r"[a-z0-9-]{1,120}")


def region() -> Region:
    """Where this office works."""
    return office_region(current_app.config["REGION"])


def cooperative_by_slug(slug: str) -> Cooperative | None:
    """The cooperative at this address, listed or not."""
    if not SLUG.fullmatch(slug):  # PostgreSQL cannot even look for some of what an address may hold
        return None
    return db.session.scalars(select(Cooperative).where(Cooperative.slug == slug)).one_or_none()


def listed_cooperative(slug: str) -> Cooperative | None:
    """The cooperative at this address if the office lists it: what everybody may see and claim."""
    cooperative = cooperative_by_slug(slug)
    return cooperative if cooperative and cooperative.listing is Listing.LISTED else None


def memberships_of(user: User) -> list[Membership]:
    """Whom ``user`` may act for, by name."""
    return _memberships(Membership.user_id == user.id, Membership.state == MembershipState.ACTIVE)


def claims_of(user: User) -> list[Membership]:
    """Everything ``user`` ever claimed, whatever became of it, by name."""
    return _memberships(Membership.user_id == user.id)


def _memberships(*conditions: ColumnElement[bool]) -> list[Membership]:
    query = (
        select(Membership)
        .join(Membership.cooperative)
        .options(contains_eager(Membership.cooperative), joinedload(Membership.decided_by))
        .where(*conditions)
        .order_by(Cooperative.name_key, Membership.id)
    )
    return list(db.session.scalars(query))


def membership_of(user: User, cooperative: Cooperative) -> Membership | None:
    """The one membership that ties ``user`` to ``cooperative``, in whatever state."""
    return db.session.scalars(
        select(Membership).where(Membership.user_id == user.id, Membership.cooperative_id == cooperative.id)
    ).one_or_none()


def acting_membership(user_id: int, slug: str) -> Membership | None:
    """The active membership of a person in the cooperative at this address, with that cooperative; one query."""
    return db.session.scalars(ACTING, {"user_id": user_id, "slug": slug}).one_or_none()


ACTING = (
    select(Membership)
    .join(Membership.cooperative)
    .options(contains_eager(Membership.cooperative))
    .where(
        Cooperative.slug == bindparam("slug"),
        Membership.user_id == bindparam("user_id"),
        Membership.state == MembershipState.ACTIVE,
    )
)


def membership_by_id(id_: int) -> Membership | None:
    """One claim with its person and its cooperative."""
    query = select(Membership).where(Membership.id == id_)
    together = (
        joinedload(Membership.user),
        joinedload(Membership.cooperative),
        joinedload(Membership.decided_by),
    )
    return db.session.scalars(query.options(*together)).one_or_none()


def members_of(cooperative: Cooperative) -> list[Membership]:
    """Who may act for ``cooperative`` now, longest first. Whose account is closed may not."""
    return [
        member
        for member in people_of(cooperative)
        if member.state is MembershipState.ACTIVE and member.user.is_active
    ]


def people_of(cooperative: Cooperative) -> list[Membership]:
    """Everyone who ever claimed ``cooperative``, earliest first, with the person and who decided."""
    return list(
        db.session.scalars(
            select(Membership)
            .where(Membership.cooperative_id == cooperative.id)
            .options(joinedload(Membership.user), joinedload(Membership.decided_by))
            .order_by(Membership.requested_at, Membership.id)
        )
    )


def codes_of(cooperative: Cooperative) -> list[ActivationCode]:
    """The activation codes ever printed for ``cooperative``, newest first."""
    return list(
        db.session.scalars(
            select(ActivationCode)
            .where(ActivationCode.cooperative_id == cooperative.id)
            .options(
                joinedload(ActivationCode.created_by),
                joinedload(ActivationCode.used_by),
                joinedload(ActivationCode.revoked_by),
            )
            .order_by(ActivationCode.id.desc())
        )
    )


def claimed_ids(cooperatives: Iterable[Cooperative]) -> set[int]:
    """Ids of those among ``cooperatives`` for which somebody may act; one query."""
    ids = [cooperative.id for cooperative in cooperatives]
    return set(
        db.session.scalars(
            select(Membership.cooperative_id).where(
                Membership.cooperative_id.in_(ids), Membership.state == MembershipState.ACTIVE
            )
        )
    )


def inactive_after() -> int:
    """Years without a RAT after which this office calls a cooperative inactive."""
    return int(current_app.config["INACTIVE_YEARS"])


def status_of(cooperative: Cooperative) -> Status:
    """How ``cooperative`` stands today."""
    return statuses_of([cooperative])[0]


def statuses_of(cooperatives: Iterable[Cooperative]) -> list[Status]:
    """How each of ``cooperatives`` stands today."""
    years, day = inactive_after(), today()
    return [
        cooperative_status(one.dissolved_on, one.last_rat, one.tanggal_badan_hukum, years=years, today=day)
        for one in cooperatives
    ]


def status_expression() -> ColumnElement[str]:
    """:func:`status_of` as SQL: the same rule, asked of every row at once."""
    day = today()
    limit = years_before(day, inactive_after())
    since = case(
        (Cooperative.last_rat <= day, Cooperative.last_rat),
        (Cooperative.tanggal_badan_hukum <= day, Cooperative.tanggal_badan_hukum),
    )
    return case(
        (Cooperative.dissolved_on <= day, literal(Status.DISSOLVED.value)),
        (since < limit, literal(Status.INACTIVE.value)),
        (since >= limit, literal(Status.ACTIVE.value)),
        else_=literal(Status.UNKNOWN.value),
    )


def status_condition(status: Status) -> ColumnElement[bool]:
    """The condition that a cooperative has ``status`` today."""
    return status_expression() == status.value


def status_counts() -> dict[Status, int]:
    """How many listed cooperatives have each status; a kept figure."""
    return kept_figure("cooperatives by status", revision, _status_counts)


def _status_counts() -> dict[Status, int]:
    status = status_expression().label("status")
    listed = select(status).where(Cooperative.listing == Listing.LISTED).subquery()
    counted = db.session.execute(select(listed.c.status, func.count()).group_by(listed.c.status))
    return dict.fromkeys(Status, 0) | {Status(row[0]): row[1] for row in counted}


def report_years() -> list[int]:
    """The book years that some cooperative's latest report is of, newest first; a kept figure."""
    return kept_figure("years of the latest reports", revision, _report_years)


def _report_years() -> list[int]:
    return list(
        db.session.scalars(
            select(Cooperative.last_report_year)
            .where(Cooperative.listing == Listing.LISTED, Cooperative.last_report_year.is_not(None))
            .distinct()
            .order_by(Cooperative.last_report_year.desc())
        )
    )


def waiting_claims_number() -> Select[int]:
    """How many claims wait for an operator; from the partial index; to be asked with others."""
    return select(func.count()).select_from(Membership).where(Membership.state == MembershipState.PENDING)


def waiting_claims() -> int:
    """How many claims wait for an operator; from the partial index."""
    return db.session.scalar(waiting_claims_number()) or 0


def waiting_claims_of(user: User) -> int:
    """How many claims of ``user`` wait."""
    query = select(func.count()).where(
        Membership.user_id == user.id, Membership.state == MembershipState.PENDING
    )
    return db.session.scalar(query.select_from(Membership)) or 0


def revision() -> str:
    """Changes whenever anything in the register does (every change is on the trail), and with the day: status depends on it."""
    latest = db.session.scalar(select(TrailEntry.digest).order_by(TrailEntry.id.desc()).limit(1))
    return f"{latest} {today()}"


def colleagues_of(memberships: Iterable[Membership]) -> dict[int, list[Membership]]:
    """By cooperative, who may act for those of ``memberships``; one query."""
    ids = [membership.cooperative_id for membership in memberships]
    found: dict[int, list[Membership]] = {id_: [] for id_ in ids}
    query = (
        select(Membership)
        .where(Membership.cooperative_id.in_(ids), Membership.state == MembershipState.ACTIVE)
        .options(joinedload(Membership.user))
        .order_by(Membership.decided_at, Membership.id)
    )
    for member in db.session.scalars(query):
        found[member.cooperative_id].append(member)
    return found


def hits(q: str, limit: int = 10) -> list[Hit]:
    """What a search of the whole site finds here, best first: only listed cooperatives."""
    ids = find("cooperative", q, where=[Cooperative.listing == Listing.LISTED], limit=limit)
    rows = {row.id: row for row in db.session.scalars(select(Cooperative).where(Cooperative.id.in_(ids)))}
    found = [rows[id_] for id_ in ids if id_ in rows]
    name_of = region().name_of
    return [
        Hit(
            kind="cooperative",
            title=one.nama_koperasi,
            url=url_for("cooperatives.show", slug=one.slug),
            text=" · ".join(filter(None, (one.nomor_badan_hukum, one.alamat, name_of(one.kode_kecamatan)))),
            note=say(STATUS_LABELS[status]),
            keywords=one.nik_koperasi or "",
        )
        for one, status in zip(found, statuses_of(found), strict=True)
    ]


def public_pages() -> Iterable[PublicPage]:
    """The pages that search engines may know."""
    yield PublicPage(url_for("cooperatives.directory"))
    listed = select(Cooperative.slug).where(Cooperative.listing == Listing.LISTED).order_by(Cooperative.id)
    for slug in db.session.scalars(listed):
        yield PublicPage(url_for("cooperatives.show", slug=slug))
