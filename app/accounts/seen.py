"""When each session was last used: noted in memory with each request, and written down once a minute. A page that is only
read writes nothing.
"""

import threading
from datetime import datetime

from sqlalchemy import update

from app.accounts.two_step_models import UserSession
from app.core.database import now
from app.core.extensions import db
from app.core.writing import writing

_lock = threading.Lock()
_seen: dict[int, datetime] = {}


def note(session_id: int) -> None:
    """This session is in use now."""
    with _lock:
        _seen[session_id] = now()


def flush() -> None:
    """Write down what was noted since the last time. A process that dies first loses a minute of it."""
    with _lock:
        noted = dict(_seen)
        _seen.clear()
    if not noted:
        return
    with writing():
        for session_id, moment in sorted(noted.items()):
            db.session.execute(
                update(UserSession)
                .where(UserSession.id == session_id, UserSession.seen_at < moment)
                .execution_options(synchronize_session=False)
                .values(seen_at=moment)
            )
