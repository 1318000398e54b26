"""Writing down what happens to an enterprise: on its own history, and on the trail."""

from collections.abc import Mapping
from typing import Any

from flask import has_request_context
from flask_login import current_user

from app.audit.services import acting_person, record
from app.core.extensions import db
from app.core.text import N_, Text
from app.enterprises.models import Enterprise, EnterpriseEvent

BY_LINK = N_("Pemilik usaha")
"""Who acts with a secret link. Not the owner's name: names in the trail stay for good."""
ERASED = dict.fromkeys(("name", "number", "about", "program"), "–")
RETURNED = "returned"
"""The kind of event whose note is for the owner; all others are for staff."""
SECRET = frozenset(("search_text", "name_key", "owner_key"))


def actor() -> tuple[int | None, str]:
    """Id and name of who acts."""
    if has_request_context() and not current_user.is_authenticated:
        return None, BY_LINK
    return acting_person()


def note(
    enterprise: Enterprise,
    *,
    kind: str,
    template: str,
    params: Mapping[str, Any] | None = None,
    words: str = "",
    picture_token: str | None = None,
) -> EnterpriseEvent:
    """Append to the history. ``template`` is marked by ``N_``, ``words`` are a person's own."""
    event = EnterpriseEvent(
        enterprise_id=enterprise.id,
        kind=kind,
        template=template,
        params=dict(params or {}),
        note=words,
        actor_name=actor()[1][:200],
        picture_token=picture_token,
    )
    db.session.add(event)
    db.session.flush()
    return event


def sentence(event: EnterpriseEvent) -> Text:
    """What happened; where the owner's values were erased, a dash stands for them."""
    if "%(" not in event.template:
        return Text(event.template)
    return Text(event.template, ERASED | event.params)


def trail(
    enterprise: Enterprise,
    action: str,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """One change on the trail; what is derived is left out."""
    record(
        action,
        kind="enterprise",
        subject_id=enterprise.id,
        name=enterprise.name or "–",
        before={name: value for name, value in (before or {}).items() if name not in SECRET},
        after={name: value for name, value in (after or {}).items() if name not in SECRET},
        actor=actor(),
    )
