"""Programmes and groups of UKM: which fit a group, and sending one to it."""

from typing import Any

from flask import url_for
from flask_login import current_user
from sqlalchemy import select

from app.accounts.signals import Panel
from app.cooperatives.timeline import hold
from app.core.access import Role
from app.core.database import now
from app.core.errors import RuleBroken
from app.core.extensions import db
from app.core.i18n import say
from app.core.paging import count_text, count_up_to
from app.core.text import N_
from app.core.writing import writing
from app.enterprises.clusters.models import Cluster
from app.enterprises.clusters.queries import cluster_by_key, members
from app.enterprises.clusters.signals import cluster_shown
from app.enterprises.models import Enterprise
from app.programs.audience import subjects_of
from app.programs.models import Program
from app.programs.rules import STANDING_NAMES, State
from app.programs.targeting import matching, target_of
from app.programs.targeting_rules import CLUSTER, Rules, Subject
from app.programs.telling import set_target, tell_all

ORDER = 10
SHOWN = 8


@cluster_shown.connect
def programmes_for(cluster: Cluster) -> Panel:
    """Programmes that are open or in preparation, each with how many of the group's members it fits."""
    return Panel(ORDER, "programs/parts/cluster_panel.html", {"lines": _lines(cluster), "key": cluster.key})


def _lines(cluster: Cluster) -> list[dict[str, Any]]:
    query = select(Program).where(Program.state != State.WITHDRAWN, Program.closes_at > now())
    found: list[dict[str, Any]] = []
    for program in db.session.scalars(query.order_by(Program.closes_at, Program.id).limit(SHOWN * 3)):
        if Subject.ENTERPRISE not in subjects_of(program) or len(found) == SHOWN:
            continue
        rules = _rules(program)
        fitting = members(cluster).where(Enterprise.id.in_(matching(Subject.ENTERPRISE, rules)))
        count = count_up_to(fitting)
        found.append(
            {
                "program": program,
                "count": count,
                "text": say(count_text(count)),
                "is_aimed": cluster.key in rules.get(CLUSTER, []),
                "is_for_all": not rules,
                "standing": say(STANDING_NAMES[program.standing]),
                "url": url_for("targeting.show", program_id=program.id),
                "may_send": current_user.has_role(Role.OPERATOR) or current_user.has_role(Role.EDITOR),
            }
        )
    return sorted(found, key=lambda one: -one["count"])


def _rules(program: Program) -> Rules:
    return target_of(program.target).get(Subject.ENTERPRISE.value, {})


def send_to_cluster(program_id: int, key: str) -> int | None:
    """Aim a programme at a group: while it is prepared, or where it is aimed at groups already, the group joins its target;
    one that is out for more people keeps its target. Members of the group whom it fits, who agreed and have not heard, are told
    at once where it is public.

    How many were told; None for one that tells them when it comes out. Raises RuleBroken for one that is not for UKM, and for
    a group that is no more. Opens write units of its own.
    """
    with writing():
        program = hold(db.session.get_one(Program, program_id))  # of two who add a group, neither is lost
        if cluster_by_key(key) is None:
            raise RuleBroken(N_("Kelompok ini sudah tidak ada. Pilih dari pengelompokan terbaru."))
        if Subject.ENTERPRISE not in subjects_of(program) or program.state is State.WITHDRAWN:
            raise RuleBroken(N_("Program ini bukan untuk UKM, atau sudah ditarik."))
        target = target_of(program.target)
        rules = target.get(Subject.ENTERPRISE.value, {})
        if not program.is_public or CLUSTER in rules:
            chosen = {*rules.get(CLUSTER, []), key}
            set_target(program, {**target, Subject.ENTERPRISE.value: {**rules, CLUSTER: sorted(chosen)}})
        tells_now = program.is_public and program.can_be_joined
    return tell_all(program_id, group=key) if tells_now else None
