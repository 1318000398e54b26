"""Receiving a request, and what its requester may do with it. Verbs flush; the route's write unit commits."""

from collections.abc import Sequence

from flask import current_app

from app.accounts.models import User
from app.cooperatives.timeline import hold
from app.core.database import now, office_zone, today
from app.core.errors import RuleBroken
from app.core.extensions import db
from app.core.parsing import fold_lines
from app.core.search import searchable
from app.core.text import N_
from app.core.upsert import insert_into
from app.core.working_days import add_working_days
from app.desk import messages, rules
from app.desk.asking import Asking
from app.desk.happening import RECEIVED, happened, record, tell_timeline
from app.desk.models import ABOUT, RequestSeries, ServiceRequest
from app.desk.queries import days_for, replies_lately, request_by_key, sent_lately
from app.desk.rules import Outcome, Step
from app.files.prepared import Prepared
from app.files.queries import files_about

TOO_MANY = N_(
    "Sudah ada %(count)s permohonan dari nomor atau surel ini hari ini. Tambahkan pesan ke permohonan yang ada, atau hubungi kantor."
)
CLOSED = N_("Permohonan ini sudah ditutup.")


def receive(
    asking: Asking,
    *,
    form_key: str,
    files: Sequence[Prepared] = (),
    by: User | None = None,
    requester: User | None = None,
    is_demo: bool = False,
) -> ServiceRequest:
    """Give the request its number and due day; ``by`` is the operator who records it for somebody else.

    The same form sent twice, also at the same moment, gives the same request. Raises RuleBroken for too many from the same
    number or address. What people of the demonstration send belongs to it.
    """
    prefix, year = rules.number_of(asking.kind, today().year, 0).rpartition("-")[0], today().year
    _line_up(prefix)
    if (earlier := request_by_key(form_key)) is not None:
        return earlier
    if by is None and sent_lately(asking.phone, asking.email) >= rules.A_DAY:
        raise RuleBroken(TOO_MANY, count=rules.A_DAY)
    received, days = asking.received_on or today(), days_for(asking.kind, asking.service_slug)
    number = rules.number_of(asking.kind, year, _next(prefix))
    request = ServiceRequest(
        **vars(asking) | {"received_on": received},
        number=number,
        form_key=form_key,
        region=current_app.config["REGION"],
        is_demo=is_demo or any(person.is_demo for person in (by, requester) if person),
        created_by_id=by.id if by else None,
        requester_id=requester.id if requester else None,
        days=days,
        due_on=add_working_days(received, days),
        search_text="",
    )
    request.search_text = search_text(request)
    db.session.add(request)
    db.session.flush()
    happened(
        request, Step.RECEIVED, by=by, body=asking.question, files=files, params={"channel": asking.channel}
    )
    record(
        request,
        "received",
        after={"channel": asking.channel, "service": asking.service_name, "due": request.due_on},
        by_requester=by is None and requester is None,
    )
    tell_timeline(request, RECEIVED, about=request.title)
    messages.tell_received(request)
    return request


def request_of(id_: int) -> ServiceRequest:
    """A request that was just received, read anew."""
    return db.session.get_one(ServiceRequest, id_)


def _line_up(series: str) -> None:
    """Whoever takes a number of ``series`` goes after whoever is just taking one, on PostgreSQL too."""
    insert = insert_into(RequestSeries).values(series=series, last=0)
    db.session.execute(
        insert.on_conflict_do_update(index_elements=["series"], set_={"last": RequestSeries.last})
    )


def _next(series: str) -> int:
    row = db.session.get_one(RequestSeries, series, populate_existing=True)
    row.last += 1
    return row.last


def search_text(request: ServiceRequest) -> str:
    """By what an operator looks for a request: number, name, organisation, telephone, service."""
    return searchable(
        request.name,
        request.number,
        request.organisation,
        dialled(request.phone),
        request.email,
        request.service_name,
        request.letter_number,
    )


def dialled(e164: str | None) -> str:
    """A number as people type it: with a leading zero and without."""
    return f"0{e164.removeprefix('+62')} {e164.removeprefix('+')}" if e164 else ""


def reply(request: ServiceRequest, *, body: str, files: Sequence[Prepared] = ()) -> ServiceRequest:
    """Its requester adds a message. Raises RuleBroken for nothing, too much, too often, and long after the answer."""
    hold(request)
    said = fold_lines(body)[: rules.LONGEST]
    if not said and not files:
        raise RuleBroken(N_("Tulis pesan Anda, atau pilih berkas."), field="pesan")
    closed_on = request.closed_at.astimezone(office_zone()).date() if request.closed_at else None
    if not rules.may_reply(closed_on, today()) or request.erased_at is not None:
        raise RuleBroken(N_("Permohonan ini sudah lama ditutup. Buat permohonan baru."))
    if replies_lately(request) >= rules.A_DAY_REPLIES:
        raise RuleBroken(
            N_("Hari ini sudah banyak pesan. Lanjutkan besok, atau hubungi kantor."), field="pesan"
        )
    if len(files_about(ABOUT, request.id)) + len(files) > rules.MOST_FILES_IN_ALL:
        raise RuleBroken(
            N_("Paling banyak %(most)s berkas untuk satu permohonan."),
            field="berkas",
            most=rules.MOST_FILES_IN_ALL,
        )
    happened(request, Step.REPLY, by=None, body=said, files=files)
    request.has_news = True
    db.session.flush()
    record(request, "replied", by_requester=True)
    return request


def withdraw(request: ServiceRequest) -> ServiceRequest:
    """Its requester needs no answer any more. Raises RuleBroken when it has one."""
    hold(request)
    if not request.is_open:
        raise RuleBroken(CLOSED)
    request.outcome, request.closed_at, request.has_news = Outcome.WITHDRAWN, now(), False
    happened(request, Step.CLOSED, by=None, params={"outcome": Outcome.WITHDRAWN})
    record(request, "closed", after={"outcome": Outcome.WITHDRAWN}, by_requester=True)
    tell_timeline(request, N_("Permohonan %(number)s dicabut pemohon"))
    return request


def rate(request: ServiceRequest, *, rating: int | None, remark: str) -> ServiceRequest:
    """Its requester says how the answer was; the latest word counts. Raises RuleBroken while it is open, and for no figure."""
    hold(request)
    if request.is_open or request.outcome is Outcome.WITHDRAWN:
        raise RuleBroken(N_("Permohonan ini belum dijawab, jadi belum bisa dinilai."))
    if rating not in rules.RATINGS:
        raise RuleBroken(N_("Pilih satu penilaian."), field="nilai")
    request.rating, request.remark = rating, fold_lines(remark)[:1000]
    happened(request, Step.RATED, by=None, body=request.remark, params={"rating": rating})
    record(request, "rated", after={"rating": rating}, by_requester=True)
    return request
