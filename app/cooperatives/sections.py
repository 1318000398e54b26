"""What the page of a person says about the cooperatives that they act for."""

from flask import url_for
from flask_babel import gettext as _
from flask_login import current_user

from app.accounts.models import User
from app.accounts.signals import Section, SectionLine, person_shown
from app.cooperatives.models import Membership, MembershipState
from app.cooperatives.queries import claims_of
from app.core.access import Role


@person_shown.connect
def cooperatives_of(person: User) -> Section | None:
    """The cooperatives of ``person``: to an operator with links to their cards. Nothing for those who never claimed one."""
    claims = [
        claim
        for claim in claims_of(person)
        if claim.state in (MembershipState.ACTIVE, MembershipState.PENDING)
    ]
    own = person.id == current_user.id
    if not claims and not (own and person.has_role(Role.COOPERATIVE)):
        return None
    return Section(
        _("Koperasi"), tuple(_line(claim, own=own) for claim in claims), _("Belum mewakili koperasi.")
    )


def _line(claim: Membership, *, own: bool) -> SectionLine:
    url = ""
    if own:
        url = url_for("cooperatives.mine")
    elif current_user.has_role(Role.OPERATOR):
        url = url_for("cooperatives.card", slug=claim.cooperative.slug)
    waits = claim.state is MembershipState.PENDING
    return SectionLine(
        claim.cooperative.nama_koperasi, url, _("menunggu pemeriksaan") if waits else claim.position
    )
