"""No error is a dead end: each says what happened, what it means, and where to go on, in the reader's language."""

import sqlite3
import time
from math import ceil

import structlog
from babel.numbers import format_decimal
from flask import Flask, current_app, g, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from flask_login import AnonymousUserMixin, current_user
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from app.core import large_bodies, stale_forms
from app.core.access import asks_for_data, for_script, turned_away
from app.core.errors import RuleBroken
from app.core.extensions import db, limiter
from app.core.i18n import locale, request_id, say
from app.core.text import N_

log = structlog.get_logger("simpul")

UNSURE = N_(
    "Kiriman Anda mungkin belum tersimpan, tetapi masih ada di halaman ini. Tunggu sebentar, lalu kirim lagi. Kode %(id)s."
)
SOON = 5
"""Seconds after which a browser, a script or a proxy may ask a busy site again."""
MOST_NAMED, LONGEST_NAME = 5, 80
"""Files that the page of too large a body names, and characters of each name."""
SECRET = ("password", "sandi")
"""Parts of the names of fields that no page repeats."""
PAGES = {
    400: (
        N_("Permintaan ini tidak lengkap"),
        N_("Kembali ke halaman sebelumnya, muat ulang, lalu coba lagi."),
    ),
    403: (
        N_("Halaman ini bukan untuk peran Anda"),
        N_("Masuk dengan akun yang berhak, atau hubungi kantor."),
    ),
    404: (
        N_("Halaman ini tidak ada"),
        N_("Mungkin alamatnya berubah: cari di sini, atau hubungi kantor."),
    ),
    405: (N_("Halaman ini tidak bisa dibuka dengan cara itu"), N_("Buka lagi dari menu atau dari beranda.")),
    409: (
        N_("Data ini baru saja diubah orang lain"),
        N_("Belum ada yang ditimpa. Muat ulang halaman, lalu ulangi."),
    ),
    410: (N_("Tautan ini sudah tidak berlaku"), N_("Minta tautan baru, atau hubungi kantor.")),
    411: (N_("Kiriman tanpa ukuran tidak diterima"), N_("Kirim lagi lewat peramban biasa.")),
    413: (
        N_("Berkas ini terlalu besar"),
        N_("Ukuran paling besar 8 MB. Kecilkan atau bagi berkasnya, lalu coba lagi."),
    ),
    415: (N_("Jenis berkas ini tidak diterima"), N_("Pakai CSV, XLSX, XLS, atau ODS.")),
    421: (
        N_("Nama situs ini bukan nama kami"),
        N_("Buka lewat alamat yang diberikan kantor."),
    ),
    429: (
        N_("Terlalu banyak permintaan"),
        N_("Tunggu beberapa menit, lalu coba lagi. Isian yang tersimpan tetap aman."),
    ),
    500: (
        N_("Ada gangguan di sistem kami"),
        N_("Isian terakhir yang tersimpan tetap aman. Sebutkan kode %(id)s bila menghubungi kantor."),
    ),
    503: (
        N_("Situs sedang sibuk"),
        N_("Isian terakhir yang tersimpan tetap aman. Tunggu sebentar, lalu muat ulang. Kode %(id)s."),
    ),
}


def page(
    code: int, message: str = "", again: list[tuple[str, str]] | None = None, *, own_title: str = ""
) -> ResponseReturnValue:
    """The error page of ``code``, with our own ``message`` where one fits better, and what was posted, to be sent ``again``."""
    title, usual = PAGES.get(code, PAGES[500])
    title = own_title or title
    shown = message or gettext(usual, id=request_id())
    if for_script() or asks_for_data():
        return {"code": str(code), "sentence": f"{gettext(title)}. {shown}"}, code
    forget_unreachable_person()
    about = {"code": code, "title": gettext(title), "message": shown, "again": again or []}
    try:
        drawn = render_template("errors/error.html", request_id=request_id(), **about)
    except SQLAlchemyError:  # gone only now
        give_up()
        g._login_user = AnonymousUserMixin()
        drawn = render_template("errors/error.html", request_id=request_id(), **about)
    answer = make_response(drawn)
    answer.status_code = code
    return answer


def give_up() -> None:
    """End what was begun with the database, also with one that does not answer any more."""
    try:
        db.session.rollback()
    except SQLAlchemyError:
        db.session.registry.clear()


def forget_unreachable_person() -> None:
    """Treat the reader as not signed in when the database cannot say who that is: an error page must always be drawn."""
    try:
        current_user.is_authenticated  # noqa: B018 - reading it loads the person
    except SQLAlchemyError:
        g._login_user = AnonymousUserMixin()


def on_http(error: HTTPException) -> ResponseReturnValue:
    """404, 413 … A redirect that travels as an exception stays what it is."""
    if error.code is None or error.code < 400:
        return error
    if error.code == 413:
        return too_large()
    too_often = error.code == 429
    retry = getattr(error, "retry_after", None) or (_rest() if too_often else None)
    again = posted() if too_often else []  # it may be the others of a shared address who sent too much
    answer = make_response(page(error.code, _wait(retry) if too_often and retry else "", again))
    if retry:
        answer.headers["Retry-After"] = str(retry)
    return answer


def too_large() -> ResponseReturnValue:
    """Which file it was, and what was typed beside it, to be sent without."""
    most = current_app.config["MAX_CONTENT_LENGTH"]
    body = large_bodies.read_to_the_end()
    if (
        request.content_length or 0
    ) <= most:  # no file makes it so, but one endless text or thousands of inputs
        said = gettext(
            "Paling banyak 2 MB tulisan sekali kirim. Kembali, pendekkan atau bagi isiannya, lalu kirim lagi."
        )
        return page(413, said, own_title=N_("Isian ini terlalu panjang"))
    if not body.files:
        return page(413)
    again = stale_forms.without_files(body.fields)
    files = sorted(body.files, key=lambda file: -file[1])[:MOST_NAMED]
    said = gettext(
        "Semua berkas bersama-sama paling besar %(most)s MB. Yang Anda kirim: %(files)s. Kembali, pilih berkas yang lebih kecil, lalu kirim lagi.",
        most=most >> 20,
        files=", ".join(f"{name[:LONGEST_NAME]} ({_megabytes(size)} MB)" for name, size in files),
    )
    return page(413, said, again)


def _megabytes(size: int) -> str:
    return str(format_decimal(size / (1 << 20), format="0.0", locale=locale()))


def _rest() -> int:
    """Seconds until the limit that was passed lets the next request through."""
    limit = limiter.current_limit
    return max(1, ceil(limit.reset_at - time.time())) if limit else 60


def _wait(seconds: int) -> str:
    minutes = max(1, round(seconds / 60))
    return str(
        ngettext(
            "Tunggu satu menit, lalu coba lagi. Isian yang tersimpan tetap aman.",
            "Tunggu %(num)s menit, lalu coba lagi. Isian yang tersimpan tetap aman.",
            minutes,
        )
    )


def on_csrf(_error: CSRFError) -> ResponseReturnValue:
    """The form's token is old, usually since the session ended."""
    if for_script():
        return {"code": "token"}, 400
    for _receiver, kept in turned_away.send():
        if kept is not None:
            answer: ResponseReturnValue = kept
            return answer
    again = stale_forms.to_send_again(is_signed_in=current_user.is_authenticated)
    if again:
        said = gettext(
            "Halaman ini terbuka terlalu lama, jadi kirimannya belum kami terima. Isian Anda masih ada: tekan Kirim lagi."
        )
        files = any(file.filename for _name, file in request.files.items(multi=True))
        without = (
            gettext("Berkas tidak ikut tersimpan. Pilih lagi sesudah isian ini terkirim.") if files else ""
        )
        return page(400, f"{said} {without}".strip(), again, own_title=N_("Isian Anda belum terkirim"))
    return page(
        400,
        gettext(
            "Sesi Anda sudah berakhir atau halaman ini terlalu lama terbuka. Kembali, salin isian Anda bila panjang, muat ulang, lalu kirim lagi."
        ),
    )


def on_rule(error: RuleBroken) -> ResponseReturnValue:
    """A rule that no route showed beside its field."""
    db.session.rollback()
    return page(409, say(error.text))


def on_conflict(_error: StaleDataError) -> ResponseReturnValue:
    """Two people changed one row; the second change was not written."""
    db.session.rollback()
    return page(409)


def on_busy(error: Exception) -> ResponseReturnValue:
    """The database did not answer in time."""
    log.error("database", id=g.get("request_id"), error=repr(error))
    give_up()
    again = posted()
    answer = make_response(page(503, gettext(UNSURE, id=request_id()) if again else "", again))
    answer.headers["Retry-After"] = str(SOON)
    return answer


def posted() -> list[tuple[str, str]]:
    """What one of this site's own forms has just posted, where a page can hold all of it: no files, no secrets."""
    fields = list(request.form.items(multi=True)) if g.get("csrf_valid") else []
    if any(file.filename for _name, file in request.files.items(multi=True)):
        return []
    if any(part in name.casefold() for name, _text in fields for part in SECRET):
        return []
    return [(name, text) for name, text in fields if name != "csrf_token"]


def on_database(error: DBAPIError) -> ResponseReturnValue:
    """The database went away in the middle, or handed its lead to another; what else it says is our own mistake."""
    if error.connection_invalidated:
        return on_busy(error)
    if current_app.testing:
        raise error
    return on_fault(error)


def on_fault(error: Exception) -> ResponseReturnValue:
    """Our own mistake: logged with the code that the person sees."""
    log.error("fault", id=g.get("request_id"), error=repr(error), exc_info=error)
    give_up()
    return page(500)


def register(app: Flask) -> None:
    """Let these pages answer for every error. While testing, our own mistakes are raised instead."""
    app.register_error_handler(HTTPException, on_http)
    app.register_error_handler(CSRFError, on_csrf)
    app.register_error_handler(RuleBroken, on_rule)
    app.register_error_handler(StaleDataError, on_conflict)
    app.register_error_handler(OperationalError, on_busy)
    app.register_error_handler(DBAPIError, on_database)
    app.register_error_handler(PoolTimeout, on_busy)
    app.register_error_handler(sqlite3.OperationalError, on_busy)  # of a BEGIN, which goes past SQLAlchemy
    if not app.config.get("TESTING"):
        app.register_error_handler(Exception, on_fault)
