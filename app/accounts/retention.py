"""How long accounts keep what nobody needs any more."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, exists, or_

from app.accounts.passkey_models import PasskeyChallenge
from app.accounts.two_step_models import UserSession
from app.core.extensions import db
from app.notifications.models import InboxMessage, OutboxMessage

SESSIONS_KEPT = timedelta(days=30)
"""After a session has ended."""
LETTERS_KEPT = timedelta(days=365)
"""After an e-mail was sent or given up; that it was sent stays on the trail where it matters."""
MESSAGES_KEPT = timedelta(days=730)
"""After a message in the site was read."""


def _over(moment: datetime) -> ColumnElement[bool]:
    return or_(
        UserSession.ends_at < moment - SESSIONS_KEPT,
        UserSession.ended_at < moment - SESSIONS_KEPT,
    )


def _settled(moment: datetime) -> ColumnElement[bool]:
    return OutboxMessage.settled_at < moment - LETTERS_KEPT


def _read(moment: datetime) -> ColumnElement[bool]:
    return InboxMessage.read_at < moment - MESSAGES_KEPT


def _unanswered(moment: datetime) -> ColumnElement[bool]:
    return PasskeyChallenge.expires_at <= moment


def long_past(moment: datetime) -> ColumnElement[bool]:
    """Whether :func:`tidy` would find something: a condition for one query."""
    conditions = (_over(moment), _settled(moment), _read(moment), _unanswered(moment))
    return or_(*(exists().where(condition) for condition in conditions))


def tidy(moment: datetime) -> int:
    """Delete old sessions, e-mails and messages, and questions that no passkey answered; how many."""
    rows = 0
    for table, condition in (
        (UserSession, _over(moment)),
        (OutboxMessage, _settled(moment)),
        (InboxMessage, _read(moment)),
        (PasskeyChallenge, _unanswered(moment)),
    ):
        rows += len(db.session.execute(delete(table).where(condition).returning(table.id)).all())
    return rows
