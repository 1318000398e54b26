"""One visit: what is known, what is said, what is agreed."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.answers import page, private, told
from app.accounts.models import User
from app.clinic import line
from app.clinic.blueprint import bp, staff
from app.clinic.models import ClinicBooking
from app.clinic.settings import consultant_of
from app.clinic.visit import work
from app.clinic.visit.common import ONE, back_to, visit_or_404, wanted_consultant
from app.clinic.visit.forms import OutcomeForm, Problems, read_id
from app.clinic.visit.page import paper, visit_page
from app.clinic.visit.reading import follow_up_of
from app.clinic.visit.screens import party_line
from app.clinic.visit.telling import tell_done
from app.clinic.visit.work import Overtaken
from app.core.access import Role, keeps_form, only
from app.core.errors import RuleBroken
from app.core.i18n import _, say
from app.core.parsing import fold_space
from app.core.text import N_
from app.core.writing import writing
from app.enterprises.parties import named, party_of

DEEDS = {
    "hadir": N_("Tercatat sudah datang."),
    "panggil": N_("Dipanggil di layar ruang tunggu."),
    "mulai": N_("Kunjungan dimulai."),
    "absen": N_("Tercatat tidak datang."),
    "antre": N_("Kembali ke antrean."),
    "belum": N_("Kembali terjadwal."),
    "tulis": N_("Tersimpan."),
    "selesai": N_("Kunjungan selesai."),
    "lanjut": N_("Kunjungan selesai."),
    "tuntas": N_("Tindak lanjut tuntas."),
    "buka": N_("Tindak lanjut dibuka lagi."),
    "kaitkan": N_("Kaitan tersimpan."),
    "lembaga": N_("Dikaitkan. Riwayatnya tampil di sebelah."),
}
WRITES = frozenset({"tulis", "selesai", "lanjut"})


@bp.get(ONE)
@only(Role.CONSULTANT, Role.OPERATOR)
def visit_show(booking_id: int) -> ResponseReturnValue:
    """Who comes, what the office knows of them, and what comes of it."""
    return _show(visit_or_404(booking_id, staff()))


@bp.post(ONE)
@only(Role.CONSULTANT, Role.OPERATOR)
@keeps_form(N_("Hasil kunjungan klinik"))
def visit_act(booking_id: int) -> ResponseReturnValue:
    """Check in, call, begin, write, finish, link. What was typed survives every refusal."""
    deed = request.form.get("tindakan", "")
    if deed not in DEEDS:
        abort(400)
    where = request.form.get("kembali", "")
    form = OutcomeForm.read(request.form) if deed in WRITES else None
    try:
        if form is not None and form.problems:
            return _show(visit_or_404(booking_id, staff()), form.problems, form=form)
        with writing():
            person = staff()
            booking = visit_or_404(booking_id, person)
            after = _carry_out(deed, booking, person, form)
            after = after or back_to(_list_after(deed, where), booking, person)
    except Overtaken as refusal:
        return _show(visit_or_404(booking_id, staff()), told({}, refusal), form=form, overtaken=True)
    except RuleBroken as refusal:
        if where:
            flash(say(refusal.text), "error")
            person = staff()
            return redirect(back_to(where, visit_or_404(booking_id, person), person), 303)
        return _show(visit_or_404(booking_id, staff()), told({}, refusal), form=form)
    flash(say(DEEDS[deed]), "done")
    return redirect(after, 303)


def _list_after(deed: str, where: str) -> str:
    """Which list a deed leads to: that in which it was pressed, but whoever is called or begun is seen next."""
    if deed in ("panggil", "mulai"):
        return where if where == "loket" else ""
    return "hari" if deed == "selesai" else where


def _carry_out(deed: str, booking: ClinicBooking, by: User, form: OutcomeForm | None) -> str:
    """Do it; an address to go on to, or empty for the usual one."""
    sent = request.form
    if form is not None:
        return _write(deed, booking, by, form)
    if deed == "hadir":
        line.check_in(booking, by=by)
    elif deed in ("panggil", "mulai"):
        consultant = booking.consultant or consultant_of(by.id)
        if consultant is None:
            raise RuleBroken(N_("Belum ada konsultannya. Pakai “Panggil berikutnya” pada nama konsultan."))
        (line.call if deed == "panggil" else line.start)(booking, consultant, by=by)
    elif deed == "absen":
        line.miss(booking, by=by, stood=sent.get("keadaan", "")[:20])
    elif deed in ("antre", "belum"):
        (line.back_in_line if deed == "antre" else line.not_here)(booking, by=by)
    elif deed in ("tuntas", "buka"):
        agreed = follow_up_of(booking, read_id(sent.get("tindak", "")) or 0) or abort(404)
        work.settle(booking, agreed, done=deed == "tuntas", by=by)
    elif deed == "kaitkan":
        work.link(booking, program=sent.get("program", "")[:120], question=sent.get("pertanyaan", "")[:80])
    else:
        work.join(booking, party_of(sent.get("untuk", "")[:200]) or abort(404))
    return ""


def _write(deed: str, booking: ClinicBooking, by: User, form: OutcomeForm) -> str:
    """Keep what was typed; and where the visit is over, end it, tell its visitor what is new, and call the next."""
    was_told = work.told_so_far(booking)
    if deed != "tulis":
        work.begin(booking, by=by)
    work.write(booking, form, read=request.form.get("dibaca", ""), by=by)
    if deed != "tulis":
        line.finish(booking, by=by)
    if work.told_so_far(booking) != was_told:
        tell_done(booking)
    if deed == "lanjut":
        consultant = wanted_consultant(str(booking.consultant_id or ""), by)
        called = line.call_next(consultant, by=by) if consultant else None
        if called is not None:
            return url_for(".visit_show", booking_id=called.id)
        return back_to("hari", booking, by)
    return ""


def _show(
    booking: ClinicBooking,
    problems: Problems | None = None,
    *,
    form: OutcomeForm | None = None,
    overtaken: bool = False,
) -> ResponseReturnValue:
    person = staff()
    shown = visit_page(booking, person)
    as_it_stands = OutcomeForm.of(booking.advice, booking.notes)
    linked = f"{booking.report_id}:{booking.question_code}" if booking.report_id else ""
    typed: dict[str, Any] = (form or as_it_stands).typed | {
        "program": request.form.get("program", booking.program_slug),
        "pertanyaan": request.form.get("pertanyaan", linked),
    }
    sought = fold_space(request.args.get("cari", ""))[:100]
    unseen = {name for name in ("program", "pertanyaan") if not shown[f"{name}_choices"]}
    return page(
        "clinic/visit/show.html",
        problems={"" if field in unseen else field: text for field, text in (problems or {}).items()},
        visit=shown,
        typed=typed,
        conflict={"advice": booking.advice, "notes": booking.notes} if overtaken else None,
        linking=request.form.get("tindakan") == "kaitkan",
        sought=sought,
        found=[party_line(one) for one in named(sought)] if sought and not booking.party else [],
    )


@bp.get(f"{ONE}/saran")
@only(Role.CONSULTANT, Role.OPERATOR)
def visit_advice(booking_id: int) -> ResponseReturnValue:
    """The advice on paper."""
    booking = visit_or_404(booking_id, staff())
    if not booking.advice:
        abort(404)
    letter = paper(
        booking,
        back=url_for(".visit_show", booking_id=booking.id),
        back_words=_("Kembali ke kunjungan"),
    )
    return private(render_template("clinic/visit/advice.html", paper=letter))
