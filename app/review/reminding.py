"""Reminding everybody whose day has come, in write units so short that nobody waits long behind them."""

from app.core.database import today
from app.core.writing import writing
from app.questionnaire.queries import current_edition
from app.review import outreach


def remind_all() -> tuple[int, int]:
    """Send today's reminders that were not sent; (cooperatives looked at, messages queued). Running it again sends nothing twice."""
    day = today()
    edition = current_edition(day)
    cooperatives = messages = 0
    for batch in list(outreach.to_remind(edition, day)) if edition else ():
        with writing():
            messages += outreach.remind(edition, batch) if edition else 0
        cooperatives += len(batch)
    return cooperatives, messages


def anybody_to_remind() -> bool:
    """Whether :func:`remind_all` would find somebody."""
    day = today()
    edition = current_edition(day)
    return edition is not None and next(outreach.to_remind(edition, day), None) is not None
