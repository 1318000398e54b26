"""What an editor who leaves hands on: the pages that they keep."""

from flask_babel import gettext

from app.accounts.models import User
from app.accounts.signals import Section, SectionLine, person_deactivated, roles_taken, work_asked
from app.content import services
from app.content.queries import pages_of
from app.content.rules import KIND_NAMES, NEVER_DUE
from app.core.access import Role
from app.core.formatting import long_date
from app.core.i18n import say


@person_deactivated.connect
def hand_over(person: User, successor: User | None = None) -> None:
    """Give the pages of somebody who left to ``successor``; without one they are listed as kept by nobody."""
    services.hand_over(person, successor)


@roles_taken.connect
def put_back(person: User, roles: frozenset[Role]) -> None:
    """The pages of somebody who is no editor any more are listed as kept by nobody."""
    if Role.EDITOR in roles:
        services.hand_over(person, None)


@work_asked.connect
def work_left(person: User) -> Section | None:
    """The pages that ``person`` keeps."""
    lines = tuple(
        SectionLine(
            page.title,
            f"/dinas/konten/{page.id}",
            say(KIND_NAMES[page.kind])
            if page.due_on == NEVER_DUE
            else gettext("diperiksa paling lambat %(day)s", day=long_date(page.due_on)),
        )
        for page in pages_of(person)
    )
    return Section(gettext("Halaman yang ia rawat"), lines) if lines else None
