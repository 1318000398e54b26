"""Activation letters for a whole kecamatan: print them in one file, and follow who has used theirs."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.answers import BIGGEST_ID, private
from app.cooperatives.blueprint import bp, me, office_day
from app.cooperatives.bulk_codes import (
    MOST,
    STATES,
    issue_letters,
    latest_paper,
    paper_counts,
    papers,
    state_of,
    unclaimed,
    unclaimed_counts,
)
from app.cooperatives.letters import letters_pdf
from app.cooperatives.models import ActivationCode
from app.cooperatives.queries import region
from app.core.access import Role, only
from app.core.database import today
from app.core.downloads import file_response, table_response
from app.core.errors import RuleBroken
from app.core.extensions import db
from app.core.i18n import say
from app.core.masking import Private
from app.core.paging import count_text, count_up_to, paginate
from app.core.parsing import phone_for_people
from app.core.spreadsheets import Column
from app.core.text import N_
from app.core.writing import writing

LETTERS = "/dinas/koperasi/surat"
STATE_NAMES = {
    "terbuka": N_("Belum dipakai"),
    "dipakai": N_("Sudah dipakai"),
    "lewat": N_("Lewat waktu"),
    "dicabut": N_("Dicabut"),
}


@bp.get(LETTERS)
@only(Role.OPERATOR)
def letters() -> ResponseReturnValue:
    """How many letters a kecamatan needs, the button that prints them, and every letter printed so far."""
    kecamatan, state = _asked()
    wanted = papers(kecamatan, state)
    if request.args.get("format") in {"csv", "xlsx"}:
        return _file(list(db.session.scalars(wanted.order_by(ActivationCode.id.desc()))))
    newest = latest_paper(kecamatan) if kecamatan else None
    return render_template(
        "cooperatives/letters.html",
        kecamatan=kecamatan,
        state=state,
        places=region().kecamatan,
        needs=unclaimed_counts(),
        fresh=count_up_to(unclaimed(kecamatan, again=False)) if kecamatan else 0,
        every=count_up_to(unclaimed(kecamatan, again=True)) if kecamatan else 0,
        seen=newest.id if newest else 0,
        newest=newest,
        counts=paper_counts(kecamatan),
        page=paginate(wanted, by=(ActivationCode.id,), key=lambda one: (one.id,), descending=True),
        count=say(count_text(count_up_to(wanted))),
        states=[(name, say(STATE_NAMES[name])) for name in STATES],
        state_of=state_of,
        state_names=STATE_NAMES,
        most=MOST,
    )


@bp.post(LETTERS)
@only(Role.OPERATOR)
def print_letters() -> ResponseReturnValue:
    """Write the codes, then make the one file in which they stand; outside of the unit, since that takes seconds."""
    kecamatan = request.form.get("kecamatan", "")
    again = request.form.get("ulang") == "1"
    if kecamatan not in region().kecamatan:
        flash(_("Pilih kecamatan dulu."), "danger")
        return redirect(url_for(".letters"), 303)
    typed = request.form.get("terakhir", "")
    seen = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 11 else 0
    try:
        with writing():
            batch = issue_letters(kecamatan, again=again, seen=min(seen, BIGGEST_ID), by=me())
    except RuleBroken as no:
        flash(say(no.text), "danger")
        return redirect(url_for(".letters", kecamatan=kecamatan), 303)
    paper = letters_pdf(batch.letters, made=batch.made)
    return private(file_response(paper, f"surat-kode-{kecamatan}-{today()}.pdf", "application/pdf"))


def _asked() -> tuple[str, str]:
    kecamatan, state = request.args.get("kecamatan", ""), request.args.get("keadaan", "")
    return kecamatan if kecamatan in region().kecamatan else "", state if state in STATES else ""


def _file(rows: list[ActivationCode]) -> ResponseReturnValue:
    places = region()
    columns = [
        Column(_("Nama koperasi"), width=44),
        Column(_("Kecamatan"), width=20),
        Column(_("Telepon kantor"), width=18),
        Column(_("Akhir kode")),
        Column(_("Dicetak"), "date"),
        Column(_("Dicetak oleh"), width=26),
        Column(_("Berlaku sampai"), "date"),
        Column(_("Keadaan"), width=16),
        Column(_("Dipakai"), "date"),
        Column(_("Dipakai oleh"), width=26, private=Private.PERSON),
    ]
    cells = [
        [
            one.cooperative.nama_koperasi,
            places.name_of(one.cooperative.kode_kecamatan),
            phone_for_people(one.cooperative.telepon_kantor) if one.cooperative.telepon_kantor else None,
            one.hint,
            office_day(one.created_at),
            one.created_by.name if one.created_by else None,
            office_day(one.expires_at),
            say(STATE_NAMES[state_of(one)]),
            office_day(one.used_at) if one.used_at else None,
            one.used_by.name if one.used_by else None,
        ]
        for one in rows
    ]
    suffix = request.args.get("format", "csv")
    return table_response(columns, cells, filename=f"surat-kode-{today()}", suffix=suffix)
