"""Who may act for a cooperative: claims, proposals, decisions, and the end of it."""

from collections.abc import Mapping
from typing import Any

from app.accounts.models import User
from app.accounts.services import set_roles
from app.audit.services import record
from app.cooperatives import messages
from app.cooperatives.models import Cooperative, Listing, Membership, MembershipState
from app.cooperatives.queries import members_of, membership_of, waiting_claims_of
from app.cooperatives.registering import add_cooperative
from app.cooperatives.timeline import hold, note
from app.core.access import Role
from app.core.database import now
from app.core.errors import RuleBroken
from app.core.extensions import db
from app.core.text import N_

MOST_WAITING = 10  # claims of one person that may wait at once
LONGEST_NOTE = 1000


def claim(user: User, cooperative: Cooperative, *, position: str, note: str = "") -> Membership:
    """``user`` asks to act for ``cooperative``; an operator decides. A claim that was refused or has ended may be made again.

    Raises RuleBroken for the office's own people, a cooperative that is not listed or is dissolved, and a claim that stands.
    """
    hold(cooperative)
    if cooperative.listing is not Listing.LISTED:
        raise RuleBroken(N_("Koperasi ini belum ada di register. Usulkan dulu, lalu tunggu pemeriksaan."))
    return _claim(user, cooperative, position=position, letter=note)


def _claim(user: User, cooperative: Cooperative, *, position: str, letter: str) -> Membership:
    if waiting_claims_of(user) >= MOST_WAITING:
        raise RuleBroken(
            N_("Anda punya %(count)s pengajuan yang belum diperiksa. Tunggu hasilnya dulu."),
            count=MOST_WAITING,
        )
    standing = membership_of(user, cooperative)
    if standing is not None and standing.state is MembershipState.PENDING:
        raise RuleBroken(N_("Pengajuan Anda untuk koperasi ini masih menunggu pemeriksaan."))
    membership = membership_for(user, cooperative, position=position)
    membership.note = _letter(letter)
    db.session.flush()
    _trail(membership, "membership.claimed", position=membership.position, note=membership.note)
    _tell_timeline(membership, "claimed", N_("%(name)s mengajukan diri sebagai %(position)s"))
    messages.tell_received(membership)
    return membership


def check_may_act(user: User, cooperative: Cooperative) -> None:
    """Raises RuleBroken when ``user`` can never, or need not, claim ``cooperative``."""
    if user.is_staff:
        raise RuleBroken(N_("Akun petugas Dinas tidak dapat bertindak untuk koperasi. Pakai akun pribadi."))
    if cooperative.dissolved_on is not None:
        raise RuleBroken(N_("Koperasi ini tercatat bubar. Kalau itu keliru, hubungi kantor."))
    membership = membership_of(user, cooperative)
    if membership is not None and membership.state is MembershipState.ACTIVE:
        raise RuleBroken(N_("Anda sudah menjadi pengelola koperasi ini."))


def _position(raw: str) -> str:
    position = " ".join(raw.split())[:200]
    if not position:
        raise RuleBroken(N_("Pilih jabatan Anda."), field="jabatan")
    return position


def _letter(raw: str) -> str:
    letter = raw.strip()
    if len(letter) > LONGEST_NOTE:
        raise RuleBroken(N_("Catatan paling panjang %(most)s huruf."), field="catatan", most=LONGEST_NOTE)
    return letter


def propose(user: User, values: Mapping[str, Any], *, position: str, note: str = "") -> Membership:
    """``user`` proposes a cooperative that the register lacks, and claims it. Both wait for one decision.

    Raises RuleBroken as :func:`claim` and :func:`~app.cooperatives.registering.add_cooperative` do.
    """
    cooperative = add_cooperative(values, listing=Listing.PROPOSED)
    return _claim(user, cooperative, position=position, letter=note)


def decide_claim(
    membership: Membership, *, accept: bool, by: User, reason: str = "", seen: str = ""
) -> Membership:
    """An operator decides a waiting claim; a proposed cooperative enters the register with it, or does not.

    ``seen`` is the address of the cooperative that the page showed, where it is known. Raises RuleBroken when somebody decided
    the claim or pointed it elsewhere meanwhile, and when a refusal has no reason.
    """
    cooperative = _hold_waiting(membership)
    if cooperative.id != membership.cooperative_id or seen not in ("", cooperative.slug):
        raise RuleBroken(
            N_("Pengajuan ini baru dipindahkan ke %(name)s. Periksa lagi, lalu putuskan."),
            name=membership.cooperative.nama_koperasi,
        )
    told = " ".join(reason.split())
    if not accept and not told:
        raise RuleBroken(N_("Isi alasan penolakan. Pengaju membacanya."), field="alasan")
    if cooperative.listing is Listing.PROPOSED:
        _decide_listing(cooperative, Listing.LISTED if accept else Listing.REFUSED, reason=told)
    if accept:
        if not membership.user.is_active:
            raise RuleBroken(N_("Akun orang ini sudah nonaktif. Aktifkan dulu, atau tolak pengajuannya."))
        check_may_act(membership.user, cooperative)
        return activate(membership, by=by)
    membership.state, membership.reason = MembershipState.REFUSED, told
    membership.decided_at, membership.decided_by_id = now(), by.id
    db.session.flush()
    _trail(membership, "membership.refused", state=membership.state, reason=told)
    _tell_timeline(membership, "refused", N_("Pengajuan %(name)s sebagai %(position)s ditolak"))
    messages.tell_refused(membership)
    return membership


def _hold_waiting(membership: Membership) -> Cooperative:
    """The cooperative of a claim that still waits, both held until the decision is written."""
    cooperative = hold(membership.cooperative)
    hold(membership)
    if membership.state is MembershipState.PENDING:
        return cooperative
    if membership.decided_by is not None:
        raise RuleBroken(N_("Pengajuan ini sudah diputuskan oleh %(name)s."), name=membership.decided_by.name)
    raise RuleBroken(N_("Pengajuan ini tidak menunggu keputusan lagi."))


def _decide_listing(cooperative: Cooperative, listing: Listing, *, reason: str) -> None:
    cooperative.listing = listing
    db.session.flush()
    accepted = listing is Listing.LISTED
    record(
        "cooperative.listed" if accepted else "cooperative.refused",
        kind="cooperative",
        subject_id=cooperative.id,
        name=cooperative.nama_koperasi,
        before={"listing": Listing.PROPOSED.value},
        after={"listing": listing.value, "reason": reason},
    )
    template = (
        N_("Usulan diterima; masuk register") if accepted else N_("Usulan masuk register ditolak: %(reason)s")
    )
    note(cooperative, kind="listed", template=template, params={} if accepted else {"reason": reason})


def merge_claim(membership: Membership, *, into: Cooperative, by: User) -> Membership:
    """The proposed cooperative stands in the register already: the claim is pointed there and still waits.

    Raises RuleBroken when the claim is about no proposal, was decided meanwhile, or its person claimed ``into`` before.
    """
    proposal = _hold_waiting(membership)
    if proposal.listing is not Listing.PROPOSED or into.listing is not Listing.LISTED:
        raise RuleBroken(N_("Hanya usulan yang dapat digabung, dan hanya ke koperasi yang ada di register."))
    hold(into)
    check_may_act(membership.user, into)
    earlier = membership_of(membership.user, into)
    if earlier is not None and earlier.state is MembershipState.PENDING:
        raise RuleBroken(
            N_(
                "Orang ini sudah mengajukan diri untuk koperasi itu. Tolak usulan ini dan periksa pengajuan itu."
            )
        )
    if earlier is not None:  # refused or ended before: the new claim takes its place
        db.session.delete(earlier)
        db.session.flush()
    membership.cooperative_id = into.id
    db.session.flush()
    db.session.refresh(membership, ["cooperative"])
    _trail(membership, "membership.merged", cooperative=into.nama_koperasi, proposal=proposal.nama_koperasi)
    _decide_listing(proposal, Listing.REFUSED, reason=into.nama_koperasi)
    _tell_timeline(membership, "claimed", N_("%(name)s mengajukan diri sebagai %(position)s"), by=by)
    return membership


def activate(membership: Membership, *, by: User | None) -> Membership:
    """The person may act from now on; colleagues are told. ``by`` is None for an activation code or a command."""
    user, cooperative = membership.user, membership.cooperative
    membership.state, membership.reason = MembershipState.ACTIVE, ""
    membership.decided_at, membership.decided_by_id = now(), by.id if by else None
    membership.ended_at = None
    db.session.flush()
    set_roles(user, user.roles | {Role.COOPERATIVE})
    _trail(membership, "membership.activated", state=membership.state, position=membership.position)
    _tell_timeline(membership, "joined", N_("%(name)s menjadi pengelola sebagai %(position)s"))
    messages.tell_accepted(membership)
    messages.tell_colleagues(members_of(cooperative), membership)
    return membership


def add_member(user: User, cooperative: Cooperative, *, position: str, by: User | None = None) -> Membership:
    """``user`` may act for ``cooperative`` at once, by the word of the office. Raises RuleBroken as a claim does."""
    hold(cooperative)
    return activate(membership_for(user, cooperative, position=position), by=by)


def membership_for(user: User, cooperative: Cooperative, *, position: str) -> Membership:
    """The one membership of ``user`` in ``cooperative``, made or taken up again, waiting. Raises RuleBroken as a claim does."""
    check_may_act(user, cooperative)
    membership = membership_of(user, cooperative)
    if membership is None:
        membership = Membership(user_id=user.id, cooperative_id=cooperative.id)
        db.session.add(membership)
    elif membership.state is not MembershipState.PENDING:
        membership.requested_at = now()
    membership.position = _position(position)
    membership.state, membership.reason = MembershipState.PENDING, ""
    membership.decided_at = membership.decided_by_id = membership.ended_at = None
    db.session.flush()
    return membership


def end_membership(membership: Membership, *, by: User, reason: str) -> Membership:
    """The person may no longer act; the history stays. Raises RuleBroken without a reason or when it has ended."""
    hold(membership)
    told = " ".join(reason.split())
    if membership.state is not MembershipState.ACTIVE:
        raise RuleBroken(N_("Orang ini bukan pengelola lagi."))
    if not told:
        raise RuleBroken(N_("Isi alasan mengakhiri. Yang bersangkutan membacanya."), field="alasan")
    _end(membership, reason=told, by=by)
    _trail(membership, "membership.ended", state=membership.state, reason=told)
    _tell_timeline(membership, "left", N_("%(name)s bukan lagi pengelola"))
    messages.tell_ended(membership)
    return membership


def withdraw_claim(membership: Membership) -> Membership:
    """The claimant takes a waiting claim back; a proposed cooperative goes with it. Raises RuleBroken once decided."""
    cooperative = _hold_waiting(membership)
    _end(membership, reason="", by=None)
    _trail(membership, "membership.withdrawn", state=membership.state)
    _tell_timeline(membership, "withdrawn", N_("%(name)s menarik pengajuannya"))
    if cooperative.listing is Listing.PROPOSED:
        _decide_listing(cooperative, Listing.REFUSED, reason="ditarik oleh pengusul")
    return membership


def _end(membership: Membership, *, reason: str, by: User | None) -> None:
    membership.state, membership.ended_at, membership.reason = MembershipState.ENDED, now(), reason
    if by is not None:
        membership.decided_by_id = by.id
    db.session.flush()


def _trail(membership: Membership, action: str, **after: Any) -> None:
    """Into the trail, under the cooperative's name and the person's."""
    record(
        action,
        kind="membership",
        subject_id=membership.id,
        name=f"{membership.user.name} – {membership.cooperative.nama_koperasi}",
        after={"user_id": membership.user_id, "cooperative_id": membership.cooperative_id} | after,
    )


def _tell_timeline(membership: Membership, kind: str, template: str, *, by: User | None = None) -> None:
    note(
        membership.cooperative,
        kind=kind,
        template=template,
        params={"name": membership.user.name, "position": membership.position},
        actor_name=by.name if by else None,
    )
