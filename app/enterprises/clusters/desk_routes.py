"""The office's side of the groups: run, look, name, compare."""

from typing import Any, cast

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.audit.downloads import whole_table
from app.core.access import Role, only, step_up
from app.core.downloads import table_response
from app.core.errors import RuleBroken
from app.core.extensions import db
from app.core.i18n import say
from app.core.writing import writing
from app.enterprises.clusters import screens, services
from app.enterprises.clusters.blueprint import bp
from app.enterprises.clusters.models import Cluster, ClusterRun
from app.enterprises.clusters.naming import name_of
from app.enterprises.clusters.options_form import count_choices, fields_of, read_options
from app.enterprises.clusters.queries import (
    active_run,
    cluster_by_key,
    clusters_of,
    crossing,
    current_run,
    history_of,
    latest_run,
    members,
    moved_members,
    run_by_id,
    runs,
    typical_members,
)
from app.enterprises.clusters.rules import Options, Origin
from app.enterprises.clusters.signals import panels_of
from app.enterprises.clusters.starting import begin
from app.enterprises.exports import STAFF, columns_of, rows_as
from app.enterprises.models import Enterprise
from app.enterprises.queries import region
from app.enterprises.screens import place_name

DESK = "/dinas/ukm/klaster"
ONE = f"{DESK}/<key>"
RUN = f"{DESK}/jalan/<int(max=2147483647):run_id>"


def _cluster_or_404(key: str) -> Cluster:
    cluster = cluster_by_key(key) if len(key) <= 24 else None
    if cluster is None:
        abort(404)
    return cluster


def _run_or_404(run_id: int) -> ClusterRun:
    run = run_by_id(run_id)
    if run is None:
        abort(404)
    return run


@bp.get(DESK)
@only(Role.OPERATOR)
def index() -> ResponseReturnValue:
    """The groups as they stand, how sure they are, and the button for new ones."""
    return render_template("clusters/index.html", **_index())


def _index(problems: dict[str, str] | None = None) -> dict[str, Any]:
    run, latest, active = current_run(), latest_run(), active_run()
    asked = latest or run
    options = asked.wanted if asked else Options()
    typed = request.form if problems else None
    clusters = clusters_of(run) if run else []
    return {
        "run": run,
        "latest": latest,
        "active": active,
        "clusters": [
            (one, screens.shown_name(one), screens.in_short(one, clusters), screens.change_text(one)) for one in clusters
        ],
        "runs": runs(),
        "fields": fields_of(options, typed, problems or {}),
        "options": options,
        "typed": typed,
        "count_choices": count_choices(),
        "errors": problems or {},
        "months": current_app.config["CLUSTER_MONTHS"],
        "screens": screens,
    }  # fmt: skip


@bp.post(DESK)
@only(Role.OPERATOR)
def start() -> ResponseReturnValue:
    """Ask for new groups; they are worked out beside the page."""
    latest = latest_run()
    options, problems = read_options(request.form, latest.wanted if latest else Options())
    if problems:
        return render_template("clusters/index.html", **_index(problems)), 422
    try:
        with writing():
            run_id = services.request_run(options, origin=Origin.BUTTON).id
    except RuleBroken as no:
        flash(say(no.text), "info")
    else:
        begin(cast(Any, current_app)._get_current_object(), run_id)
        flash(_("Pengelompokan dimulai. Muat ulang halaman ini sebentar lagi."), "done")
    return redirect(url_for(".index"), 303)


@bp.get(ONE)
@only(Role.OPERATOR)
def show(key: str) -> ResponseReturnValue:
    """One group: portrait, what sets it apart, members, where it came from."""
    return _page(_cluster_or_404(key))


def _page(cluster: Cluster, problems: dict[str, str] | None = None) -> ResponseReturnValue:
    clusters = clusters_of(cluster.run)
    moved = moved_members(cluster)
    page = render_template(
        "clusters/show.html",
        cluster=cluster,
        name=screens.shown_name(cluster),
        generated=say(name_of(cluster.naming, region().kecamatan)),
        apart=screens.apart_lines(cluster, clusters),
        portrait=screens.portrait_lines(cluster),
        map=screens.staff_map(cluster),
        typical=typical_members(cluster),
        moved=[(one, screens.shown_name(before), screens.why_text(why)) for one, before, why in moved],
        why=screens.why_lines(cluster),
        history=history_of(cluster),
        panels=panels_of(cluster),
        errors=problems or {},
        typed=request.form if problems else None,
        place_name=place_name,
        screens=screens,
    )
    return page, 422 if problems else 200


@bp.post(ONE)
@only(Role.OPERATOR)
def describe(key: str) -> ResponseReturnValue:
    """Name, pin and note."""
    try:
        with writing():
            services.describe(
                _cluster_or_404(key),
                name=request.form.get("nama", ""),
                note=request.form.get("catatan", ""),
                pinned=bool(request.form.get("pin")),
            )
    except RuleBroken as no:
        return _page(_cluster_or_404(key), {no.field or "nama": say(no.text)})
    flash(_("Tersimpan."), "done")
    return redirect(url_for(".show", key=key), 303)


@bp.get(f"{ONE}/anggota.csv")
@only(Role.OPERATOR)
def table(key: str) -> ResponseReturnValue:
    """Every member, with what the office knows; what is private is masked."""
    cluster = _cluster_or_404(key)
    return table_response(
        columns_of(STAFF), _members(cluster), filename=f"klaster-{cluster.key}", suffix="csv"
    )


@bp.post(f"{ONE}/anggota/lengkap")
@only(Role.OPERATOR)
@step_up
def table_whole(key: str) -> ResponseReturnValue:
    """Every member, with all that the office knows, on record."""
    cluster = _cluster_or_404(key)
    name = f"klaster-lengkap-{cluster.key}"
    return whole_table(columns_of(STAFF), _members(cluster), filename=name, suffix="csv")


def _members(cluster: Cluster) -> list[list[Any]]:
    rows = members(cluster).order_by(Enterprise.name_key, Enterprise.id).execution_options(yield_per=500)
    return list(rows_as(STAFF, db.session.scalars(rows), region()))


@bp.get(RUN)
@only(Role.OPERATOR)
def run(run_id: int) -> ResponseReturnValue:
    """One run: what was asked, what was measured, its groups beside those of another run."""
    return _run_page(_run_or_404(run_id))


def _run_page(shown: ClusterRun, problems: dict[str, str] | None = None) -> str:
    other, errors = _other(shown), problems or {}
    note = request.form.get("catatan", "") if errors else shown.note
    beside = _beside(shown, other)
    return render_template("clusters/run.html", run=shown, other=other, note=note, errors=errors, **beside)


def _other(shown: ClusterRun) -> ClusterRun | None:
    """The run to compare with: the chosen one, else the one before."""
    raw = request.args.get("dengan", "")
    if raw.isascii() and raw.isdigit() and len(raw) < 10:
        return run_by_id(int(raw))
    return run_by_id(shown.previous_id) if shown.previous_id else None


def _beside(shown: ClusterRun, other: ClusterRun | None) -> dict[str, Any]:
    mine, theirs = clusters_of(shown), clusters_of(other) if other else []
    both = bool(other and shown.has_members and other.has_members)
    return {
        "clusters": [(one, screens.shown_name(one)) for one in mine],
        "others": [(one, screens.shown_name(one)) for one in theirs],
        "crossing": crossing(other, shown) if other and both else {},
        "is_crossed": both,
        "same_key": {one.key: one for one in theirs},
        "runs": [one for one in runs() if one.id != shown.id and one.cluster_count and one.state == "done"],
        "screens": screens,
    }


@bp.post(RUN)
@only(Role.OPERATOR)
def annotate(run_id: int) -> ResponseReturnValue:
    """What the office wants to remember of a run."""
    try:
        with writing():
            services.annotate_run(_run_or_404(run_id), request.form.get("catatan", ""))
    except RuleBroken as no:
        return _run_page(_run_or_404(run_id), {no.field or "catatan": say(no.text)}), 422
    flash(_("Tersimpan."), "done")
    return redirect(url_for(".run", run_id=run_id), 303)
