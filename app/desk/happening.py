"""Noting what happens to a request: its own history, the trail, and the cooperative's timeline."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.accounts.models import User
from app.audit import services as audit
from app.cooperatives.models import Cooperative
from app.cooperatives.timeline import note
from app.core.extensions import db
from app.desk.models import ABOUT, RequestEvent, ServiceRequest
from app.desk.rules import Step
from app.files.prepared import Prepared
from app.files.services import keep

PUBLIC_STEPS = frozenset(
    {
        Step.RECEIVED,
        Step.TAKEN,
        Step.MESSAGE,
        Step.REPLY,
        Step.EXTENDED,
        Step.CLOSED,
        Step.REOPENED,
        Step.RATED,
    }
)


def happened(
    request: ServiceRequest,
    step: Step,
    *,
    by: User | None,
    body: str = "",
    files: Sequence[Prepared] = (),
    params: Mapping[str, Any] | None = None,
) -> RequestEvent:
    """Append ``step`` to the history of ``request``, with the files that came with it. ``by`` None: its requester."""
    told = dict(params or {})
    if files:
        kept = [keep(one, about=(ABOUT, request.id), public=False, by=by) for one in files]
        told["files"] = [[one.token, one.name] for one in kept]
    event = RequestEvent(
        request_id=request.id,
        step=step,
        is_public=step in PUBLIC_STEPS,
        body=body,
        params=told,
        actor_id=by.id if by else None,
        actor_name=by.name if by else "",
    )
    db.session.add(event)
    db.session.flush()
    return event


def record(
    request: ServiceRequest,
    action: str,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    by_requester: bool = False,
) -> None:
    """Into the trail, under the number: never who asked, nor what they wrote."""
    audit.record(
        f"request.{action}",
        kind=ABOUT,
        subject_id=request.id,
        name=request.number,
        before=before,
        after=after,
        actor=(None, request.number) if by_requester else None,
    )


def tell_timeline(request: ServiceRequest, template: str, **params: Any) -> None:
    """Onto the timeline of the cooperative that asked, if one did."""
    if request.cooperative_id is None:
        return
    cooperative = db.session.get_one(Cooperative, request.cooperative_id)
    note(
        cooperative,
        kind="request",
        template=template,
        params={"number": request.number, **params},
        link=f"/dinas/permintaan/{request.id}",
    )
