"""Asking again who it is before what does harm in wrong hands: ``@step_up`` of core.access, answered here.

Whoever has given password or code within :data:`LASTS` goes on unasked. A form that was posted without is carried along by the
page that asks, and goes on once the answer is right; nothing that was typed is lost.
"""

from datetime import timedelta

from flask import make_response, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app.accounts import devices, passkeys, second_step, sign_in
from app.accounts.answers import problem_of, shown
from app.accounts.forms import local_path
from app.accounts.one_time_codes import read_code
from app.accounts.pace import TooManyTries
from app.accounts.passkey_models import PasskeyPurpose
from app.core.access import for_script, proof_wanted
from app.core.database import now
from app.core.errors import RuleBroken
from app.core.text import N_, Text

PROVED = "proved"
LASTS = timedelta(minutes=15)
FIELD, KEY_FIELD = "bukti", "bukti_kunci"
LEFT_OUT = {FIELD, KEY_FIELD, "csrf_token"}


def note_proof() -> None:
    """This session has just shown who it is."""
    session[PROVED] = int(now().timestamp())


def has_proof() -> bool:
    """Whether it has done so lately."""
    since = session.get(PROVED)
    return isinstance(since, int) and 0 <= now().timestamp() - since < LASTS.total_seconds()


@proof_wanted.connect
def answer(_sender: object) -> ResponseReturnValue | None:
    """None for who has shown lately that it is still them; else the page that asks, or asks again."""
    if has_proof():
        return None
    if for_script():
        said = _("Untuk keamanan, isi sandi atau kode Anda lagi, lalu ulangi.")
        return {"code": "step-up", "sentence": said}, 401
    if request.method != "POST" or FIELD not in request.form:
        return page()
    try:
        check(request.form[FIELD], request.form.get(KEY_FIELD, ""))
    except RuleBroken as no:
        return page(no)
    return None


def check(raw: str, answer: str = "") -> None:
    """Take password or code as it was typed, or a passkey's ``answer``. Raises RuleBroken, beside :data:`FIELD` for what was typed."""
    person = current_user
    if answer:
        passkeys.check(person.id, answer, purpose=PasskeyPurpose.PROVE, door=devices.code_door(person))
        note_proof()
        return
    try:
        if person.has_two_steps:
            second_step.check_code(person.id, read_code(raw), door=devices.code_door(person))
        else:
            identifier = person.email or person.phone
            sign_in.check_password(identifier, raw, door=devices.door(identifier))
    except RuleBroken as no:
        no.field = FIELD
        if no.text.template == sign_in.WRONG:
            no.text = Text(N_("Sandi ini salah. Periksa lagi."))
        raise
    note_proof()


def page(no: RuleBroken | None = None, *, back: str = "") -> ResponseReturnValue:
    """The question. 401 as long as nobody has answered, 422 for a wrong answer, 429 for one too many. ``back``: the page to go
    on to, where it is not what was asked for."""
    sent_on = request.method == "POST" and not request.files and not back
    back = back or (request.full_path.rstrip("?") if request.method == "GET" else _referrer())
    made = make_response(
        render_template(
            "accounts/step_up.html",
            errors=shown(problem_of(no)) if no else {},
            action=request.full_path.rstrip("?") if sent_on else url_for("accounts.prove"),
            carried=_carried() if sent_on else [("next", local_path(back))],
            lost_file=bool(request.files),
            asks_code=current_user.has_two_steps,
            by_passkey=current_user.has_two_steps and passkeys.offered(current_user),
        )
    )
    made.status_code = 422 if no else 401
    if isinstance(no, TooManyTries):
        made.status_code = 429
        made.headers["Retry-After"] = str(no.seconds)
    made.headers["Cache-Control"] = "no-store"
    return made


def _carried() -> list[tuple[str, str]]:
    return [(name, text) for name, text in request.form.items(multi=True) if name not in LEFT_OUT]


def _referrer() -> str:
    """The page of this site that a file was sent from."""
    sender = request.referrer or ""
    return sender.removeprefix(request.host_url.rstrip("/")) if sender.startswith(request.host_url) else ""
