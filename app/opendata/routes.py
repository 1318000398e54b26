"""Addresses for programs."""

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from app.core.access import public
from app.opendata.description import document

bp = Blueprint("opendata", __name__)


@bp.get("/api/v1/openapi.json")
@public
def description() -> ResponseReturnValue:
    """What may be asked, and what the answers look like (OpenAPI 3.1)."""
    answer = jsonify(document())
    answer.headers["Cache-Control"] = "public, max-age=3600"
    return answer
