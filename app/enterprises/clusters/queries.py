"""Runs, the groups that are shown, their members."""

from datetime import date, datetime, timedelta

from flask import current_app, g
from sqlalchemy import ScalarSelect, Select, func, select
from sqlalchemy.orm import aliased

from app.core.database import now, office_zone, today
from app.core.extensions import db
from app.core.text import Text
from app.enterprises.clusters.models import Cluster, ClusterMembership, ClusterRun
from app.enterprises.clusters.naming import name_of
from app.enterprises.clusters.reading import register_size
from app.enterprises.clusters.rules import LEAST_ROWS, RunState
from app.enterprises.models import Enterprise
from app.enterprises.queries import IN_REGISTER, region

SILENT = timedelta(minutes=5)
"""Without a sign of life for so long, a run has died."""
RUNS_SHOWN = 24


def _here() -> str:
    return str(current_app.config["REGION"])


def current_run() -> ClusterRun | None:
    """The run whose groups are shown: the newest that is done."""
    query = select(ClusterRun).where(ClusterRun.region == _here(), ClusterRun.state == RunState.DONE)
    return db.session.scalars(query.order_by(ClusterRun.id.desc()).limit(1)).first()


def current_run_id() -> ScalarSelect[int]:
    """The id of :func:`current_run`, inside a statement."""
    query = select(func.max(ClusterRun.id)).where(
        ClusterRun.region == _here(), ClusterRun.state == RunState.DONE
    )
    return query.scalar_subquery()


def active_run() -> ClusterRun | None:
    """The run that waits or works."""
    query = select(ClusterRun).where(
        ClusterRun.region == _here(), ClusterRun.state.in_((RunState.WAITING, RunState.RUNNING))
    )
    return db.session.scalars(query).first()


def latest_run() -> ClusterRun | None:
    """The newest run, however it ended."""
    query = select(ClusterRun).where(ClusterRun.region == _here()).order_by(ClusterRun.id.desc())
    return db.session.scalars(query.limit(1)).first()


def runs() -> list[ClusterRun]:
    """The newest runs, the newest first."""
    query = select(ClusterRun).where(ClusterRun.region == _here()).order_by(ClusterRun.id.desc())
    return list(db.session.scalars(query.limit(RUNS_SHOWN)))


def run_by_id(id_: int) -> ClusterRun | None:
    """One run."""
    found = db.session.get(ClusterRun, id_)
    return found if found and found.region == _here() else None


def clusters_of(run: ClusterRun) -> list[Cluster]:
    """The groups of a run: pinned ones first, then by size."""
    query = select(Cluster).where(Cluster.run_id == run.id)
    return list(db.session.scalars(query.order_by(Cluster.pinned.desc(), Cluster.number)))


def cluster_by_key(key: str) -> Cluster | None:
    """A group that is shown now."""
    query = select(Cluster).where(Cluster.run_id == current_run_id(), Cluster.key == key)
    return db.session.scalars(query).one_or_none()


def cluster_names() -> dict[str, Text]:
    """Key → name of the groups that are shown now; asked once for a page."""
    known: dict[str, Text] | None = g.get("cluster_names")
    if known is None:
        places = region().kecamatan
        query = select(Cluster.key, Cluster.given_name, Cluster.naming).where(
            Cluster.run_id == current_run_id()
        )
        known = g.cluster_names = {
            key: Text("%(name)s", {"name": given}) if given else name_of(naming, places)
            for key, given, naming in db.session.execute(query.order_by(Cluster.number))
        }
    return known


def cluster_key() -> ScalarSelect[str]:
    """The key of an Enterprise's group, null for one that came since the latest run; inside a statement about Enterprise."""
    query = (
        select(Cluster.key)
        .join(ClusterMembership, ClusterMembership.cluster_id == Cluster.id)
        .where(ClusterMembership.run_id == current_run_id(), ClusterMembership.enterprise_id == Enterprise.id)
    )
    return query.correlate(Enterprise).scalar_subquery()


def history_of(cluster: Cluster) -> list[Cluster]:
    """The group in every run of which it was part, newest first."""
    query = select(Cluster).join(Cluster.run).where(Cluster.key == cluster.key, ClusterRun.region == _here())
    return list(db.session.scalars(query.order_by(Cluster.run_id.desc()).limit(RUNS_SHOWN)))


def members(cluster: Cluster) -> Select[Enterprise]:
    """Its members that are still in the register."""
    return (
        select(Enterprise)
        .join(ClusterMembership, ClusterMembership.enterprise_id == Enterprise.id)
        .where(ClusterMembership.cluster_id == cluster.id, Enterprise.state.in_(IN_REGISTER))
    )


def typical_members(cluster: Cluster, limit: int = 8) -> list[Enterprise]:
    """Those nearest to its middle, the nearest first."""
    query = members(cluster).where(ClusterMembership.rank.is_not(None)).order_by(ClusterMembership.rank)
    return list(db.session.scalars(query.limit(limit)))


def moved_members(cluster: Cluster, limit: int = 12) -> list[tuple[Enterprise, Cluster, str]]:
    """Who came from another group since the run before: from which, and which features had changed."""
    before = aliased(Cluster)
    query = (
        select(Enterprise, before, ClusterMembership.why)
        .join(ClusterMembership, ClusterMembership.enterprise_id == Enterprise.id)
        .join(before, before.id == ClusterMembership.came_from_id)
        .where(ClusterMembership.cluster_id == cluster.id, Enterprise.state.in_(IN_REGISTER))
        .order_by(Enterprise.name_key, Enterprise.id)
    )
    return [(row[0], row[1], row[2]) for row in db.session.execute(query.limit(limit))]


def crossing(first: ClusterRun, second: ClusterRun) -> dict[tuple[int, int], int]:
    """(group of the first, group of the second) → how many businesses are in both."""
    one, other = aliased(ClusterMembership), aliased(ClusterMembership)
    query = (
        select(one.cluster_id, other.cluster_id, func.count())
        .join(other, other.enterprise_id == one.enterprise_id)
        .where(one.run_id == first.id, other.run_id == second.id)
        .group_by(one.cluster_id, other.cluster_id)
    )
    return {(row[0], row[1]): row[2] for row in db.session.execute(query)}


def by_kecamatan() -> dict[str, int]:
    """How many UKM of the register are in each kecamatan; those elsewhere or nowhere under ""."""
    query = (
        select(Enterprise.kode_kecamatan, func.count())
        .where(Enterprise.state.in_(IN_REGISTER))
        .group_by(Enterprise.kode_kecamatan)
    )
    found: dict[str, int] = {}
    for code, count in db.session.execute(query):
        found[code or ""] = found.get(code or "", 0) + count
    return found


def months_before(day: date, months: int) -> date:
    """The same day some months ago, or the last of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    raise AssertionError("unreachable")


def is_due() -> bool:
    """Whether the clock should begin a run: the office wants one every some months, and the newest is older than that."""
    months = int(current_app.config["CLUSTER_MONTHS"])
    if not months:
        return False
    newest = latest_run()
    if newest is None:
        return register_size() >= LEAST_ROWS
    if newest.state is RunState.FAILED:
        return now() - newest.created_at > timedelta(days=1)
    day = newest.created_at.astimezone(office_zone()).date()
    return day <= months_before(today(), months)


def has_died(run: ClusterRun, moment: datetime) -> bool:
    """Whether nobody works on it any more."""
    return run.state is RunState.RUNNING and (run.pulse is None or moment - run.pulse > SILENT)


def anything_to_do() -> bool:
    """Whether :func:`app.enterprises.clusters.running.work_by_clock` would find something."""
    run = active_run()
    if run is not None:
        return run.state is RunState.WAITING or has_died(run, now())
    return is_due()
