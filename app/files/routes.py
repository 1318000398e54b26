"""The addresses of kept files, apart from all pages: pictures are shown, everything else is only ever downloaded."""

from urllib.parse import quote

from flask import Blueprint, Response, abort
from flask_login import current_user

from app.core.access import public
from app.core.assets import FOREVER
from app.files.access import may_open
from app.files.answers import file_answer
from app.files.models import StoredFile
from app.files.queries import file_by_token

bp = Blueprint("files", __name__)


@bp.get("/berkas/<string(length=22):token>/<name>")
@public
def download(token: str, name: str) -> Response:
    """A document, to be saved; ``name`` is for people and says nothing to us."""
    stored = _found(token)
    answer = file_answer(stored, stored.content, "public, max-age=3600")
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(stored.name, safe='')}"
    return answer


@bp.get("/gambar/<string(length=22):token>.webp")
@public
def picture(token: str) -> Response:
    """A picture, at most 1600 pixels a side. Its address changes with its content, so that it may be kept for ever."""
    stored = _picture(token)
    return file_answer(stored, stored.content, FOREVER)


@bp.get("/gambar/<string(length=22):token>-kecil.webp")
@public
def small_picture(token: str) -> Response:
    """The same picture, at most 480 pixels a side."""
    stored = _picture(token)
    return file_answer(stored, stored.small or stored.content, FOREVER)


def _picture(token: str) -> StoredFile:
    stored = _found(token)
    if not stored.is_picture:
        abort(404)
    return stored


def _found(token: str) -> StoredFile:
    stored = file_by_token(token)
    if stored is None or not (stored.is_public or may_open(stored, current_user)):
        abort(404)
    return stored
