"""Noting what happens to a request: its own history, the trail, and the history of the cooperative or UKM that asks."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.accounts.models import User
from app.audit import services as audit
from app.cooperatives.models import Cooperative
from app.cooperatives.timeline import note
from app.core.extensions import db
from app.core.text import N_
from app.desk.models import ABOUT, RequestEvent, ServiceRequest
from app.desk.rules import Step
from app.enterprises import history
from app.enterprises.models import Enterprise
from app.files.prepared import Prepared
from app.files.services import keep

RECEIVED = N_("Permohonan %(number)s diterima: %(about)s")
LINKED = N_("Permohonan %(number)s dikaitkan: %(about)s")
IN_FEW_WORDS = {
    RECEIVED: N_("Permohonan %(number)s diterima"),
    LINKED: N_("Permohonan %(number)s dikaitkan"),
}
"""For a UKM, without the words of the person who asks: its history outlives them. A service may be named."""
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
    """Into the history of the cooperative or UKM that asks, if one does."""
    told, link = {"number": request.number, **params}, f"/dinas/permintaan/{request.id}"
    if request.cooperative_id is not None:
        cooperative = db.session.get_one(Cooperative, request.cooperative_id)
        note(cooperative, kind="request", template=template, params=told, link=link)
    if request.enterprise_id is not None:
        if template in IN_FEW_WORDS and not request.service_name:
            template = IN_FEW_WORDS[template]
            told.pop("about", None)
        enterprise = db.session.get_one(Enterprise, request.enterprise_id)
        history.note(enterprise, kind="request", template=template, params=told | {"link": link})
