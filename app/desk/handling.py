"""What an operator does with a request: take it, hand it on, write, extend, close, reopen. Verbs flush."""

from collections.abc import Sequence

from app.accounts.models import User
from app.cooperatives.timeline import hold
from app.core.access import Role
from app.core.database import now, today
from app.core.errors import RuleBroken
from app.core.extensions import db
from app.core.formatting import clock
from app.core.parsing import fold_lines, fold_space
from app.core.text import N_
from app.core.working_days import add_working_days
from app.desk import messages, rules
from app.desk.happening import LINKED, happened, record, tell_timeline
from app.desk.models import ABOUT, ServiceRequest, ServiceTerm
from app.desk.queries import extension_for
from app.desk.rules import GROUNDS, OUTCOME_NAMES, Kind, Outcome, Step
from app.desk.services import CLOSED, search_text
from app.enterprises.models import Enterprise
from app.enterprises.parties import KNOWN, Party, columns, name_of
from app.files.prepared import Prepared
from app.files.queries import files_about

SHORTEST = 5  # characters of a reason or message that says something


def take(request: ServiceRequest, *, by: User) -> ServiceRequest:
    """``by`` works on it from now on. Of two who take it at the same moment, the second is told who was quicker."""
    _hold_open(request)
    if request.assignee_id == by.id:
        return request
    if request.assignee_id is not None and request.taken_at is not None:
        colleague = db.session.get_one(User, request.assignee_id).name
        raise RuleBroken(
            N_("%(name)s sudah mengambil permohonan ini pukul %(time)s."),
            name=colleague,
            time=clock(request.taken_at),
        )
    return _give(request, to=by, by=by, step=Step.TAKEN)


def assign(request: ServiceRequest, *, to: User | None, by: User) -> ServiceRequest:
    """Hand it to a colleague, take it over (``to`` is ``by``), or put it back for anybody (None)."""
    _hold_open(request)
    if to is None:
        before = {"assignee": _holder(request)}
        request.assignee_id = request.taken_at = None
        happened(request, Step.RELEASED, by=by)
        record(request, "released", before=before)
        return request
    if not to.has_role(Role.OPERATOR) or not to.is_active:
        raise RuleBroken(N_("Pilih operator yang masih aktif."), field="petugas")
    if request.assignee_id == to.id:
        return request
    return _give(request, to=to, by=by, step=Step.ASSIGNED)


def _give(request: ServiceRequest, *, to: User, by: User, step: Step) -> ServiceRequest:
    before = {"assignee": _holder(request)}
    request.assignee_id, request.taken_at = to.id, now()
    happened(request, step, by=by, params={"to": to.name})
    record(request, step.value, before=before, after={"assignee": to.name})
    return request


def _holder(request: ServiceRequest) -> str:
    return request.assignee.name if request.assignee else ""


def _hold_open(request: ServiceRequest) -> None:
    hold(request)
    if not request.is_open:
        raise RuleBroken(CLOSED)


def note(request: ServiceRequest, *, body: str, by: User) -> ServiceRequest:
    """Something for colleagues only."""
    hold(request)
    happened(request, Step.NOTE, by=by, body=_said(body, "catatan", N_("Tulis catatannya.")))
    request.has_news = False
    record(request, "noted")
    return request


def message(
    request: ServiceRequest, *, body: str, by: User, files: Sequence[Prepared] = ()
) -> ServiceRequest:
    """Write to the requester: seen with the number and code, and sent by e-mail where one is known."""
    hold(request)
    _bear(request, files)
    said = _said(body, "pesan", N_("Tulis pesannya."))
    happened(request, Step.MESSAGE, by=by, body=said, files=files)
    request.has_news = False
    record(request, "messaged", after={"email": bool(request.email)})
    messages.tell_message(request, said)
    return request


def _bear(request: ServiceRequest, files: Sequence[Prepared]) -> None:
    if files and len(files_about(ABOUT, request.id)) + len(files) > rules.MOST_FILES_IN_ALL:
        raise RuleBroken(
            N_("Paling banyak %(most)s berkas untuk satu permohonan."),
            field="berkas",
            most=rules.MOST_FILES_IN_ALL,
        )


def _said(raw: str, field: str, ask: str) -> str:
    said = fold_lines(raw)[: rules.LONGEST]
    if len(said) < SHORTEST:
        raise RuleBroken(ask, field=field)
    return said


def extend(request: ServiceRequest, *, reason: str, by: User) -> ServiceRequest:
    """More time, once, with a reason that the requester reads; counted from the first due day (UU 14/2008 art. 22)."""
    _hold_open(request)
    if request.extended_from is not None:
        raise RuleBroken(N_("Batas permohonan ini sudah pernah diperpanjang. Hanya boleh satu kali."))
    why = _said(reason, "alasan_waktu", N_("Tulis alasannya. Pemohon membacanya."))
    days = extension_for(request.kind)
    request.extended_from, request.extension_reason = request.due_on, why
    request.due_on = add_working_days(request.due_on, days)
    happened(
        request, Step.EXTENDED, by=by, body=why, params={"due": request.due_on.isoformat(), "days": days}
    )
    record(
        request,
        "extended",
        before={"due": request.extended_from},
        after={"due": request.due_on, "reason": why},
    )
    messages.tell_extended(request)
    return request


def close(
    request: ServiceRequest,
    *,
    outcome: str,
    body: str,
    by: User,
    reason: str = "",
    ground: str = "",
    referred_to: str = "",
    files: Sequence[Prepared] = (),
) -> ServiceRequest:
    """Its outcome and the closing words, which the requester reads. Raises RuleBroken, with the field, for what is missing."""
    _hold_open(request)
    if outcome not in OUTCOME_NAMES[request.kind]:
        raise RuleBroken(N_("Pilih hasilnya."), field="hasil")
    _bear(request, files)
    found = Outcome(outcome)
    withheld = found is Outcome.REFUSED or found is Outcome.PARTLY
    body_of = fold_space(referred_to)[:200]
    if found is Outcome.REFERRED and len(body_of) < SHORTEST - 2:
        raise RuleBroken(N_("Tulis nama instansi yang menangani."), field="instansi")
    if withheld and request.kind is Kind.INFORMATION and ground not in GROUNDS:
        raise RuleBroken(N_("Pilih dasar hukumnya."), field="dasar")
    why = _said(reason, "alasan", N_("Tulis alasannya. Pemohon membacanya.")) if withheld else ""
    request.closing_message = _said(body, "penutup", N_("Tulis pesan penutup untuk pemohon."))
    request.outcome, request.closed_at, request.closed_by = found, now(), by.name
    request.reason = why
    request.ground = ground if withheld and request.kind is Kind.INFORMATION else ""
    request.referred_to = body_of if found is Outcome.REFERRED else ""
    request.has_news = False
    if request.assignee_id is None:
        request.assignee_id, request.taken_at = by.id, now()
    happened(
        request, Step.CLOSED, by=by, body=request.closing_message, files=files, params={"outcome": found}
    )
    record(request, "closed", after={"outcome": found, "reason": why, "referred_to": request.referred_to})
    tell_timeline(request, N_("Permohonan %(number)s dijawab"))
    messages.tell_closed(request)
    return request


def reopen(request: ServiceRequest, *, reason: str, by: User) -> ServiceRequest:
    """Work goes on, with a reason that the requester reads; as long as the first time, counted from today."""
    hold(request)
    if request.is_open:
        raise RuleBroken(N_("Permohonan ini belum ditutup."))
    if request.erased_at is not None:
        raise RuleBroken(N_("Data pemohon sudah dihapus, jadi permohonan ini tidak dapat dibuka lagi."))
    why = _said(reason, "alasan_buka", N_("Tulis alasannya. Pemohon membacanya."))
    before = {"outcome": request.outcome}
    request.outcome = request.closed_at = request.rating = None
    request.closed_by = request.closing_message = request.reason = request.ground = request.referred_to = ""
    request.assignee_id, request.taken_at = by.id, now()
    request.due_on = max(request.due_on, add_working_days(today(), request.days))
    happened(request, Step.REOPENED, by=by, body=why, params={"due": request.due_on.isoformat()})
    record(request, "reopened", before=before, after={"reason": why})
    tell_timeline(request, N_("Permohonan %(number)s dibuka kembali"))
    messages.tell_message(request, why)
    return request


def link(request: ServiceRequest, party: Party | None) -> ServiceRequest:
    """Say which cooperative or UKM asks, or that none does. Raises RuleBroken for a UKM that has just gone."""
    if isinstance(party, Enterprise) and hold(party).state not in KNOWN:
        raise RuleBroken(N_("UKM ini sudah tidak ada di register."))
    hold(request)
    before = _linked_to(request.party)
    for name, value in columns(party).items():
        setattr(request, name, value)
    if party and not request.organisation:
        request.organisation = name_of(party)[:200]
        request.search_text = search_text(request)
    db.session.flush()
    record(request, "linked", before=before, after=_linked_to(party))
    tell_timeline(request, LINKED, about=request.title)
    return request


def _linked_to(party: Party | None) -> dict[str, str]:
    """For the trail: a UKM by its number, since its name goes when its owner wishes."""
    if isinstance(party, Enterprise):
        return {"enterprise": str(party.id)}
    return {"cooperative": name_of(party)}


def set_term(service_slug: str, days: int | None) -> None:
    """In how many working days one service is answered; None: in the office's usual number. Due days already given stand."""
    term = db.session.get(ServiceTerm, service_slug)
    if days is None:
        if term is not None:
            db.session.delete(term)
    elif term is None:
        db.session.add(ServiceTerm(service_slug=service_slug, days=days))
    else:
        term.days = days
    db.session.flush()
