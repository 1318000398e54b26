"""Devices on which somebody has signed in before: a signed cookie that says for which accounts, and nothing readable."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from flask import current_app, request
from itsdangerous import BadData, URLSafeTimedSerializer
from werkzeug.wrappers import Response

from app.accounts.digests import short_digest
from app.accounts.models import User
from app.accounts.pace import Door, door_to

COOKIE = "simpul_kenal"
KEPT = 180 * 24 * 3600
MOST = 8
"""Accounts that one device is known for; a shared telephone of an office of a cooperative has a few."""


@dataclass(frozen=True)
class Device:
    """A random name, and digests of the accounts that it is known for, the latest first."""

    name: str
    accounts: tuple[str, ...] = ()


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="device")


def this_device() -> Device | None:
    """The device that sent this request, if it is known."""
    try:
        name, accounts = _signer().loads(request.cookies.get(COOKIE, ""), max_age=KEPT)
        return Device(str(name), tuple(map(str, accounts)))
    except (BadData, ValueError, TypeError):
        return None


def door(identifier: str) -> Door:
    """Where the sender of this request knocks when it asks for ``identifier``."""
    device = this_device()
    known = device is not None and _mark(identifier) in device.accounts
    return door_to(identifier, address=request.remote_addr, device=device.name if device and known else "")


def code_door(user: User) -> Door:
    """Where the second step of ``user`` is knocked at: wrong codes are counted apart from wrong passwords, and apart again on
    a device that knows the person."""
    device = this_device()
    known = device is not None and bool(marks_of(user) & set(device.accounts))
    name = device.name if device and known else ""
    return door_to(f"second step {user.id}", address=request.remote_addr, device=name)


def remember(response: Response, identifiers: Iterable[str]) -> Response:
    """Let this device be known for ``identifiers`` from now on."""
    device = this_device() or Device(secrets.token_urlsafe(12))
    marks = [_mark(identifier) for identifier in identifiers]
    accounts = [*marks, *(mark for mark in device.accounts if mark not in marks)][:MOST]
    response.set_cookie(
        COOKIE,
        _signer().dumps([device.name, accounts]),
        max_age=KEPT,
        path="/",
        httponly=True,
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        samesite="Lax",
    )
    return response


def last_account() -> str:
    """The mark of whoever signed in on this device last; empty on an unknown one."""
    device = this_device()
    return device.accounts[0] if device and device.accounts else ""


def marks_of(user: User) -> set[str]:
    """By which marks devices may know ``user``."""
    return {_mark(identifier) for identifier in (user.email, user.phone) if identifier}


def _mark(identifier: str) -> str:
    return short_digest("device", identifier)[:16]
