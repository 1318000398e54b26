"""The verbs of the groups; they flush, the route's ``with writing():`` commits."""

from typing import Any

from flask import current_app
from sqlalchemy import exists, select
from sqlalchemy.exc import IntegrityError

from app.audit.services import acting_person, record
from app.core.database import now
from app.core.errors import RuleBroken
from app.core.extensions import db
from app.core.parsing import fold_lines, fold_space
from app.core.text import N_
from app.enterprises.clusters.models import Cluster, ClusterRun
from app.enterprises.clusters.naming import name_of
from app.enterprises.clusters.queries import active_run, has_died
from app.enterprises.clusters.rules import Options, Origin, RunState
from app.enterprises.models import Enterprise
from app.enterprises.queries import region

LONGEST_NAME, LONGEST_NOTE = 120, 2_000
DIED = "Proses berhenti sebelum selesai."


def request_run(options: Options, *, origin: Origin) -> ClusterRun:
    """Ask for a run. One that has died makes room. Raises RuleBroken while another waits or works."""
    before = active_run()
    if before is not None and has_died(before, now()):
        fail(before, DIED)
        before = None
    if before is not None:
        raise RuleBroken(N_("Pengelompokan sedang berjalan. Tunggu sampai selesai."))
    run = ClusterRun(
        region=current_app.config["REGION"],
        origin=origin,
        asked_by=acting_person()[1][:200],
        options=options.to_json(),
        is_demo=bool(db.session.scalar(select(exists().where(Enterprise.is_demo)))),
    )
    try:
        with db.session.begin_nested():
            db.session.add(run)
            db.session.flush()
    except IntegrityError as taken:  # somebody asked at the same moment
        raise RuleBroken(N_("Pengelompokan sedang berjalan. Tunggu sampai selesai.")) from taken
    record("cluster.asked", kind="cluster", subject_id=run.id, name=f"#{run.id}", after=options.to_json())
    return run


def fail(run: ClusterRun, error: str) -> None:
    """A run that came to nothing."""
    run.state, run.ended_at, run.error = RunState.FAILED, now(), error[:500]
    db.session.flush()


def shown_name(cluster: Cluster) -> str:
    """What a group is called in Indonesian: the name that somebody gave it, else the generated one."""
    return cluster.given_name or str(name_of(cluster.naming, region().kecamatan))


def describe(cluster: Cluster, *, name: str, note: str, pinned: bool) -> None:
    """Give a group a name of the office's own ("" for the generated one), a note, a pin. A pinned group keeps its name.

    Raises RuleBroken for a name that is too long, or that another group of the run bears.
    """
    name, note = fold_space(name), fold_lines(note)
    if len(name) > LONGEST_NAME:
        raise RuleBroken(N_("Nama paling panjang %(most)s huruf."), field="nama", most=LONGEST_NAME)
    if len(note) > LONGEST_NOTE:
        raise RuleBroken(N_("Catatan paling panjang %(most)s huruf."), field="catatan", most=LONGEST_NOTE)
    generated = str(name_of(cluster.naming, region().kecamatan))
    if name == generated and not pinned:
        name = ""
    if pinned and not name:
        name = generated
    others = select(Cluster).where(Cluster.run_id == cluster.run_id, Cluster.id != cluster.id)
    wanted = (name or generated).casefold()
    if any(shown_name(other).casefold() == wanted for other in db.session.scalars(others)):
        raise RuleBroken(N_("Sudah ada kelompok lain bernama itu."), field="nama")
    before = _described(cluster)
    cluster.given_name, cluster.note, cluster.pinned = name, note, pinned
    db.session.flush()
    if before != (after := _described(cluster)):
        shown = shown_name(cluster)[:200]
        record("cluster.described", kind="cluster", subject_id=cluster.run_id, name=shown, before=before, after=after)  # fmt: skip


def _described(cluster: Cluster) -> dict[str, Any]:
    return {"name": cluster.given_name, "note": cluster.note, "pinned": cluster.pinned}


def annotate_run(run: ClusterRun, note: str) -> None:
    """What the office wants to remember of a run. Raises RuleBroken for more than fits."""
    note = fold_lines(note)
    if len(note) > LONGEST_NOTE:
        raise RuleBroken(N_("Catatan paling panjang %(most)s huruf."), field="catatan", most=LONGEST_NOTE)
    before, run.note = run.note, note
    db.session.flush()
    if before != note:
        record("cluster.annotated", kind="cluster", subject_id=run.id, name=f"#{run.id}", before={"note": before}, after={"note": note})  # fmt: skip
