"""Who may declare a report to be true: the office holders of a cooperative."""

from app.cooperatives.models import Cooperative, Membership
from app.cooperatives.queries import members_of
from app.cooperatives.rules import POSITION_LABELS, Position
from app.core.i18n import say

OFFICE_HOLDERS = (
    Position.CHAIR,
    Position.SECRETARY,
    Position.TREASURER,
    Position.MANAGER,
    Position.SUPERVISOR,
)


def position_choices() -> list[tuple[str, str]]:
    """The positions for a select, in the reader's language."""
    return [(holder.value, say(POSITION_LABELS[holder])) for holder in OFFICE_HOLDERS]


def read_position(typed: str) -> str:
    """The position that was chosen; empty for anything else."""
    return typed if typed in set(OFFICE_HOLDERS) else ""


def holders_of(cooperative: Cooperative) -> list[Membership]:
    """Members of ``cooperative`` who hold an office in it and can sign in now."""
    return [
        member
        for member in members_of(cooperative)
        if member.position in set(OFFICE_HOLDERS) and member.user.is_active
    ]
