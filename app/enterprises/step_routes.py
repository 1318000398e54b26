"""Registering a UKM in three steps, and correcting it later in the same three."""

from typing import Any

from flask import flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app.accounts.answers import private
from app.core.access import Role, keeps_form, only, public
from app.core.errors import RuleBroken
from app.core.extensions import limiter
from app.core.text import N_
from app.core.tiles import let_tiles_in
from app.core.writing import writing
from app.enterprises import services
from app.enterprises.blueprint import POSTS, bp, me, refused, seen
from app.enterprises.duplicates import public_twins_of, twins_of
from app.enterprises.forms import STEPS, StepForm, empty_form, filled_form
from app.enterprises.keeper import LINK, OFFICE, OWNER, Keeper, kept
from app.enterprises.messages import whatsapp
from app.enterprises.publication import live_purposes
from app.enterprises.rules import Origin, State
from app.enterprises.screens import form_choices, place_name, state_name
from app.enterprises.sectors import activities, section_name

OPEN = (State.DRAFT, State.RETURNED)
EVERY = (LINK, OWNER, OFFICE)
TEMPLATES = {
    LINK: "enterprises/step.html",
    OWNER: "enterprises/step.html",
    OFFICE: "enterprises/step_office.html",
}


def step_titles() -> dict[int, str]:
    """What each step is about."""
    return {1: _("Usaha dan pemilik"), 2: _("Tempat dan kontak"), 3: _("Skala dan persetujuan")}


@bp.get("/ukm/daftar")
@public
def join() -> ResponseReturnValue:
    """The first step. Nobody needs an account; whoever is signed in gets the listing into theirs."""
    if current_user.is_authenticated and current_user.is_staff:
        return redirect(url_for(".add"))
    return render_template("enterprises/join.html", errors={}, **_first_page(empty_form(1)))


@bp.post("/ukm/daftar")
@public
@limiter.limit(POSTS)
def begin() -> ResponseReturnValue:
    """Keep the first step as a draft, and go on by its secret link or in one's account."""
    form = StepForm.read(1, request.form)
    if form.problems:
        return refused("enterprises/join.html", form.problems, **_first_page(form))
    if current_user.is_authenticated and not current_user.is_staff:
        with writing():
            enterprise = services.add_enterprise(
                form.values
            )  # no link: it would end at once, and its e-mail with it
            services.adopt(enterprise, me())
            slug = enterprise.slug
        return redirect(url_for(".owner_step", slug=slug, step=2))
    with writing():
        _enterprise, token = services.start(form.values)
    return private(redirect(url_for(".link_step", token=token, step=2)))


def _first_page(form: StepForm) -> dict[str, Any]:
    return {"form": form, "choices": form_choices(), "steps": _steps(None, 1), "titles": step_titles()}


@bp.get("/dinas/ukm/baru")
@only(Role.OPERATOR)
def add() -> ResponseReturnValue:
    """Register somebody who calls or stands at the counter: the same three steps."""
    return render_template(
        "enterprises/add.html", errors={}, origin=Origin.VISITOR.value, **_first_page(empty_form(1))
    )


@bp.post("/dinas/ukm/baru")
@only(Role.OPERATOR)
@keeps_form(N_("Data usaha"))
def add_first() -> ResponseReturnValue:
    """Keep what the owner said so far."""
    form = StepForm.read(1, request.form)
    origin = Origin.CALLER if request.form.get("asal") == Origin.CALLER else Origin.VISITOR
    if form.problems:
        return refused("enterprises/add.html", form.problems, origin=origin.value, **_first_page(form))
    with writing():
        enterprise, _token = services.start(form.values, origin=origin)
        slug = enterprise.slug
    return redirect(url_for(".office_step", slug=slug, step=2))


@kept("/isi/<int(min=1, max=3):step>", ways=EVERY)
def step(keeper: Keeper, step: int) -> ResponseReturnValue:
    """One step as it stands in the register."""
    form = filled_form(step, keeper.enterprise, live_purposes(keeper.enterprise))
    page = render_template(TEMPLATES[keeper.way], errors={}, **_page(keeper, form))
    return let_tiles_in(make_response(page))


@kept("/isi/<int(min=1, max=3):step>", methods=("POST",), ways=EVERY, keeps=N_("Data usaha"))
def save_step(keeper: Keeper, step: int) -> ResponseReturnValue:
    """Keep one step; after the last, the registration is sent."""
    form = StepForm.read(step, request.form, keeper.enterprise)
    if form.problems:
        return let_tiles_in(refused(TEMPLATES[keeper.way], form.problems, **_page(keeper, form)))
    sending = step == STEPS[-1] and keeper.enterprise.state in OPEN
    try:
        with writing():
            services.save(keeper.enterprise, form.values, consents=form.consents, version=seen())
            if sending:
                services.submit(keeper.enterprise)
    except RuleBroken as no:
        problems = {no.field if no.field in form.typed else "": no.text}
        status = 409 if not no.field else 422
        return let_tiles_in(refused(TEMPLATES[keeper.way], problems, status=status, **_page(keeper, form)))
    if keeper.enterprise.state in OPEN and not sending:
        return redirect(keeper.url("step", step=step + 1), 303)
    _tell(keeper, sending=sending)
    return redirect(keeper.home, 303)


def _tell(keeper: Keeper, *, sending: bool) -> None:
    if not sending:
        flash(_("Perubahan tersimpan."), "done")
    elif keeper.way == OFFICE:
        flash(_("Pendaftaran lengkap. Periksa, lalu masukkan ke register."), "done")
    else:
        flash(
            _("Pendaftaran Anda sudah kami terima. Petugas memeriksanya, lalu usaha Anda masuk daftar."),
            "done",
        )


def _page(keeper: Keeper, form: StepForm) -> dict[str, Any]:
    enterprise = keeper.enterprise
    twins = []
    if form.step == STEPS[-1] and enterprise.state in OPEN:
        twins = twins_of(enterprise) if keeper.way == OFFICE else public_twins_of(enterprise)
    return {
        "keeper": keeper,
        "enterprise": enterprise,
        "form": form,
        "choices": form_choices(),
        "steps": _steps(keeper, form.step),
        "titles": step_titles(),
        "is_open": enterprise.state in OPEN,
        "state": state_name(enterprise.state),
        "activity": activities().get(enterprise.activity or ""),
        "section": section_name(enterprise.sector, enterprise.sector_version),
        "twins": twins,
        "place_name": place_name,
        "to_self": _to_self(keeper),
    }


def _to_self(keeper: Keeper) -> str:
    """WhatsApp to oneself, with the secret link."""
    if not keeper.link:
        return ""
    text = _("Tautan usaha saya %(name)s di Simpul: %(link)s", name=keeper.enterprise.name, link=keeper.link)
    phone = keeper.enterprise.owner_phone
    return whatsapp(phone if phone and phone.startswith("+628") else None, text)


def _steps(keeper: Keeper | None, now: int) -> list[dict[str, Any]]:
    """Where one is; a draft's later steps are no links, for what they need comes first."""
    found = []
    for number, title in step_titles().items():
        opened = keeper is not None and (number < now or keeper.enterprise.state not in OPEN)
        found.append(
            {
                "name": title,
                "state": "now" if number == now else "done" if opened and number < now else "todo",
                "url": keeper.url("step", step=number) if keeper and opened and number != now else "",
            }
        )
    return found
