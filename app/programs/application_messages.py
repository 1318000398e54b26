"""What applicants are told when their application moves: in the site's inbox, and by e-mail where they have an address."""

from flask_babel import force_locale, gettext

from app.cooperatives.messages import address
from app.core.i18n import say
from app.core.text import N_, Text
from app.notifications.inbox import tell
from app.notifications.services import queue_email
from app.programs.application_models import ProgramApplication
from app.programs.application_rules import Progress

NEWS = {
    Progress.WAITLISTED: N_("%(name)s masuk daftar tunggu program %(program)s."),
    Progress.ACCEPTED: N_("%(name)s diterima di program %(program)s."),
    Progress.REFUSED: N_("Pendaftaran %(name)s di program %(program)s ditolak: %(reason)s"),
}


def page_of(application: ProgramApplication) -> str:
    """Where the applicant sees it."""
    return f"/akun/program/{application.id}"


def tell_applicant(application: ProgramApplication) -> None:
    """Tell whoever applied that it was decided or moved up. What they did themselves they know."""
    template = NEWS.get(application.state)
    if template is None:
        return
    person, link = application.user, page_of(application)
    params = {"name": application.name, "program": application.program.title, "reason": application.reason}
    tell(
        [person.id],
        template,
        params,
        kind="application",
        subject=f"application:{application.id}:{application.version}",
        link=link,
    )
    if not person.email or not person.is_active:
        return
    with force_locale("id"):
        queue_email(
            kind="application",
            to_name=person.name,
            to_address=person.email,
            subject=gettext("Pendaftaran Anda di program %(program)s", program=application.program.title),
            body="\n\n".join(
                (say(Text(template, params)), gettext("Lihat keterangannya di %(link)s.", link=address(link)))
            ),
            person_id=person.id,
        )
