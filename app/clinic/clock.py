"""What the site's own clock does for the clinic, in write units so short that nobody waits long behind them. Nothing depends on
it: an expired hold frees its seat, and an offer passes on, whenever somebody next asks."""

from app.clinic import reminding, settings, waitlist
from app.clinic.reminding import TOGETHER
from app.clinic.rules import ReminderKind
from app.core.database import now
from app.core.writing import writing


def remind_all() -> dict[ReminderKind, int]:
    """Send the reminders whose time has come; how many of each kind. Running it again sends nothing twice."""
    counts = dict.fromkeys(ReminderKind, 0)
    dues = reminding.due_reminders(now())
    for start in range(0, len(dues), TOGETHER):
        with writing():
            for kind, number in reminding.remind(dues[start : start + TOGETHER]).items():
                counts[kind] += number
    return counts


def anything_to_do() -> bool:
    """Whether :func:`work` would find something."""
    return waitlist.anything_to_settle() or bool(reminding.due_reminders(now(), limit=1))


def work() -> str:
    """Pass offers on, then remind."""
    with writing():
        settings.line_up()
        offers = waitlist.settle(now())
    reminded = sum(remind_all().values())
    return f"{offers} tawaran, {reminded} pengingat"
