"""The verbs of the UKM register; they flush, the route's ``with writing():`` commits."""

from app.enterprises.bulk import add_listed, change_listed
from app.enterprises.keeping import (
    add_owner,
    adopt,
    confirm,
    delete_enterprise,
    discard_drafts,
    open_account,
    release,
    remove_product,
    save_product,
)
from app.enterprises.merging import merge, undo_merge
from app.enterprises.registering import add_enterprise, agree, save, set_consents, start, submit
from app.enterprises.verifying import give_back, issue_link, remind, verify

__all__ = [
    "add_enterprise",
    "add_listed",
    "add_owner",
    "adopt",
    "agree",
    "change_listed",
    "confirm",
    "delete_enterprise",
    "discard_drafts",
    "give_back",
    "issue_link",
    "merge",
    "open_account",
    "release",
    "remind",
    "remove_product",
    "save",
    "save_product",
    "set_consents",
    "start",
    "submit",
    "undo_merge",
    "verify",
]
