"""What an owner does with a listing, with an account or by the secret link."""

from typing import Any

from flask import abort, flash, jsonify, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from markupsafe import Markup

from app.accounts import devices, sessions
from app.accounts.answers import BIGGEST_ID
from app.accounts.passwords import hash_password
from app.accounts.signals import panels_of
from app.cooperatives.forms import PersonForm, told
from app.core.access import signed_in
from app.core.errors import RuleBroken
from app.core.extensions import limiter
from app.core.i18n import choices, say
from app.core.office import office
from app.core.text import N_, Text
from app.core.writing import writing
from app.enterprises import services
from app.enterprises.blueprint import POSTS, bp, me, refused, seen
from app.enterprises.keeper import LINK, OWNER, Keeper, kept
from app.enterprises.messages import whatsapp
from app.enterprises.own_data import own_data
from app.enterprises.product_forms import DAYS, HoursForm, ProductForm
from app.enterprises.publication import (
    currency_of,
    is_public,
    live_purposes,
    public_contacts,
    showable,
)
from app.enterprises.queries import consents_of, events_of, owned_by, product_of, products_of
from app.enterprises.rules import AVAILABILITY, CHANNELS, PURPOSES, Purpose, State
from app.enterprises.screens import LOOKS, availability_of, history_lines, hours_of, price_of, state_name
from app.enterprises.step_routes import step_titles
from app.files.uploads import read_picture


@bp.get("/ukm/saya")
@signed_in
def mine() -> ResponseReturnValue:
    """The enterprises that one keeps; the only one at once."""
    rows = owned_by(current_user.id)
    if len(rows) == 1:
        return redirect(url_for(".owner_overview", slug=rows[0].slug))
    return render_template("enterprises/mine.html", rows=rows, state_name=state_name, looks=LOOKS)


@kept("")
def overview(keeper: Keeper) -> ResponseReturnValue:
    """Where the listing stands, what the public sees of it, and everything that can be done."""
    enterprise = keeper.enterprise
    purposes = live_purposes(enterprise)
    return render_template(
        "enterprises/overview.html",
        keeper=keeper,
        enterprise=enterprise,
        state=state_name(enterprise.state),
        look=LOOKS[enterprise.state],
        is_public=is_public(enterprise),
        currency=currency_of(enterprise),
        titles=step_titles(),
        purposes=[(purpose, PURPOSES[purpose], purpose in purposes) for purpose in PURPOSES],
        shown_channels=[CHANNELS[channel][0] for channel in public_contacts(enterprise, purposes)],
        products=products_of(enterprise),
        hours=hours_of(enterprise) if enterprise.opening_hours else [],
        price_of=price_of,
        history=history_lines(events_of(enterprise, 12)),
        to_self=whatsapp(None, keeper.link) if keeper.link else "",
        panels=_panels(keeper),
    )


def _panels(keeper: Keeper) -> list[Markup]:
    ids = [keeper.enterprise.id]
    if keeper.way == OWNER:
        return panels_of(me(), "enterprise", ids)
    return panels_of(None, "enterprise", ids, token=keeper.key["token"])


@kept("/benar", methods=("POST",))
def confirm(keeper: Keeper) -> ResponseReturnValue:
    """Everything is still right."""
    try:
        with writing():
            services.confirm(keeper.enterprise)
    except RuleBroken as no:
        flash(say(no.text), "warning")
    else:
        flash(_("Terima kasih. Data Anda tercatat masih benar hari ini."), "done")
    return redirect(keeper.home, 303)


@kept("/izin")
def consents(keeper: Keeper) -> ResponseReturnValue:
    """What the owner agrees to, and since when; what was taken back stays on record."""
    purposes = live_purposes(keeper.enterprise)
    return render_template(
        "enterprises/consents.html",
        keeper=keeper,
        enterprise=keeper.enterprise,
        purposes=[(purpose, sentence, purpose in purposes) for purpose, sentence in PURPOSES.items()],
        shown_unasked=keeper.enterprise.state is State.LISTED and Purpose.LISTING not in purposes,
        possible=purposes | showable(keeper.enterprise),
        past=consents_of(keeper.enterprise),
        sentences=PURPOSES,
    )


@kept("/izin", methods=("POST",))
def save_consents(keeper: Keeper) -> ResponseReturnValue:
    """What is ticked is agreed to, what is not is taken back, at once."""
    given = request.form.getlist("izin")
    wanted = {purpose: purpose.value in given for purpose in Purpose}
    try:
        with writing():
            services.agree(keeper.enterprise, wanted, version=seen())
    except RuleBroken as no:
        flash(say(no.text), "warning")
    else:
        flash(_("Persetujuan tersimpan dan langsung berlaku."), "done")
    return redirect(keeper.url("consents"), 303)


@kept("/jam")
def hours(keeper: Keeper) -> ResponseReturnValue:
    """When it is open."""
    form = HoursForm.of(keeper.enterprise.opening_hours)
    return render_template("enterprises/hours.html", errors={}, keeper=keeper, form=form, days=DAYS)


@kept("/jam", methods=("POST",), keeps=N_("Jam buka"))
def save_hours(keeper: Keeper) -> ResponseReturnValue:
    """Keep when it is open."""
    form = HoursForm.read(request.form)
    if form.problems:
        return refused("enterprises/hours.html", form.problems, keeper=keeper, form=form, days=DAYS)
    with writing():
        services.save(keeper.enterprise, {"opening_hours": form.hours})
    flash(_("Jam buka tersimpan."), "done")
    return redirect(keeper.home, 303)


@kept("/produk")
def products(keeper: Keeper) -> ResponseReturnValue:
    """What it sells, and the form for one more."""
    return render_template(
        "enterprises/products.html", errors={}, **_products_page(keeper, ProductForm.empty())
    )


@kept("/produk", methods=("POST",), keeps=N_("Produk"))
def add_product(keeper: Keeper) -> ResponseReturnValue:
    """One more product."""
    return _save_product(keeper, None)


@kept(f"/produk/<int(max={BIGGEST_ID}):product_id>")
def product(keeper: Keeper, product_id: int) -> ResponseReturnValue:
    """One product, to be changed."""
    found = product_of(keeper.enterprise, product_id)
    if found is None:
        abort(404)
    return render_template(
        "enterprises/products.html", errors={}, **_products_page(keeper, ProductForm.of(found), found)
    )


@kept(f"/produk/<int(max={BIGGEST_ID}):product_id>", methods=("POST",), keeps=N_("Produk"))
def save_product(keeper: Keeper, product_id: int) -> ResponseReturnValue:
    """Keep the change, or take the product away."""
    found = product_of(keeper.enterprise, product_id)
    if found is None:
        abort(404)
    if request.form.get("ke") == "hapus":
        with writing():
            services.remove_product(keeper.enterprise, found)
        flash(_("Produk dihapus."), "done")
        return redirect(keeper.url("products"), 303)
    return _save_product(keeper, product_id)


def _save_product(keeper: Keeper, product_id: int | None) -> ResponseReturnValue:
    form = ProductForm.read(request.form)
    try:
        given = request.files.get("picture")
        picture = read_picture(given, field="picture") if given and given.filename else None
        if not form.problems:
            with writing():
                found = product_of(keeper.enterprise, product_id) if product_id is not None else None
                services.save_product(
                    keeper.enterprise,
                    form.values,
                    product=found,
                    picture=picture,
                    without_picture=request.form.get("tanpa_gambar") == "1",
                )
            flash(_("Produk tersimpan."), "done")
            return redirect(keeper.url("products"), 303)
    except RuleBroken as no:
        form.problems = told(form.problems, no)
    found = product_of(keeper.enterprise, product_id) if product_id is not None else None
    return refused("enterprises/products.html", form.problems, **_products_page(keeper, form, found))


def _products_page(keeper: Keeper, form: ProductForm, changed: Any = None) -> dict[str, Any]:
    return {
        "keeper": keeper,
        "form": form,
        "changed": changed,
        "products": products_of(keeper.enterprise),
        "availability": choices(AVAILABILITY),
        "price_of": price_of,
        "availability_of": availability_of,
    }


@kept("/data.json")
def data(keeper: Keeper) -> ResponseReturnValue:
    """Everything that the site knows of the listing, for its owner to take away."""
    answer = jsonify(own_data(keeper.enterprise))
    answer.headers["Content-Disposition"] = f'attachment; filename="{keeper.enterprise.slug}.json"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@kept("/hapus")
def deletion(keeper: Keeper) -> ResponseReturnValue:
    """What deleting means, before it is done."""
    return render_template("enterprises/delete.html", errors={}, keeper=keeper, enterprise=keeper.enterprise)


@kept("/hapus", methods=("POST",))
def delete(keeper: Keeper) -> ResponseReturnValue:
    """Erase it, once the name was typed as it stands there."""
    typed = " ".join(request.form.get("nama", "").split()).casefold()
    if typed != " ".join(keeper.enterprise.name.split()).casefold():
        problems = {"nama": Text(N_("Tulis nama usahanya persis seperti di atas."))}
        return refused("enterprises/delete.html", problems, keeper=keeper, enterprise=keeper.enterprise)
    with writing():
        services.delete_enterprise(keeper.enterprise)
    flash(_("Data usaha Anda sudah dihapus."), "done")
    return redirect(url_for(".mine") if keeper.way == OWNER else url_for(".directory"), 303)


@kept("/akun", ways=(LINK,))
def account(keeper: Keeper) -> ResponseReturnValue:
    """An account takes the place of the link: the form, or one press for whoever is signed in."""
    enterprise = keeper.enterprise
    person = PersonForm(
        name=enterprise.owner_name or "",
        email=enterprise.owner_email or "",
        phone=enterprise.owner_phone or "",
    )
    return render_template("enterprises/account.html", errors={}, keeper=keeper, person=person)


@kept("/akun", methods=("POST",), ways=(LINK,))
@limiter.limit(POSTS)
def open_account(keeper: Keeper) -> ResponseReturnValue:
    """Make the account, or take the listing into the one that is signed in."""
    if current_user.is_authenticated:
        return _adopt(keeper)
    person = PersonForm.read(request.form, office=office().full_name)
    problems = person.problems
    if not problems:
        slug, password_hash = keeper.enterprise.slug, hash_password(person.password)
        try:
            with writing():
                user = services.open_account(
                    keeper.enterprise,
                    name=person.name,
                    email=person.email or None,
                    phone=person.phone or None,
                    password_hash=password_hash,
                )
        except RuleBroken as no:
            problems = told(problems, no)
        else:
            sessions.begin(user, remember=False)
            flash(
                _("Akun Anda jadi. Mulai sekarang, masuk dengan surel atau nomor HP dan sandi Anda."), "done"
            )
            answer = make_response(redirect(url_for(".owner_overview", slug=slug), 303))
            return devices.remember(answer, [known for known in (user.email, user.phone) if known])
    return refused("enterprises/account.html", problems, keeper=keeper, person=person)


def _adopt(keeper: Keeper) -> ResponseReturnValue:
    slug = keeper.enterprise.slug
    try:
        with writing():
            services.adopt(keeper.enterprise, me())
    except RuleBroken as no:
        return refused("enterprises/account.html", told({}, no), keeper=keeper, person=PersonForm())
    flash(_("Usaha ini masuk ke akun Anda."), "done")
    return redirect(url_for(".owner_overview", slug=slug), 303)
