"""What the page of a person says about the enterprises that they keep."""

from flask import url_for
from flask_babel import gettext as _
from flask_login import current_user

from app.accounts.models import User
from app.accounts.signals import Section, SectionLine, person_shown
from app.core.access import Role
from app.enterprises.models import Enterprise
from app.enterprises.queries import owned_by
from app.enterprises.screens import state_name


@person_shown.connect
def enterprises_of(person: User) -> Section | None:
    """The enterprises of ``person``: to an operator with links to their cards. Nothing for those who keep none."""
    own = person.id == current_user.id
    if not person.has_role(Role.ENTERPRISE):
        return None
    rows = owned_by(person.id)
    return Section(_("UKM"), tuple(_line(row, own=own) for row in rows), _("Belum ada usaha di akun ini."))


def _line(row: Enterprise, *, own: bool) -> SectionLine:
    url = ""
    if own:
        url = url_for("enterprises.owner_overview", slug=row.slug)
    elif current_user.has_role(Role.OPERATOR):
        url = url_for("enterprises.card", slug=row.slug)
    return SectionLine(row.name, url, state_name(row.state))
