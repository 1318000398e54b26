"""Following a request by its number and code: how it stands, the answer, a message, a rating; and the public register."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.accounts import pace
from app.accounts.answers import me, page, told
from app.cooperatives.codes import admit_code
from app.cooperatives.rules import format_activation_code, normalise_activation_code
from app.core.access import public
from app.core.database import office_zone, today
from app.core.errors import RuleBroken
from app.core.extensions import limiter
from app.core.i18n import _, choices, say
from app.core.parsing import fold_space
from app.core.qr import qr_svg
from app.core.text import N_, Text
from app.core.writing import writing
from app.desk import messages, rules, screens, services
from app.desk.access import fits, let_in, may_see, shown_code, shut
from app.desk.blueprint import POSTS, bp, own_or_404
from app.desk.forms import Problems, read_files
from app.desk.models import ServiceRequest
from app.desk.queries import (
    REGISTER_COLUMNS,
    events_of,
    register,
    request_by_number,
    requests_of,
)
from app.desk.rules import Outcome, normalise_number

NUMBER = "/layanan/permintaan/<string(maxlength=20):number>"
WRONG = N_(
    "Nomor dan kode ini tidak cocok. Bandingkan huruf demi huruf dengan tanda terima, atau hubungi kantor dengan menyebut nomornya."
)


@bp.get("/layanan/permintaan")
@public
def enter() -> ResponseReturnValue:
    """Number and code; a QR or a link only puts them into their fields. Whoever is signed in sees their own below."""
    return _enter(request.args.get("nomor", ""), request.args.get("kode", ""))


@bp.post("/layanan/permintaan")
@public
@limiter.limit(POSTS)
def unlock() -> ResponseReturnValue:
    """Open a request for this browser. A try is counted before it is looked up, so guessing finds an end."""
    number, code = request.form.get("nomor", ""), request.form.get("kode", "")
    problems = _read(number, code)
    if problems:
        return _enter(number, code, problems)
    try:
        with writing():
            door = admit_code(f"request {normalise_number(number)} {code}", address=request.remote_addr)
    except RuleBroken as wait:
        return _enter(number, code, told({}, wait), status=429)
    asked = request_by_number(number)
    if asked is None or not fits(asked, code):
        return _enter(number, code, {"kode": Text(WRONG)})
    let_in(asked)
    known = asked.number
    with writing():
        pace.forget(door.account)
    return redirect(url_for(".follow", number=known), 303)


def _read(number: str, code: str) -> Problems:
    """What is no number or no code of ours costs no try."""
    problems: Problems = {}
    if normalise_number(number) is None:
        problems["nomor"] = Text(N_("Tulis nomornya seperti di tanda terima, misalnya PL-26-0042."))
    if normalise_activation_code(code) is None:
        problems["kode"] = Text(
            N_("Kode ini salah ketik. Isinya 12 huruf dan angka, seperti di tanda terima.")
        )
    return problems


def _enter(
    number: str, code: str, problems: Problems | None = None, *, status: int = 200
) -> ResponseReturnValue:
    typed, read = fold_space(code)[:60], normalise_activation_code(code[:60])
    person = me()
    answer = page(
        "desk/enter.html",
        problems=problems,
        status=status,
        number=normalise_number(number[:40]) or fold_space(number)[:40],
        code=format_activation_code(read) if read else typed,
        own=[(one, screens.status(one)) for one in requests_of(person)] if person else [],
    )
    if status != 200:
        answer.status_code = status
    return answer


@bp.get(NUMBER)
@public
def follow(number: str) -> ResponseReturnValue:
    """How it stands. Without its code nobody learns whether there is such a request."""
    asked = request_by_number(number)
    if asked is None or not may_see(asked):
        if normalise_number(number) is None:
            abort(404)
        return _enter(number, "", status=404)
    return _follow(asked)


def _follow(asked: ServiceRequest, problems: Problems | None = None) -> ResponseReturnValue:
    closed_on = asked.closed_at.astimezone(office_zone()).date() if asked.closed_at else None
    return page(
        "desk/follow.html",
        problems=problems,
        asked=asked,
        badge_of=screens.status(asked),
        urgency=screens.urgency(asked),
        way=say(rules.ANSWER_NAMES[asked.answer_by]),
        outcome=messages.outcome_word(asked),
        ground=screens.ground_word(asked),
        lines=screens.history(events_of(asked, public=True), kind=asked.kind, public=True),
        may_reply=rules.may_reply(closed_on, today()) and asked.erased_at is None,
        ratings=choices(rules.RATINGS),
        typed={name: request.form.get(name, "") for name in ("pesan", "nilai", "komentar")},
        by_code=not (current_user.is_authenticated and asked.requester_id == current_user.id),
    )


@bp.get(f"{NUMBER}/tanda-terima")
@public
def ticket(number: str) -> ResponseReturnValue:
    """Number and code, to be printed, photographed or sent to oneself."""
    asked = own_or_404(number)
    link = messages.follow_link(asked, with_code=True)
    return page(
        "desk/ticket.html",
        asked=asked,
        code=shown_code(asked),
        follow_url=url_for(".follow", number=asked.number),
        whatsapp=messages.note_to_self(asked),
        qr=qr_svg(link, _("Kode QR ke halaman permohonan")),
        desk=False,
    )


@bp.post(f"{NUMBER}/pesan")
@public
@limiter.limit(POSTS)
def reply(number: str) -> ResponseReturnValue:
    """Add a message or a file."""
    asked = own_or_404(number)
    try:
        files = read_files(request.files.getlist("berkas"))
        with writing():
            services.reply(asked, body=request.form.get("pesan", ""), files=files)
    except RuleBroken as refusal:
        return _follow(own_or_404(number), told({}, refusal))
    flash(_("Pesan Anda sampai di petugas."), "done")
    return redirect(url_for(".follow", number=number), 303)


@bp.post(f"{NUMBER}/cabut")
@public
@limiter.limit(POSTS)
def withdraw(number: str) -> ResponseReturnValue:
    """No answer is needed any more."""
    asked = own_or_404(number)
    try:
        with writing():
            services.withdraw(asked)
    except RuleBroken as refusal:
        flash(say(refusal.text), "error")
    else:
        flash(_("Permohonan dicabut. Kami tidak menjawabnya lagi."), "done")
    return redirect(url_for(".follow", number=number), 303)


@bp.post(f"{NUMBER}/nilai")
@public
@limiter.limit(POSTS)
def rate(number: str) -> ResponseReturnValue:
    """Say how the answer was."""
    asked, given = own_or_404(number), request.form.get("nilai", "")
    try:
        with writing():
            services.rate(
                asked,
                rating=int(given) if given in {str(one) for one in rules.RATINGS} else None,
                remark=request.form.get("komentar", "")[:2000],
            )
    except RuleBroken as refusal:
        return _follow(own_or_404(number), told({}, refusal))
    flash(_("Terima kasih. Penilaian Anda membantu kami memperbaiki layanan."), "done")
    return redirect(url_for(".follow", number=number), 303)


@bp.post(f"{NUMBER}/tutup")
@public
def forget(number: str) -> ResponseReturnValue:
    """This browser forgets the request: for a phone or computer that others use too."""
    shut(own_or_404(number))
    flash(_("Permohonan ditutup di perangkat ini. Buka lagi dengan nomor dan kode."), "done")
    return redirect(url_for(".enter"), 303)


@bp.get("/informasi-publik/register")
@public
def public_register() -> ResponseReturnValue:
    """How many requests for public information came in, and what became of them: counts only, small ones withheld."""
    rows = []
    for row in register():
        total = rules.shown_sum(row.cells)
        rows.append((row.year, total, rules.shown_counts(row.cells) if total is not None else None))
    names = rules.OUTCOME_NAMES[rules.Kind.INFORMATION]
    columns = [
        say(names[Outcome(outcome)]) if outcome else _("Sedang diproses") for outcome in REGISTER_COLUMNS
    ]
    return render_template("desk/register.html", rows=rows, columns=columns, few=rules.FEW)
