"""How often somebody may try: per account a growing rest, per network a pace.

**Account.** After five wrong tries an account rests 1 minute, then 5, 15, 30 and 60 after each further one. Tries are
counted under what was typed, whether such an account exists or not, so the answer tells nothing. A try is written down
*before* the password is checked and taken away when it was right: guesses sent in parallel get no free ride.

**Network.** Telephones share addresses (a carrier's thousands leave through one), so an address is never shut out. A /24 or
/56 with more than sixty wrong tries in ten minutes counts as busy; from a busy network one try every three seconds is
looked at, whoever makes it. Spraying one password over a thousand accounts then takes most of an hour and shows in the log,
while a person waits a few seconds.

**Known devices.** Even that must not keep people out of their own account. A device on which somebody has signed in before
carries a signed cookie (``devices``) and is known for those accounts: it does not wait for its network, and its wrong
tries are counted apart, so strangers who hammer an account lock themselves out, not its owner. The way in that is left to
everyone, always, is a new link by e-mail or from the office.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

import structlog
from sqlalchemy import delete, func, select, text

from app.accounts import rules
from app.accounts.digests import short_digest
from app.accounts.models import Attempt, AttemptKind
from app.core.database import now
from app.core.errors import RuleBroken
from app.core.extensions import db
from app.core.formatting import clock
from app.core.text import N_
from app.core.writing import is_sqlite

log = structlog.get_logger("simpul")

RESTS = N_(
    "Terlalu banyak percobaan masuk untuk akun ini. Coba lagi pukul %(clock)s, atau minta tautan baru."
)
CODE_RESTS = N_(
    "Terlalu banyak kode yang salah. Coba lagi pukul %(clock)s, atau hubungi admin bila ponsel hilang."
)


@dataclass(frozen=True)
class Door:
    """Where somebody knocks: account and network as digests; ``familiar`` when this device is known for the account."""

    account: str
    network: str
    familiar: bool = False


def door_to(identifier: str, *, address: str | None, device: str = "") -> Door:
    """The door to ``identifier`` for a caller at ``address``, on a known ``device`` or an unknown one (empty)."""
    return Door(
        account=account_digest(identifier, device),
        network=short_digest("network", rules.network_of(address)),
        familiar=bool(device),
    )


def account_digest(identifier: str, device: str = "") -> str:
    """Under which name the tries on an account are counted; a known device has a count of its own."""
    return short_digest("account", identifier, device)


class TooManyTries(RuleBroken):
    """Come back later. ``seconds`` says when; shown with status 429."""

    def __init__(self, template: str, *, seconds: float, **params: object) -> None:
        super().__init__(template, field="email", **params)
        self.seconds = max(1, ceil(seconds))


def admit(kind: AttemptKind, door: Door) -> None:
    """Count a try before it is checked. Call it in a write unit of its own. Raises TooManyTries."""
    _line_up(door)
    moment = now()
    _mind_account(kind, door, moment)
    if not door.familiar:
        _mind_network(door, moment)
    _write_down(kind, door, moment)


def note_request(door: Door) -> None:
    """Count that a link was asked for; the answer may not depend on the account, so only the network can refuse.

    Raises TooManyTries.
    """
    _line_up(door)
    moment = now()
    _mind_network(door, moment)
    _write_down(AttemptKind.FORGOT, door, moment)


def _write_down(kind: AttemptKind, door: Door, moment: datetime) -> None:
    old = select(Attempt.id).where(Attempt.at < moment - rules.LOOK_BACK).with_for_update(skip_locked=True)
    db.session.execute(delete(Attempt).where(Attempt.id.in_(old)))
    db.session.add(Attempt(kind=kind, at=moment, account=door.account, network=door.network))
    db.session.flush()


def _line_up(door: Door) -> None:
    """PostgreSQL: those who try one account go one after the other (SQLite's writers do anyway)."""
    if not is_sqlite():
        key = int(door.account[:15], 16)
        db.session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": key})


def _mind_account(kind: AttemptKind, door: Door, moment: datetime) -> None:
    tries = select(func.count(), func.max(Attempt.at)).where(
        Attempt.kind == kind,
        Attempt.account == door.account,
        Attempt.at.between(moment - rules.LOOK_BACK, moment + rules.SLACK),
    )
    count, last = db.session.execute(tries).one()
    until = last + rules.wait_after(count) if last else moment
    if until > moment:
        log.warning("account rests", account=door.account, tries=count)
        shown = until + timedelta(seconds=59)  # the clock shows minutes: name one that has surely come
        raise TooManyTries(
            CODE_RESTS if kind is AttemptKind.SECOND_STEP else RESTS,
            seconds=(until - moment).total_seconds(),
            clock=clock(shown),
        )


def _mind_network(door: Door, moment: datetime) -> None:
    tries = select(func.count(), func.max(Attempt.at)).where(
        Attempt.network == door.network,
        Attempt.at.between(moment - rules.NETWORK_WINDOW, moment + rules.SLACK),
    )
    count, last = db.session.execute(tries).one()
    if count < rules.NETWORK_TRIES or last is None or moment - last >= rules.NETWORK_GAP:
        return
    log.warning("busy network", network=door.network, tries=count)
    raise TooManyTries(
        N_(
            "Ada banyak percobaan masuk yang gagal dari jaringan Anda, mungkin oleh orang lain. "
            "Tunggu beberapa detik, lalu tekan tombolnya lagi."
        ),
        seconds=(last + rules.NETWORK_GAP - moment).total_seconds(),
    )


def forget(*accounts: str) -> None:
    """The tries counted under these digests turned out well."""
    db.session.execute(delete(Attempt).where(Attempt.account.in_(accounts)))


def asked_for_link(door: Door) -> int:
    """How often a link was asked for on this account within the last hour."""
    asked = select(func.count()).where(
        Attempt.kind == AttemptKind.FORGOT,
        Attempt.account == door.account,
        Attempt.at.between(now() - timedelta(hours=1), now() + rules.SLACK),
    )
    return db.session.scalar(asked) or 0
