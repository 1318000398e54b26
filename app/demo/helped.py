"""Three cooperatives whom the office helps this morning: one is being typed, one waits for its code, one says that something is wrong."""

from collections.abc import Sequence

from sqlalchemy import exists, select

from app.accounts.models import User
from app.cooperatives.models import Cooperative, Listing
from app.core.database import today
from app.core.extensions import db
from app.questionnaire import helping
from app.questionnaire.models import Report
from app.questionnaire.moves import NotReady
from app.questionnaire.queries import current_edition, events_of, history_condition, last_answers, report_of
from app.questionnaire.waiting import Channel

TYPED = ("tanggal_rat", "status_rat")  # what is of this year, whatever last year's answers were
CALLS = (Channel.PHONE, Channel.VISIT, Channel.LETTER)
REMARK = "SHU keliru. Di buku RAT angkanya lain; telepon kami untuk mencocokkan."


def help_some(operator: User, candidates: Sequence[int]) -> None:
    """Help those of ``candidates`` (ids) that have not begun this year's report; nothing while the year is closed."""
    edition, day = current_edition(), today()
    if edition is None or not edition.opens <= day <= edition.closes:
        return
    begun = exists().where(Report.cooperative_id == Cooperative.id, Report.year == edition.year)
    earlier = exists().where(
        Report.cooperative_id == Cooperative.id, Report.year < edition.year, history_condition()
    )
    query = select(Cooperative).where(
        Cooperative.id.in_(candidates),
        Cooperative.listing == Listing.LISTED,
        Cooperative.dissolved_on.is_(None),
        ~begun,
        earlier,
    )
    found = db.session.scalars(query.order_by(Cooperative.id).limit(len(CALLS))).all()
    for place, cooperative in enumerate(found):
        helping.start_help(
            cooperative,
            year=edition.year,
            by=operator,
            channel=CALLS[place],
            name=cooperative.nama_ketua or "Pengurus Contoh",
            position="Ketua",
        )
        report = report_of(cooperative, edition.year)
        if report is None:
            raise LookupError("a report that was begun just now")
        _type(report, place, operator)
        events = events_of(report)
        report.created_at, report.updated_at = events[0].at, max(report.updated_at, events[-1].at)
        db.session.flush()


def _type(report: Report, place: int, operator: User) -> None:
    """The answers of the year before with this year's RAT; the second waits for its code, the third is disputed."""
    last = last_answers(report.cooperative, report.year)
    if last is None:
        return
    values = {name: value for name, value in last.answers.items() if name not in TYPED}
    values |= {"status_rat": "Sudah RAT", "tanggal_rat": today().replace(month=1, day=1).isoformat()}
    helping.save_helped(report, values=values, base_version=report.version, by=operator)
    if place == 0:
        return
    try:
        _help, code = helping.finish_help(report, by=operator)
    except NotReady:
        return
    if place == len(CALLS) - 1:
        helping.dispute_help(code, remark=REMARK)
