"""Addresses of one cooperative that has not filed: reach it, note what came of it, give it more time."""

from typing import Any

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app.cooperatives.models import Cooperative
from app.cooperatives.queries import cooperative_by_slug, members_of
from app.core.access import Role, only
from app.core.database import today
from app.core.errors import RuleBroken
from app.core.i18n import say
from app.core.parsing import Unreadable, fold_lines, fold_space, parse_date
from app.core.text import Text
from app.core.writing import writing
from app.questionnaire.extensions import LONGEST_REASON, deadline, extend, extensions_of
from app.questionnaire.models import Edition
from app.questionnaire.queries import edition_of, report_of
from app.questionnaire.rules import counts_as_filed
from app.regions.queries import office_region
from app.review import outreach
from app.review.outreach_queries import contacts_of, reminders_of
from app.review.outreach_rules import RESULT_NAMES, WAY_NAMES, is_mobile, whatsapp_address

bp = Blueprint("outreach", __name__, url_prefix="/dinas/belum-lapor/<slug>/<int:year>")


def _found(slug: str, year: int) -> tuple[Cooperative, Edition]:
    edition = edition_of(year) if year < 10_000 else None
    cooperative = cooperative_by_slug(slug)
    if cooperative is None or edition is None or cooperative.dissolved_on is not None:
        abort(404)
    return cooperative, edition


@bp.get("")
@only(Role.OPERATOR)
def show(slug: str, year: int) -> ResponseReturnValue:
    """Whom to call, what was said before, and until when they have."""
    cooperative, edition = _found(slug, year)
    return _page(cooperative, edition)


@bp.post("/kontak")
@only(Role.OPERATOR)
def contact(slug: str, year: int) -> ResponseReturnValue:
    """Sudah dihubungi."""
    cooperative, edition = _found(slug, year)
    try:
        with writing():
            outreach.note_contact(
                cooperative,
                year=year,
                way=request.form.get("lewat", ""),
                result=request.form.get("hasil", ""),
                note_text=request.form.get("catatan", ""),
                by=current_user,
            )
    except RuleBroken as no:
        return _page(cooperative, edition, contact_error=no)
    flash(_("Kontak dengan %(name)s tercatat.", name=cooperative.nama_koperasi), "done")
    return redirect(url_for(".show", slug=slug, year=year), 303)


@bp.post("/surel")
@only(Role.OPERATOR)
def email(slug: str, year: int) -> ResponseReturnValue:
    """Put the message into the outbox for every member who has an address, and note that it was sent."""
    cooperative, edition = _found(slug, year)
    try:
        with writing():
            count = outreach.write_to(cooperative, edition, by=current_user)
    except RuleBroken as no:
        flash(say(no.text), "error")
    else:
        flash(_("%(count)s surel masuk kotak keluar, dan kontaknya tercatat.", count=count), "done")
    return redirect(url_for(".show", slug=slug, year=year), 303)


@bp.post("/perpanjang")
@only(Role.OPERATOR)
def more_time(slug: str, year: int) -> ResponseReturnValue:
    """A later day for this cooperative alone, with a reason."""
    cooperative, edition = _found(slug, year)
    try:
        until = parse_date(request.form.get("sampai", ""))
        with writing():
            extend(cooperative, edition, until=until, reason=request.form.get("alasan", ""), by=current_user)
    except Unreadable as no:
        return _page(
            cooperative, edition, time_error=RuleBroken(no.text.template, field="sampai", **no.text.params)
        )
    except RuleBroken as no:
        return _page(cooperative, edition, time_error=no)
    flash(_("Batas %(name)s diperpanjang.", name=cooperative.nama_koperasi), "done")
    return redirect(url_for(".show", slug=slug, year=year), 303)


def _page(
    cooperative: Cooperative,
    edition: Edition,
    *,
    contact_error: RuleBroken | None = None,
    time_error: RuleBroken | None = None,
) -> ResponseReturnValue:
    report = report_of(cooperative, edition.year)
    given = extensions_of([cooperative.id], edition.year).get(cooperative.id)
    due = deadline(edition, given)
    subject, message = outreach.message_for(cooperative, edition.year, due)
    page = render_template(
        "review/outreach.html",
        cooperative=cooperative,
        edition=edition,
        report=report,
        filed=report is not None and counts_as_filed(report.status, report.origin),
        due=due,
        given=given,
        late=due < today(),
        numbers=_numbers(cooperative, message),
        has_email=bool(outreach.addresses_of(cooperative)),
        subject=subject,
        message=message,
        contacts=contacts_of(cooperative, edition.year),
        reminders=reminders_of(cooperative, edition.year),
        ways=[(way.value, say(name)) for way, name in WAY_NAMES.items()],
        results=[(result.value, say(name)) for result, name in RESULT_NAMES.items()],
        names={**WAY_NAMES, **RESULT_NAMES},
        region=office_region(current_app.config["REGION"]),
        errors=_errors(contact_error, time_error),
        typed=_typed(),
    )
    return page, 422 if contact_error or time_error else 200


def _numbers(cooperative: Cooperative, message: str) -> list[dict[str, Any]]:
    """Every telephone number that reaches the cooperative, once, with whose it is."""
    known = [(cooperative.telepon_ketua, cooperative.nama_ketua or _("Ketua"), _("Ketua"))]
    known += [
        (membership.user.phone, membership.user.name, _("Pengelola di situs ini"))
        for membership in members_of(cooperative)
    ]
    known.append((cooperative.telepon_kantor, _("Kantor koperasi"), ""))
    numbers: dict[str, dict[str, Any]] = {}
    for number, name, role in known:
        if number:
            link = whatsapp_address(number, message) if is_mobile(number) else ""
            numbers.setdefault(number, {"number": number, "name": name, "role": role, "whatsapp": link})
    return list(numbers.values())


def _errors(*refusals: RuleBroken | None) -> dict[str, Text]:
    return {refusal.field or "": refusal.text for refusal in refusals if refusal}


def _typed() -> dict[str, str]:
    form = request.form
    return {
        "lewat": form.get("lewat", ""),
        "hasil": form.get("hasil", ""),
        "catatan": fold_lines(form.get("catatan", ""))[: outreach.LONGEST_NOTE],
        "sampai": fold_space(form.get("sampai", ""))[:40],
        "alasan": fold_lines(form.get("alasan", ""))[:LONGEST_REASON],
    }
