"""Asking for a service or for public information, without an account."""

from dataclasses import replace
from typing import Any

from flask import abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.answers import me, page, told
from app.accounts.models import User
from app.content.models import ContentPage
from app.content.queries import service_by_slug
from app.cooperatives.screens import place_choices
from app.core.access import public
from app.core.errors import RuleBroken
from app.core.extensions import limiter
from app.core.i18n import choices
from app.core.writing import writing
from app.desk import services
from app.desk.access import let_in
from app.desk.blueprint import POSTS, bp
from app.desk.forms import AskForm, Problems, read_files
from app.desk.queries import days_for, extension_for, offered, request_by_key
from app.desk.rules import ANSWER_NAMES, COPY_NAMES, REQUESTER_NAMES, Kind
from app.enterprises import parties


@bp.get("/layanan/minta")
@bp.get("/layanan/<slug>/minta")
@public
def ask(slug: str = "") -> ResponseReturnValue:
    """The form for a service; without one in the address it may be chosen, or left open."""
    return _form(Kind.SERVICE, _empty(slug), slug)


@bp.post("/layanan/minta")
@bp.post("/layanan/<slug>/minta")
@public
@limiter.limit(POSTS)
def send(slug: str = "") -> ResponseReturnValue:
    """Send it. The same form sent twice leads to the same number."""
    return _send(Kind.SERVICE, slug)


@bp.get("/informasi-publik/minta")
@public
def ask_information() -> ResponseReturnValue:
    """The form of UU 14/2008."""
    return _form(Kind.INFORMATION, _empty(""), "")


@bp.post("/informasi-publik/minta")
@public
@limiter.limit(POSTS)
def send_information() -> ResponseReturnValue:
    """Send it."""
    return _send(Kind.INFORMATION, "")


def _empty(slug: str) -> AskForm:
    """The form with what the site knows of whoever is signed in."""
    person, known = me(), {}
    if person is not None and not person.is_staff:
        own = parties.acted_for(person)
        known = {"nama": person.name, "telepon": person.phone or "", "surel": person.email or ""}
        known |= {"untuk": parties.key_of(own[0])} if len(own) == 1 else {}
    return AskForm.empty(layanan=slug or request.args.get("layanan", "")[:120], **known)


def _service(slug: str) -> ContentPage | None:
    """The service in the address, which must exist."""
    return (service_by_slug(slug) or abort(404)) if slug else None


def _send(kind: Kind, slug: str) -> ResponseReturnValue:
    fixed, form = _service(slug), AskForm.read(request.form, kind=kind)
    if (known := request_by_key(form.typed["kunci"])) is not None:
        return _to_ticket(known.id)
    problems = dict(form.problems)
    try:
        files = read_files(request.files.getlist("berkas"))
    except RuleBroken as refusal:
        problems, files = told(problems, refusal), []
    if problems or form.asking is None:
        return _form(kind, form, slug, problems)
    chosen = fixed or (service_by_slug(form.typed["layanan"]) if kind is Kind.SERVICE else None)
    named: dict[str, Any] = {"service_slug": chosen.slug, "service_name": chosen.title} if chosen else {}
    try:
        with writing():
            person = me()
            asking = replace(form.asking, **named, **_acting_for(person, form.typed["untuk"]))
            id_ = services.receive(asking, form_key=form.typed["kunci"], files=files, requester=person).id
    except RuleBroken as refusal:
        return _form(kind, form, slug, told(problems, refusal))
    return _to_ticket(id_)


def _acting_for(person: User | None, key: str) -> dict[str, Any]:
    """The cooperative or UKM that was chosen, where ``person`` may act for it."""
    one = next((own for own in parties.acted_for(person) if parties.key_of(own) == key), None)
    if one is None:
        return {}
    return parties.columns(one) | {"organisation": parties.name_of(one)[:200]}


def _to_ticket(id_: int) -> ResponseReturnValue:
    asked = services.request_of(id_)
    let_in(asked)
    return redirect(url_for(".ticket", number=asked.number), 303)


def _form(kind: Kind, form: AskForm, slug: str, problems: Problems | None = None) -> ResponseReturnValue:
    service = _service(slug)
    return page(
        "desk/ask_information.html" if kind is Kind.INFORMATION else "desk/ask.html",
        problems=problems,
        form=form,
        typed=form.typed | {"setuju": request.form.get("setuju", "")},
        service=service,
        services=[] if service or kind is Kind.INFORMATION else [(one.slug, one.title) for one in offered()],
        action=request.path,
        own=[(parties.key_of(one), parties.name_of(one)) for one in parties.acted_for(me())],
        places=place_choices(),
        ways=choices(ANSWER_NAMES),
        requesters=choices(REQUESTER_NAMES),
        copies=choices(COPY_NAMES),
        days=days_for(kind, service.slug if service else ""),
        extension=extension_for(kind),
    )
