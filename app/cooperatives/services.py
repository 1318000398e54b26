"""Every change of the register and of who may act for whom. These verbs flush; the route's ``with writing():`` commits."""

from app.cooperatives.codes import admit_code, issue_code, read_code, redeem_code, revoke_code
from app.cooperatives.joining import (
    add_member,
    claim,
    decide_claim,
    end_membership,
    merge_claim,
    propose,
    withdraw_claim,
)
from app.cooperatives.registering import (
    add_cooperative,
    adopt_answers,
    change_cooperative,
    dissolve,
    note_report,
    undo_dissolution,
)
from app.cooperatives.timeline import note

__all__ = [
    "add_cooperative",
    "add_member",
    "admit_code",
    "adopt_answers",
    "change_cooperative",
    "claim",
    "decide_claim",
    "dissolve",
    "end_membership",
    "issue_code",
    "merge_claim",
    "note",
    "note_report",
    "propose",
    "read_code",
    "redeem_code",
    "revoke_code",
    "undo_dissolution",
    "withdraw_claim",
]
