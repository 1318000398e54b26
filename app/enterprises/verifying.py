"""What the office decides about a registration."""

from sqlalchemy import exists, select

from app.accounts.models import User
from app.cooperatives.timeline import hold
from app.core.database import now, today
from app.core.errors import RuleBroken
from app.core.extensions import db
from app.core.parsing import fold_lines
from app.core.text import N_
from app.enterprises import messages
from app.enterprises.history import RETURNED, note, trail
from app.enterprises.links import make_link, renew_links
from app.enterprises.models import Enterprise, EnterpriseEvent
from app.enterprises.publication import currency_of, live_purposes, start_of
from app.enterprises.queries import IN_REGISTER
from app.enterprises.registering import NEEDED, check_seen, pictures
from app.enterprises.rules import Currency, Purpose, State
from app.files.prepared import Prepared
from app.files.services import keep

LONGEST_NOTE = 2000
VISIT = "enterprise_event"


def verify(
    enterprise: Enterprise,
    *,
    by: User,
    words: str = "",
    picture: Prepared | None = None,
    version: int | None = None,
) -> None:
    """An operator looked: a waiting registration enters the register, one that is there counts as confirmed.

    ``words`` and ``picture`` are of the visit and stay in the office. Raises RuleBroken for a row in another state, for one
    that changed since ``version``, and for one without what a listing needs.
    """
    hold(enterprise)
    check_seen(enterprise, version)
    words = told(words, field="catatan")
    if enterprise.state not in (State.WAITING, State.LISTED, State.HIDDEN):
        raise RuleBroken(N_("Pendaftaran ini tidak menunggu pemeriksaan."))
    for field, sentence in NEEDED.items():
        if not getattr(enterprise, field):
            raise RuleBroken(sentence)
    before = enterprise.state
    entered = before is State.WAITING
    shown = Purpose.LISTING in live_purposes(enterprise)
    enterprise.verified_at = enterprise.confirmed_at = now()
    renew_links(enterprise)
    if entered:
        enterprise.state = State.LISTED if shown else State.HIDDEN
        pictures(enterprise, public=shown)
    db.session.flush()
    template = N_("Diperiksa dan masuk register") if entered else N_("Diperiksa lagi")
    event = note(enterprise, kind="verified", template=template, words=words)
    if picture is not None:
        event.picture_token = keep(picture, about=(VISIT, event.id), public=False, by=by).token
        db.session.flush()
    trail(enterprise, "enterprise.verified", before={"state": before}, after={"state": enterprise.state})
    if entered:
        messages.tell_listed(enterprise, shown=shown)


def give_back(enterprise: Enterprise, *, reason: str, version: int | None = None) -> None:
    """Something is wrong: the owner is told what, and sends it again. Out of sight until then.

    Raises RuleBroken without a reason, for a row that changed since ``version``, and for one that is a draft or gone.
    """
    hold(enterprise)
    check_seen(enterprise, version)
    words = told(reason, field="alasan")
    if enterprise.state not in (State.WAITING, State.LISTED, State.HIDDEN):
        raise RuleBroken(N_("Pendaftaran ini tidak menunggu pemeriksaan."))
    if not words:
        raise RuleBroken(N_("Isi apa yang harus diperbaiki. Pemilik membacanya."), field="alasan")
    before = enterprise.state
    enterprise.state, enterprise.return_reason = State.RETURNED, words
    pictures(enterprise, public=False)
    db.session.flush()
    note(enterprise, kind=RETURNED, template=N_("Dikembalikan untuk diperbaiki"), words=words)
    trail(
        enterprise,
        "enterprise.returned",
        before={"state": before},
        after={"state": enterprise.state, "reason": words},
    )
    messages.tell_returned(enterprise)


def issue_link(enterprise: Enterprise) -> str:
    """A new secret link for an owner who lost theirs; earlier ones end. Returns its token, which is shown once."""
    hold(enterprise)
    if enterprise.state in (State.MERGED, State.DELETED):
        raise RuleBroken(N_("Data usaha ini sudah dihapus atau digabung, jadi tidak dapat diubah."))
    token = make_link(enterprise)
    messages.send_link(enterprise, token)
    note(enterprise, kind="link", template=N_("Tautan baru dibuat untuk pemilik"))
    trail(enterprise, "enterprise.link_issued")
    return token


def remind(enterprise: Enterprise) -> bool:
    """Ask the owner to confirm, by e-mail; whether there was an address. Raises RuleBroken for one that was confirmed
    meanwhile, and for one of whom a colleague has reminded the owner today."""
    hold(enterprise)
    if enterprise.state not in IN_REGISTER or currency_of(enterprise) is Currency.CURRENT:
        raise RuleBroken(
            N_("%(name)s sudah dikonfirmasi, jadi pemiliknya tidak perlu diingatkan."), name=enterprise.name
        )
    reminded = exists().where(
        EnterpriseEvent.enterprise_id == enterprise.id,
        EnterpriseEvent.kind == "reminded",
        EnterpriseEvent.at >= start_of(today()),
    )
    if db.session.scalar(select(reminded)):
        raise RuleBroken(N_("Pemilik %(name)s sudah diingatkan hari ini."), name=enterprise.name)
    sent = messages.tell_stale(enterprise)
    note(enterprise, kind="reminded", template=N_("Pemilik diingatkan untuk mengonfirmasi data"))
    return sent


def told(raw: str, *, field: str) -> str:
    """What somebody wrote, tidied. Raises RuleBroken for too much of it."""
    words = fold_lines(raw).strip()
    if len(words) > LONGEST_NOTE:
        raise RuleBroken(N_("Catatan paling panjang %(most)s huruf."), field=field, most=LONGEST_NOTE)
    return words
