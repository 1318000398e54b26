"""Taking the demonstration out again, and nothing else."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Column, ColumnElement, Table, and_, delete, func, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute

from app.accounts.models import User
from app.audit.services import record
from app.cooperatives.models import Cooperative, Listing, Membership
from app.core.database import Base, today
from app.core.extensions import db
from app.core.writing import writing
from app.demo.clinic import forget_settings
from app.demo.content import forget_checks
from app.demo.desk import begin_numbers_anew
from app.questionnaire import services as questionnaire
from app.questionnaire.checks import standard_checks
from app.questionnaire.editions import fingerprint
from app.questionnaire.models import Edition, Report
from app.questionnaire.questions import standard

GOES_ALONG = frozenset(
    {
        "activation_code.used_by_id",
        "clinic_booking.consultant_id",
        "clinic_closure.consultant_id",
        "clinic_waiting.booking_id",
    }
)
"""References that may be empty, but whose row makes no sense without what they refer to."""

OUTBOX = "outbox_message"
"""Stands a floor below people, so it names them without a reference."""

Doomed = dict[str, ColumnElement[bool]]
"""Table → which of its rows go."""


def remove() -> str:
    """Take every demonstration account and cooperative out, with all that hangs on them; returns a one-line summary.

    What real people did stays, also where a demonstration person had a hand in it: the name stays in the history, the
    reference to the account goes. The trail keeps its entries and gets one more.
    """
    with writing():
        _claim_proposals()
        counts = {
            "koperasi": _count(Cooperative.is_demo),
            "laporan": _count(Report.cooperative_id.in_(select(Cooperative.id).where(Cooperative.is_demo))),
            "orang": _count(User.is_demo),
        }
        if not any(counts.values()):
            return "Tidak ada data peragaan."
        forget_checks()
        _take_out()
        begin_numbers_anew()
        forget_settings()
        _drop_editions()
        questionnaire.rebuild()
        record("demo.removed", kind="import", subject_id=None, name="Data peragaan", before=counts)
    return "Data peragaan dihapus: {koperasi} koperasi, {laporan} laporan, {orang} akun.".format(**counts)


def _count(condition: ColumnElement[bool] | InstrumentedAttribute[bool]) -> int:
    return db.session.scalar(select(func.count()).where(condition)) or 0


def _claim_proposals() -> None:
    """What only demonstration people proposed, while somebody tried the site, belongs to the demonstration as well."""
    people = select(User.id).where(User.is_demo)
    by_demo = select(Membership.cooperative_id).where(Membership.user_id.in_(people))
    by_others = select(Membership.cooperative_id).where(Membership.user_id.not_in(people))
    db.session.execute(
        update(Cooperative)
        .where(
            Cooperative.listing != Listing.LISTED,
            Cooperative.id.in_(by_demo),
            Cooperative.id.not_in(by_others),
        )
        .values(is_demo=True)
        .execution_options(synchronize_session=False)
    )


def _take_out() -> None:
    doomed = doomed_rows()
    last_to_go = [table for table in Base.metadata.sorted_tables if table.name != OUTBOX]
    for table in (
        Base.metadata.tables[OUTBOX],
        *reversed(last_to_go),
    ):  # what refers goes before what it refers to
        if table.name in doomed:
            db.session.execute(delete(table).where(doomed[table.name]))
        for column, target in references(table):
            if target.table.name in doomed and not _goes_along(column):
                gone = select(target).where(doomed[target.table.name])
                db.session.execute(update(table).where(column.in_(gone)).values({column.name: None}))
    db.session.expire_all()


def doomed_rows() -> Doomed:
    """The marked rows, the mail to marked people, and everything that must refer to a row that goes."""
    users, mail = Base.metadata.tables["user"], Base.metadata.tables[OUTBOX]
    programs, files = Base.metadata.tables["program"], Base.metadata.tables["stored_file"]
    their_programs = select(programs.c.id).where(programs.c.is_demo)
    visits = Base.metadata.tables["clinic_booking"]
    their_visits = select(visits.c.id).where(visits.c.is_demo)
    requests = Base.metadata.tables["service_request"]
    their_requests = select(requests.c.id).where(requests.c.is_demo)
    people = select(users.c.id).where(users.c.is_demo)
    addresses = select(users.c.email).where(users.c.is_demo, users.c.email.is_not(None))
    doomed: Doomed = {
        "user": users.c.is_demo,
        "cooperative": Base.metadata.tables["cooperative"].c.is_demo,
        "program": programs.c.is_demo,
        "stored_file": or_(
            and_(files.c.about_kind == "program", files.c.about_id.in_(their_programs)),
            and_(files.c.about_kind == "service_request", files.c.about_id.in_(their_requests)),
            and_(files.c.about_kind == "clinic_booking", files.c.about_id.in_(their_visits)),
        ),
        "service_request": requests.c.is_demo,
        "clinic_booking": visits.c.is_demo,
        "clinic_waiting": Base.metadata.tables["clinic_waiting"].c.is_demo,
        "clinic_rating": Base.metadata.tables["clinic_rating"].c.is_demo,
        "enterprise": Base.metadata.tables["enterprise"].c.is_demo,
        "cluster_run": Base.metadata.tables["cluster_run"].c.is_demo,
        "content_page": Base.metadata.tables["content_page"].c.is_demo,
        "visit_count": Base.metadata.tables["visit_count"].c.is_demo,
        "page_title": Base.metadata.tables["page_title"].c.id > 0,  # noted anew as pages are read
        "missed_search": Base.metadata.tables["missed_search"].c.is_demo,
        OUTBOX: or_(
            mail.c.person_id.in_(people),
            mail.c.to_address.in_(addresses),
            mail.c.to_address.in_(select(requests.c.email).where(requests.c.is_demo)),
        ),
    }
    for table in Base.metadata.sorted_tables:
        reasons = [
            column.in_(select(target).where(doomed[target.table.name]))
            for column, target in references(table)
            if target.table.name in doomed and _goes_along(column)
        ]
        if reasons:
            marked = [doomed[table.name]] if table.name in doomed else []
            doomed[table.name] = or_(*marked, *reasons)
    return doomed


def references(table: Table) -> Iterator[tuple[Column[Any], Column[Any]]]:
    """The columns of ``table`` that refer to another table, with the columns that they refer to."""
    for key in table.foreign_keys:
        yield key.parent, key.column


def _goes_along(column: Column[Any]) -> bool:
    return not column.nullable or f"{column.table.name}.{column.name}" in GOES_ALONG


def _drop_editions() -> None:
    """Book years that only the demonstration had, unless somebody changed their questions; this year's is made anew."""
    untouched = fingerprint(standard().to_json(), standard_checks())
    only_here = select(Edition).where(
        Edition.year < today().year,
        Edition.digest == untouched,
        Edition.id.not_in(select(Report.edition_id)),
    )
    for edition in db.session.scalars(only_here):
        db.session.delete(edition)
    db.session.flush()
    questionnaire.ensure_editions(today())
