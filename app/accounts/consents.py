"""Whether a person wants to be told of something, and by what way. Asked once, changed at any time, each change on record."""

from collections.abc import Collection
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, exists, func, select, true

from app.accounts.models import ContactChannel, ContactConsent, User
from app.audit import services as audit
from app.core.database import now
from app.core.extensions import db
from app.core.text import N_

MOBILE = "+628"  # Indonesian mobile numbers, which can have WhatsApp


class About(StrEnum):
    """What somebody may want to be told of."""

    PROGRAMS = "program"


CHANNEL_NAMES = {
    ContactChannel.INBOX: N_("Pesan di situs ini"),
    ContactChannel.EMAIL: N_("Surel"),
    ContactChannel.WHATSAPP: N_("WhatsApp"),
}


def channels_of(user_id: int, about: About = About.PROGRAMS) -> frozenset[ContactChannel]:
    """By what ways this person wants to be told now."""
    return frozenset(
        db.session.scalars(
            select(ContactConsent.channel).where(
                ContactConsent.user_id == user_id,
                ContactConsent.purpose == about,
                ContactConsent.revoked_at.is_(None),
            )
        )
    )


def was_asked(user_id: int, about: About = About.PROGRAMS) -> bool:
    """Whether this person has ever said yes or no."""
    said = exists().where(ContactConsent.user_id == user_id, ContactConsent.purpose == about)
    return bool(db.session.scalar(select(said)))


def agreed(channel: ContactChannel, about: About = About.PROGRAMS) -> ColumnElement[bool]:
    """The condition that a User wants to be told by ``channel``, can be reached by it, and can still sign in."""
    reachable = {
        ContactChannel.INBOX: true(),
        ContactChannel.EMAIL: User.email.is_not(None),
        ContactChannel.WHATSAPP: User.phone.startswith(MOBILE, autoescape=True),
    }
    yes = exists().where(
        ContactConsent.user_id == User.id,
        ContactConsent.purpose == about,
        ContactConsent.channel == channel,
        ContactConsent.revoked_at.is_(None),
    )
    return and_(yes, reachable[channel], User.deactivated_at.is_(None))


def choices_of(user: User) -> tuple[ContactChannel, ...]:
    """By what ways ``user`` can be reached at all."""
    reachable = {
        ContactChannel.INBOX: True,
        ContactChannel.EMAIL: bool(user.email),
        ContactChannel.WHATSAPP: bool(user.phone and user.phone.startswith(MOBILE)),
    }
    return tuple(channel for channel in ContactChannel if reachable[channel])


def choose(user: User, channels: Collection[ContactChannel], *, about: About = About.PROGRAMS) -> bool:
    """Tell ``user`` by exactly ``channels`` from now on; whether anything changed. An empty choice is remembered as a no.

    Ways by which the person cannot be reached are left out.
    """
    db.session.execute(select(User.id).where(User.id == user.id).with_for_update(key_share=True))
    live = {
        row.channel: row
        for row in db.session.scalars(
            select(ContactConsent).where(
                ContactConsent.user_id == user.id,
                ContactConsent.purpose == about,
                ContactConsent.revoked_at.is_(None),
            )
        )
    }
    wanted, moment = set(channels) & set(choices_of(user)), now()
    new, over = wanted - live.keys(), live.keys() - wanted
    for channel in over:
        live[channel].revoked_at = moment
    for channel in sorted(new):
        db.session.add(ContactConsent(user_id=user.id, purpose=about, channel=channel, granted_at=moment))
    if not wanted and not live and not was_asked(user.id, about):
        db.session.add(
            ContactConsent(user_id=user.id, purpose=about, channel=ContactChannel.INBOX, revoked_at=moment)
        )
    db.session.flush()
    if not new and not over:
        return False
    audit.record(
        "user.consents",
        kind="user",
        subject_id=user.id,
        name=user.name,
        before={"channel": sorted(live)},
        after={"channel": sorted(wanted)},
    )
    return True


def consent_count(channel: ContactChannel, about: About = About.PROGRAMS) -> int:
    """How many people want to be told by ``channel``."""
    return db.session.scalar(select(func.count()).select_from(User).where(agreed(channel, about))) or 0
