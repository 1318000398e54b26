"""Recording what came by telephone, in person or by letter."""

from dataclasses import replace
from typing import Any

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.answers import page, told
from app.content.queries import service_by_slug
from app.cooperatives.screens import place_choices
from app.core.access import Role, keeps_form, only
from app.core.errors import RuleBroken
from app.core.i18n import _, choices
from app.core.qr import qr_svg
from app.core.text import N_
from app.core.writing import writing
from app.desk import handling, messages, queries, rules, screens, services
from app.desk.access import shown_code
from app.desk.forms import AskForm, Problems, read_files
from app.desk.models import ServiceRequest
from app.desk.rules import Channel, Kind, Outcome
from app.desk.staff_blueprint import ONE, bp, found_or_404, me
from app.enterprises import parties


@bp.get("/baru")
@only(Role.OPERATOR)
def new() -> ResponseReturnValue:
    """Record what came by telephone, in person or by letter."""
    party = parties.party_of(request.args.get("untuk", ""))
    known = {"untuk": parties.key_of(party), "lembaga": parties.name_of(party)} if party else {}
    form = AskForm.empty(
        saluran=request.args.get("saluran", "")[:20], telepon=request.args.get("telepon", "")[:40], **known
    )
    return _new(form)


@bp.post("/baru")
@only(Role.OPERATOR)
@keeps_form(N_("Permohonan yang dicatat petugas"))
def record() -> ResponseReturnValue:
    """Keep it, and where the answer was given at once, close it as well. Twins of the same number are shown first."""
    form = AskForm.read(request.form, kind=_kind(), desk=True)
    known = queries.request_by_key(form.typed["kunci"])
    if known is not None:
        return redirect(url_for(".ticket", request_id=known.id), 303)
    problems = dict(form.problems)
    try:
        files = read_files(request.files.getlist("berkas"))
    except RuleBroken as refusal:
        problems, files = told(problems, refusal), []
    if problems or form.asking is None:
        return _new(form, problems)
    twins = queries.alike(form.asking.phone, form.asking.email)
    if twins and not request.form.get("tetap"):
        return _new(form, twins=twins)
    try:
        with writing():
            asking = replace(form.asking, **_linked(form))
            asked = services.receive(asking, form_key=form.typed["kunci"], files=files, by=me())
            if answer := request.form.get("jawaban", "").strip():
                handling.close(asked, outcome=Outcome.DONE, body=answer, by=me())
            elif request.form.get("ambil"):
                handling.take(asked, by=me())
            id_ = asked.id
    except RuleBroken as refusal:
        return _new(form, told({}, refusal))
    return redirect(url_for(".ticket", request_id=id_), 303)


def _linked(form: AskForm) -> dict[str, Any]:
    service = service_by_slug(form.typed["layanan"]) if form.typed["layanan"] else None
    named: dict[str, Any] = {"service_slug": service.slug, "service_name": service.title} if service else {}
    return named | parties.columns(parties.party_of(form.typed["untuk"]))


def _kind() -> Kind:
    return Kind.INFORMATION if request.values.get("jenis") == Kind.INFORMATION else Kind.SERVICE


def _new(
    form: AskForm, problems: Problems | None = None, twins: list[ServiceRequest] | None = None
) -> ResponseReturnValue:
    return page(
        "desk/new.html",
        problems=problems,
        form=form,
        typed=form.typed | {name: request.form.get(name, "") for name in ("jawaban", "ambil")},
        kind=_kind().value,
        twins=[(one, screens.status(one)) for one in twins or []],
        channels=[one for one in choices(rules.CHANNEL_NAMES) if one[0] != Channel.WEBSITE],
        services=[(one.slug, one.title) for one in queries.offered()],
        places=place_choices(),
        ways=choices(rules.ANSWER_NAMES),
        requesters=choices(rules.REQUESTER_NAMES),
        copies=choices(rules.COPY_NAMES),
        days=queries.days_for(_kind(), form.typed["layanan"]),
    )


@bp.get(f"{ONE}/tanda-terima")
@only(Role.OPERATOR)
def ticket(request_id: int) -> ResponseReturnValue:
    """Number and code, to hand over or to read out; also again for who has lost them."""
    asked = found_or_404(request_id)
    return page(
        "desk/ticket.html",
        asked=asked,
        code=shown_code(asked),
        follow_url=url_for(".show", request_id=asked.id),
        whatsapp=messages.answer_by_whatsapp(asked, _("Kode Anda: %(code)s", code=shown_code(asked)))
        or messages.note_to_self(asked),
        qr=qr_svg(messages.follow_link(asked, with_code=True), _("Kode QR ke halaman permohonan")),
        desk=True,
    )
