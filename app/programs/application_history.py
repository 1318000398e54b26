"""Applications in the history of the cooperative or UKM that sent them."""

from app.cooperatives.timeline import note
from app.core.text import N_
from app.enterprises import history
from app.programs.application_models import ProgramApplication
from app.programs.application_rules import Progress

SENTENCES = {
    Progress.WAITING: N_("Mendaftar program %(program)s, menunggu pemeriksaan"),
    Progress.WAITLISTED: N_("Masuk daftar tunggu program %(program)s"),
    Progress.ACCEPTED: N_("Diterima di program %(program)s"),
    Progress.REFUSED: N_("Pendaftaran program %(program)s ditolak"),
    Progress.WITHDRAWN: N_("Pendaftaran program %(program)s ditarik"),
}


def on_timeline(application: ProgramApplication) -> None:
    """Say where it stands now."""
    program, sentence = application.program, SENTENCES[application.state]
    told, link = {"program": program.title}, f"/program/{program.slug}"
    if application.cooperative is not None:
        note(application.cooperative, kind="program", template=sentence, params=told, link=link)
    if application.enterprise is not None:
        history.note(application.enterprise, kind="program", template=sentence, params=told | {"link": link})
