"""A kept file as an answer, with headers that let a browser do nothing with it but what it is for."""

from flask import Response, request

from app.files.models import StoredFile

LOCKED_UP = "sandbox; default-src 'none'; frame-ancestors 'none'"
PRIVATE = "private, no-store"


def file_answer(stored: StoredFile, content: bytes, caching: str) -> Response:
    """``content`` of ``stored``, its whole or its small picture; ``caching`` only while everybody may open it."""
    answer = Response(content, mimetype=stored.mime)
    answer.headers["Content-Security-Policy"] = LOCKED_UP
    answer.headers["Cache-Control"] = caching if stored.is_public else PRIVATE
    answer.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    answer.set_etag(stored.sha256[:32])
    answer.make_conditional(request)
    return answer
