"""The jobs that run by the clock."""

from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import delete, exists, select

from app.accounts import retention as accounts
from app.accounts.models import Attempt, KeptForm, OneTimeLink
from app.accounts.rules import LOOK_BACK
from app.clinic import clock as clinic
from app.clinic import retention as visitors
from app.content import checking
from app.core.database import now
from app.core.extensions import db
from app.core.text import N_
from app.core.writing import writing
from app.desk import retention
from app.enterprises.clusters import queries as clusters
from app.enterprises.clusters import running as clustering
from app.intake.enterprises import writing as lists
from app.notifications import delivery, queries
from app.notifications.models import MessageState, OutboxMessage
from app.notifications.services import expire_overdue
from app.operations import records
from app.operations.backup import working as backup
from app.operations.models import JobRun
from app.operations.rules import Job
from app.programs import telling
from app.quality import queries as quality
from app.quality import services as comparing
from app.questionnaire import uploads
from app.questionnaire.models import ReportSave
from app.review import reminding

RUNS_KEPT = timedelta(days=60)
LINKS_KEPT = timedelta(days=90)
SAVES_KEPT = timedelta(days=180)  # a telephone may come back with a draft months later


def send_mail() -> str:
    """Deliver what waits in the outbox."""
    outcome = delivery.deliver(limit=200)
    if outcome.trouble:
        raise RuntimeError(f"{outcome.trouble} ({outcome.sent} terkirim)")
    return f"{outcome.sent} terkirim, {outcome.refused} ditolak"


def mail_is_due() -> bool:
    """Whether a mail server is set up and something waits for it."""
    return delivery.is_configured() and queries.anything_due()


def tidy_up() -> str:
    """Forget what nobody needs any more: old tries, links long past, old runs, links of messages that came too late, and
    uploads that nobody decided.
    """
    moment = now()
    with writing() as session:
        overdue = expire_overdue()
        tries = session.execute(
            delete(Attempt).where(Attempt.at < moment - LOOK_BACK).returning(Attempt.id)
        ).all()
        long_past = OneTimeLink.expires_at < moment - LINKS_KEPT
        links = session.execute(delete(OneTimeLink).where(long_past).returning(OneTimeLink.id)).all()
        old_runs = JobRun.started_at < moment - RUNS_KEPT
        runs = session.execute(delete(JobRun).where(old_runs).returning(JobRun.id)).all()
        sheets = uploads.tidy() + lists.tidy()
        session.execute(delete(KeptForm).where(KeptForm.expires_at < moment))
        session.execute(delete(ReportSave).where(ReportSave.at < moment - SAVES_KEPT))
        records.tidy(moment)
        accounts.tidy(moment)
    return (
        f"{len(tries)} percobaan masuk, {len(links)} tautan, {len(runs)} catatan jadwal, "
        f"{overdue} pesan kedaluwarsa, {sheets} unggahan"
    )


def anything_to_tidy() -> bool:
    """Whether :func:`tidy_up` would find something."""
    moment = now()
    late = (OutboxMessage.state == MessageState.WAITING) & (OutboxMessage.expires_at < moment)
    return bool(
        db.session.scalar(
            select(
                exists().where(Attempt.at < moment - LOOK_BACK)
                | exists().where(OneTimeLink.expires_at < moment - LINKS_KEPT)
                | exists().where(JobRun.started_at < moment - RUNS_KEPT)
                | exists().where(late)
                | exists().where(uploads.undecided_too_long())
                | exists().where(lists.left_lying())
                | exists().where(KeptForm.expires_at < moment)
                | exists().where(ReportSave.at < moment - SAVES_KEPT)
                | accounts.long_past(moment)
            )
        )
    )


def compare_new() -> str:
    """Compare the reports that came in with others, so that the queue knows what stands out; quick, without the forest."""
    return _kept(comparing.study_waiting())


def compare_all() -> str:
    """Compare all reports of each year in which something changed, with the forest."""
    return _kept(comparing.study(year) for year in quality.changed_years())


def _kept(studies: Iterable[comparing.Study]) -> str:
    looked, new = 0, 0
    for found in studies:
        with writing():
            new += comparing.keep(found)
        looked += len(found.seen)
    return f"{looked} laporan dibandingkan, {new} dengan hasil baru"


def anything_changed() -> bool:
    """Whether :func:`compare_all` would find something."""
    return bool(quality.changed_years())


def send_reminders() -> str:
    """Remind those who have not filed, on the days before the deadline that the office has set."""
    cooperatives, messages = reminding.remind_all()
    return f"{cooperatives} koperasi, {messages} pesan"


def forget_requesters() -> str:
    """Delete what people said about themselves in requests that were closed long ago, as the site promises."""
    with writing():
        erased = retention.erase_due()
    return f"{erased} permohonan"


def forget_visitors() -> str:
    """Delete what visitors of the clinic said about themselves long ago, and holds that came to nothing."""
    with writing():
        erased = visitors.erase_due()
    return f"{erased} janji klinik"


def tell_of_programs() -> str:
    """Tell those who agreed of the programmes that have become public, by hand or by the clock."""
    programs, people = telling.tell_waiting()
    return f"{programs} program, {people} orang"


JOBS = (
    Job(
        "programs",
        N_("Kabarkan program"),
        every=timedelta(seconds=30),
        work=tell_of_programs,
        wanted=telling.anything_to_tell,
    ),
    Job("outbox", N_("Kirim surel"), every=timedelta(seconds=30), work=send_mail, wanted=mail_is_due),
    Job(
        "compare",
        N_("Bandingkan laporan baru"),
        every=timedelta(seconds=30),
        work=compare_new,
        wanted=quality.waits,
    ),
    Job(
        "forest",
        N_("Bandingkan semua laporan"),
        every=timedelta(hours=1),
        work=compare_all,
        wanted=anything_changed,
    ),
    Job("tidy", N_("Buang catatan usang"), every=timedelta(hours=1), work=tidy_up, wanted=anything_to_tidy),
    Job(
        backup.JOB,
        N_("Cadangkan data"),
        every=timedelta(hours=1),
        work=backup.back_up,
        wanted=backup.is_due,
        at_most=timedelta(hours=2),
    ),
    Job(
        backup.DRILL_JOB,
        N_("Uji pulih cadangan"),
        every=timedelta(hours=1),
        work=backup.try_newest,
        wanted=backup.drill_is_due,
        at_most=timedelta(hours=2),
    ),
    Job(
        "remind",
        N_("Ingatkan yang belum lapor"),
        every=timedelta(hours=6),
        work=send_reminders,
        wanted=reminding.anybody_to_remind,
    ),
    Job(
        "requests",
        N_("Hapus data pemohon lama"),
        every=timedelta(hours=6),
        work=forget_requesters,
        wanted=retention.anything_to_erase,
    ),
    Job(
        "clinic",
        N_("Tawarkan dan ingatkan janji klinik"),
        every=timedelta(seconds=30),
        work=clinic.work,
        wanted=clinic.anything_to_do,
    ),
    Job(
        "visitors",
        N_("Hapus data pengunjung klinik lama"),
        every=timedelta(hours=6),
        work=forget_visitors,
        wanted=visitors.anything_to_erase,
    ),
    Job(
        "links",
        N_("Periksa tautan halaman"),
        every=checking.EVERY,
        work=checking.work,
        wanted=checking.is_due,
    ),
    Job(
        "clusters",
        N_("Kelompokkan UKM"),
        every=timedelta(seconds=30),
        work=clustering.work_by_clock,
        wanted=clusters.anything_to_do,
        at_most=timedelta(minutes=40),
    ),
)
