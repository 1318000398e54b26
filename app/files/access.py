"""Who may open a file that is not public: the feature that it belongs to says so; where none does, staff."""

from collections.abc import Callable
from typing import Any

from app.core.access import STAFF
from app.files.models import StoredFile

Check = Callable[[StoredFile, Any], bool]

_checks: dict[str, Check] = {}


def allow(kind: str, check: Check) -> None:
    """Let ``check(file, user)`` decide about the files of ``kind``; ``user`` may be anonymous. Called as a feature loads."""
    _checks[kind] = check


def may_open(stored: StoredFile, user: Any) -> bool:
    """Whether ``user`` (perhaps anonymous) may have ``stored``."""
    if stored.is_public:
        return True
    check = _checks.get(stored.about_kind, _is_staff)
    return check(stored, user)


def _is_staff(_stored: StoredFile, user: Any) -> bool:
    return bool(user.is_authenticated and STAFF & user.roles)
