"""One request at the operators' desk."""

from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.answers import page, told
from app.accounts.models import User
from app.core.access import Role, keeps_form, only
from app.core.errors import RuleBroken
from app.core.extensions import db
from app.core.i18n import choices, say
from app.core.parsing import fold_space
from app.core.text import N_
from app.core.writing import writing
from app.desk import handling, messages, queries, rules, screens
from app.desk.forms import Problems, read_files, read_id
from app.desk.models import ServiceRequest
from app.desk.staff_blueprint import ONE, bp, found_or_404, me
from app.enterprises import parties


@bp.get(ONE)
@only(Role.OPERATOR)
def show(request_id: int) -> ResponseReturnValue:
    """One request: what is asked, what happened, and what can be done with it."""
    return _show(found_or_404(request_id))


@bp.post(ONE)
@only(Role.OPERATOR)
@keeps_form(N_("Permohonan"))
def act(request_id: int) -> ResponseReturnValue:
    """Take, hand on, note, write, extend, close, reopen or link. What was typed survives every refusal."""
    deed = request.form.get("tindakan", "")
    if deed not in DEEDS:
        abort(400)
    try:
        files = read_files(request.files.getlist("berkas")) if deed in ("pesan", "tutup") else []
        with writing():
            _carry_out(deed, found_or_404(request_id), files)
    except RuleBroken as refusal:
        return _show(found_or_404(request_id), told({}, refusal), deed)
    flash(say(DEEDS[deed]), "done")
    return redirect(url_for(".show", request_id=request_id), 303)


DEEDS = {
    "ambil": N_("Permohonan ini sekarang di tangan Anda."),
    "alih": N_("Permohonan ini sekarang di tangan Anda."),
    "lepas": N_("Permohonan kembali ke antrean bersama."),
    "serahkan": N_("Permohonan diserahkan."),
    "catatan": N_("Catatan tersimpan. Hanya petugas yang melihatnya."),
    "pesan": N_("Pesan tersimpan di halaman pemohon."),
    "perpanjang": N_("Batas diperpanjang. Alasannya terlihat oleh pemohon."),
    "tutup": N_("Permohonan ditutup. Pesan penutup terlihat oleh pemohon."),
    "buka": N_("Permohonan dibuka kembali."),
    "kaitkan": N_("Permohonan dikaitkan. Langkahnya ikut tampil di riwayat koperasi atau UKM itu."),
    "lepaskan": N_("Kaitan dihapus."),
}


def _carry_out(deed: str, asked: ServiceRequest, files: list[Any]) -> None:
    sent, by = request.form, me()
    if deed == "ambil":
        handling.take(asked, by=by)
    elif deed in ("alih", "lepas"):
        handling.assign(asked, to=by if deed == "alih" else None, by=by)
    elif deed == "serahkan":
        to = db.session.get(User, read_id(sent.get("petugas", "")) or 0)
        if to is None:
            raise RuleBroken(N_("Pilih operator yang masih aktif."), field="petugas")
        handling.assign(asked, to=to, by=by)
    elif deed == "catatan":
        handling.note(asked, body=sent.get("catatan", ""), by=by)
    elif deed == "pesan":
        handling.message(asked, body=sent.get("pesan", ""), by=by, files=files)
    elif deed == "perpanjang":
        handling.extend(asked, reason=sent.get("alasan_waktu", ""), by=by)
    elif deed == "tutup":
        handling.close(
            asked,
            outcome=sent.get("hasil", ""),
            body=sent.get("penutup", ""),
            by=by,
            reason=sent.get("alasan", ""),
            ground=sent.get("dasar", ""),
            referred_to=sent.get("instansi", ""),
            files=files,
        )
    elif deed == "buka":
        handling.reopen(asked, reason=sent.get("alasan_buka", ""), by=by)
    else:
        found = parties.party_of(sent.get("untuk", "")) if deed == "kaitkan" else None
        handling.link(asked, found or (abort(404) if deed == "kaitkan" else None))


TYPED = (
    "catatan",
    "pesan",
    "alasan_waktu",
    "hasil",
    "penutup",
    "alasan",
    "dasar",
    "instansi",
    "alasan_buka",
    "petugas",
)


def _show(asked: ServiceRequest, problems: Problems | None = None, deed: str = "") -> ResponseReturnValue:
    events = queries.events_of(asked, public=False)
    last = next((one.body for one in events if one.is_public and one.actor_id and one.body), "")
    sought = fold_space(request.args.get("cari", ""))[:100]
    return page(
        "desk/show.html",
        problems=problems,
        asked=asked,
        deed=deed,
        badge_of=screens.status(asked),
        urgency=screens.urgency(asked),
        outcome=messages.outcome_word(asked),
        ground=screens.ground_word(asked),
        lines=screens.history(events, kind=asked.kind, public=False),
        first_files=next((screens.files_of(one) for one in events if one.step is rules.Step.RECEIVED), []),
        whatsapp=messages.answer_by_whatsapp(asked, last) if last else "",
        by_mail=messages.is_reached_by_mail(asked),
        operators=[(str(one.id), one.name) for one in queries.operators() if one.id != asked.assignee_id],
        outcomes=choices(rules.OUTCOME_NAMES[asked.kind]),
        grounds=choices(rules.GROUNDS),
        extension=queries.extension_for(asked.kind),
        typed={name: request.form.get(name, "") for name in TYPED},
        names=rules,
        place=screens.place_of(asked),
        sought=sought,
        party=parties.name_of(asked.party),
        found=[screens.party_line(one) for one in parties.named(sought)] if sought else [],
    )
