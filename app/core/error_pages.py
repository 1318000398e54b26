"""No error is a dead end: each says what happened, what it means, and where to go on, in the reader's language."""

import sqlite3
import time
from math import ceil

import structlog
from flask import Flask, g, make_response, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from flask_login import AnonymousUserMixin, current_user
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from app.core.access import for_script, turned_away
from app.core.errors import RuleBroken
from app.core.extensions import db, limiter
from app.core.i18n import request_id, say
from app.core.text import N_

log = structlog.get_logger("simpul")

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


def page(code: int, message: str = "") -> ResponseReturnValue:
    """The error page of ``code``, with our own ``message`` where one fits better."""
    title, usual = PAGES.get(code, PAGES[500])
    shown = message or gettext(usual, id=request_id())
    if for_script():
        return {"code": str(code), "sentence": f"{gettext(title)}. {shown}"}, code
    forget_unreachable_person()
    answer = make_response(
        render_template(
            "errors/error.html", code=code, title=gettext(title), message=shown, request_id=request_id()
        )
    )
    answer.status_code = code
    return answer


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
    retry = getattr(error, "retry_after", None) or (_rest() if error.code == 429 else None)
    answer = make_response(page(error.code, _wait(retry) if error.code == 429 and retry else ""))
    if retry:
        answer.headers["Retry-After"] = str(retry)
    return answer


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
    return page(
        400,
        gettext(
            "Sesi Anda sudah berakhir atau halaman ini terlalu lama terbuka. Kembali, muat ulang, lalu kirim lagi."
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
    db.session.rollback()
    return page(503)


def on_fault(error: Exception) -> ResponseReturnValue:
    """Our own mistake: logged with the code that the person sees."""
    log.error("fault", id=g.get("request_id"), error=repr(error), exc_info=error)
    db.session.rollback()
    return page(500)


def register(app: Flask) -> None:
    """Let these pages answer for every error. While testing, our own mistakes are raised instead."""
    app.register_error_handler(HTTPException, on_http)
    app.register_error_handler(CSRFError, on_csrf)
    app.register_error_handler(RuleBroken, on_rule)
    app.register_error_handler(StaleDataError, on_conflict)
    app.register_error_handler(OperationalError, on_busy)
    app.register_error_handler(PoolTimeout, on_busy)
    app.register_error_handler(sqlite3.OperationalError, on_busy)  # of a BEGIN, which goes past SQLAlchemy
    if not app.config.get("TESTING"):
        app.register_error_handler(Exception, on_fault)
