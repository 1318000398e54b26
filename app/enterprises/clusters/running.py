"""One run from beginning to end: read outside the write unit, let the engine work elsewhere, write in short units.

Nobody sees a run before its last unit says that it is done; one that breaks off leaves nothing behind but its row.
"""

import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy import delete, func, insert, select

from app.audit.services import record
from app.cooperatives.timeline import hold
from app.core.database import now
from app.core.extensions import db
from app.core.writing import writing
from app.enterprises.clusters.matching import Moves, lineage
from app.enterprises.clusters.models import Cluster, ClusterMembership, ClusterRun
from app.enterprises.clusters.naming import names_apart
from app.enterprises.clusters.process import Engine, run_engine
from app.enterprises.clusters.queries import active_run, current_run, has_died, is_due
from app.enterprises.clusters.reading import Stretch, before_of, ground, joined, stretches, write_records
from app.enterprises.clusters.records import changed, traits
from app.enterprises.clusters.rules import Feature, Options, Origin, RunState
from app.enterprises.clusters.services import DIED, fail, request_run, shown_name
from app.enterprises.models import Enterprise
from app.enterprises.queries import region

TOGETHER = 20_000
"""Memberships written in one unit; a city's are all in one."""
KEPT_ROWS, LEAST_KEPT = 250_000, 2
"""Memberships kept for looking back: of as many runs as fit, of two at the least. Groups and figures of all runs stay."""


def work_by_clock() -> str:
    """What the clock finds to do: a run that was asked for, or one whose time has come."""
    run = active_run()
    if run is not None and has_died(run, now()):
        with writing():
            fail(db.session.get_one(ClusterRun, run.id), DIED)
        return f"pengelompokan #{run.id} berhenti di tengah jalan"
    run_id = run.id if run is not None else None
    if run_id is None:
        if not is_due():
            return "belum waktunya"
        last = current_run()
        options = last.wanted if last else Options()
        with writing():
            run_id = request_run(options, origin=Origin.CLOCK).id
    return execute(run_id)


def execute(run_id: int, engine: Engine = run_engine) -> str:
    """Do a run that waits; a one-line summary. A failure is kept with the run, its rows are taken back, and it is raised."""
    with writing():
        run = hold(db.session.get_one(ClusterRun, run_id))  # button and clock may reach for it at once
        if run.state is not RunState.WAITING:
            return f"pengelompokan #{run_id} sudah dikerjakan"
        run.state, run.pulse = RunState.RUNNING, now()
        options = run.wanted
    try:
        with tempfile.TemporaryDirectory(prefix="simpul-") as folder:
            return _work(run_id, options, engine, Path(folder))
    except BaseException as error:
        db.session.rollback()
        _take_back(run_id, f"{type(error).__name__}: {error}")
        raise


def _work(run_id: int, options: Options, engine: Engine, folder: Path) -> str:
    records, labels = folder / "records", folder / "labels"
    with records.open("wb") as file:
        rows = write_records(file)
    _beat(run_id)
    asked = {
        "records": str(records),
        "labels": str(labels),
        "options": options.to_json(),
        "kecamatan": list(ground().kecamatan),
    }
    report = engine(asked, lambda: _beat(run_id))
    if report["refusal"]:
        return _refuse(run_id, rows, report)
    return _keep(run_id, rows, report, records, labels)


def _beat(run_id: int) -> None:
    """A sign of life."""
    with writing():
        db.session.get_one(ClusterRun, run_id).pulse = now()


def _refuse(run_id: int, rows: int, report: dict[str, Any]) -> str:
    with writing():
        run = db.session.get_one(ClusterRun, run_id)
        run.state, run.ended_at = RunState.REFUSED, now()
        _note_figures(run, rows, report)
        _trail(run)
    return f"{rows} UKM: tidak dikelompokkan ({report['refusal']})"


def _note_figures(run: ClusterRun, rows: int, report: dict[str, Any]) -> None:
    run.row_count, run.cluster_count = rows, report.get("count")
    run.silhouette, run.stability = report.get("silhouette"), report.get("stability")
    kept = ("tried", "dropped", "used", "refusal", "by_chance", "bound", "axes")
    run.outcome = {name: report[name] for name in kept if name in report}


def _trail(run: ClusterRun) -> None:
    after = {"state": run.state, "rows": run.row_count, "clusters": run.cluster_count}
    record("cluster.run", kind="cluster", subject_id=run.id, name=f"#{run.id}", after=after)


class Keeping:
    """Writing what the engine found."""

    def __init__(self, run_id: int, report: dict[str, Any], records: Path, labels: Path) -> None:
        self.run_id, self.report, self.records, self.labels = run_id, report, records, labels
        found = current_run()
        self.before_id = found.id if found and found.has_members else None
        self.before_weights = found.wanted.weights if found else {}
        self.secret = str(current_app.config["SECRET_KEY"]).encode()
        self.features = [Feature(code) for code in report["used"]]
        self.rank = {id_: place for group in report["typical"] for place, id_ in enumerate(group)}
        self.old = {one.id: one for one in _clusters(self.before_id)}
        self.origin = self._lineage()
        self.moves = Moves({old: new for new, (old, _overlap) in self.origin.items()})
        self.ids: dict[int, int] = {}

    def _lineage(self) -> dict[int, tuple[int, float]]:
        shared: Counter[tuple[int, int]] = Counter()
        if self.before_id is not None:
            for stretch in stretches(self.records, self.labels):
                held = before_of(self.before_id, stretch)
                shared.update((held[values[0]][0], label) for values, label in stretch if values[0] in held)
        sizes = {number: one["size"] for number, one in enumerate(self.report["portraits"])}
        return lineage(shared, {id_: one.size for id_, one in self.old.items()}, sizes)

    def add_clusters(self) -> None:
        """The groups with their names; what went on keeps its key, given name, pin and note."""
        portraits = self.report["portraits"]
        goes_on = {new: self.old[old] for new, (old, _overlap) in self.origin.items()}
        given = [one.given_name for one in goes_on.values() if one.given_name]
        groups = [(one["all"], one["size"]) for one in portraits]
        names = names_apart(groups, given, region().kecamatan)
        for number, (portrait, naming) in enumerate(zip(portraits, names, strict=True)):
            earlier = goes_on.get(number)
            cluster = Cluster(
                run_id=self.run_id,
                number=number,
                key=earlier.key if earlier else f"{self.run_id}-{number + 1}",
                naming=naming,
                given_name=earlier.given_name if earlier else "",
                pinned=bool(earlier and earlier.pinned),
                note=earlier.note if earlier else "",
                size=portrait["size"],
                portrait={name: portrait[name] for name in ("counted", "all", "public")},
                previous_id=earlier.id if earlier else None,
            )
            db.session.add(cluster)
            db.session.flush()
            self.ids[number] = cluster.id

    def add_members(self, stretch: Stretch) -> None:
        """Some memberships. Who was deleted meanwhile is left out."""
        held = before_of(self.before_id, stretch)
        there = set(
            db.session.scalars(
                select(Enterprise.id).where(Enterprise.id.between(stretch[0][0][0], stretch[-1][0][0]))
            )
        )
        rows = []
        for values, label in stretch:
            if values[0] not in there:
                continue
            mine = traits(values, self.features, self.secret)
            before, then = held.get(values[0], (None, ""))
            why = ",".join(changed(then, mine)) if then else ""
            has_moved = self.moves.note(label, before, why)
            rows.append(
                {
                    "run_id": self.run_id,
                    "enterprise_id": values[0],
                    "cluster_id": self.ids[label],
                    "traits": mine,
                    "came_from_id": before if has_moved else None,
                    "why": why if has_moved else "",
                    "rank": self.rank.get(values[0]),
                }
            )
        if rows:
            db.session.execute(insert(ClusterMembership), rows, execution_options={"render_nulls": True})

    def finish(self, rows: int) -> ClusterRun:
        """The last unit: from now on these are the groups."""
        for number, id_ in self.ids.items():
            old, overlap = self.origin.get(number, (None, None))
            came, left = self.moves.came.get(number, Counter()), self.moves.left.get(old or 0, 0)
            change = {
                "overlap": overlap,
                "before": self.old[old].size if old else None,
                **{name: came.get(name, 0) for name in ("new", "stayed", "moved")},
                "left": left,
                "gone": max(0, self.old[old].size - came.get("stayed", 0) - left) if old else 0,
                "why": dict(self.moves.why.get(number, {})),
                "from": dict(self.moves.from_.get(number, {})),
            }
            db.session.get_one(Cluster, id_).change = change
        run = db.session.get_one(ClusterRun, self.run_id)
        _note_figures(run, rows, self.report)
        lost = [old for id_, old in self.old.items() if id_ not in self.moves.origin]
        run.outcome = run.outcome | {"lost": [{"name": shown_name(old), "size": old.size, "pinned": old.pinned} for old in lost]}  # fmt: skip
        run.previous_id = self.before_id
        if self.before_id is not None:
            run.outcome = run.outcome | {"asked_otherwise": self.before_weights != run.wanted.weights}
        run.state, run.ended_at, run.has_members = RunState.DONE, now(), True
        db.session.flush()
        _trail(run)
        return run


def _clusters(run_id: int | None) -> list[Cluster]:
    if run_id is None:
        return []
    found = list(db.session.scalars(select(Cluster).where(Cluster.run_id == run_id)))
    for one in found:
        db.session.expunge(one)  # read here, looked at across write units
    return found


def _keep(run_id: int, rows: int, report: dict[str, Any], records: Path, labels: Path) -> str:
    keeping = Keeping(run_id, report, records, labels)
    parts = list[Stretch]()
    if rows <= TOGETHER:
        parts = list(stretches(records, labels))
        with writing():
            keeping.add_clusters()
            for stretch in parts:
                keeping.add_members(stretch)
            run = keeping.finish(rows)
    else:
        with writing():
            keeping.add_clusters()
        for stretch in joined(stretches(records, labels), TOGETHER):
            with writing():
                keeping.add_members(stretch)
                db.session.get_one(ClusterRun, run_id).pulse = now()
        with writing():
            run = keeping.finish(rows)
    told = f"{rows} UKM dalam {run.cluster_count} kelompok, siluet {run.silhouette:.2f}, kestabilan {run.stability:.2f}"
    _forget_old_members()
    return told


def _take_back(run_id: int, error: str) -> None:
    """Leave nothing of a run that broke off."""
    _forget_members(run_id)
    with writing():
        db.session.execute(delete(Cluster).where(Cluster.run_id == run_id))
        fail(db.session.get_one(ClusterRun, run_id), error)


def _forget_old_members() -> None:
    """Who belonged where years ago serves nobody: memberships of the newest runs only, by how many there are."""
    query = select(ClusterRun.id, ClusterRun.row_count).where(
        ClusterRun.region == current_app.config["REGION"], ClusterRun.has_members
    )
    kept = 0
    for place, (run_id, rows) in enumerate(db.session.execute(query.order_by(ClusterRun.id.desc())).all()):
        kept += rows or 0
        if place >= LEAST_KEPT and kept > KEPT_ROWS:
            with writing():
                db.session.get_one(ClusterRun, run_id).has_members = False
            _forget_members(run_id)


def _forget_members(run_id: int) -> None:
    """Its memberships, some at a time."""
    mine = ClusterMembership.run_id == run_id
    while True:
        some = select(ClusterMembership.enterprise_id).where(mine).order_by(ClusterMembership.enterprise_id)
        last = db.session.scalar(select(func.max(some.limit(TOGETHER).subquery().c.enterprise_id)))
        if last is None:
            return
        with writing():
            db.session.execute(delete(ClusterMembership).where(mine, ClusterMembership.enterprise_id <= last))
