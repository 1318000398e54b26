"""The public JSON addresses as one OpenAPI document. Each feature describes its own in ``openapi.json`` beside its code; here
they are put together."""

import json
from functools import cache
from typing import Any

from app.core.config import ROOT

DESCRIBED = ("opendata", "cooperatives", "enterprises", "programs", "pages", "operations")
"""Features with a description; the first holds what all have in common."""


@cache
def document() -> dict[str, Any]:
    """The document; it is the same until the site is started anew."""
    whole: dict[str, Any] = {}
    for feature in DESCRIBED:
        text = (ROOT / "app" / feature / "openapi.json").read_text(encoding="utf-8")
        _join(whole, json.loads(text))
    return whole


def _join(whole: dict[str, Any], part: dict[str, Any]) -> None:
    """Take ``part`` into ``whole``, folder by folder; nothing may be described twice."""
    for name, value in part.items():
        if name in whole and isinstance(value, dict):
            _join(whole[name], value)
        elif name in whole:
            raise ValueError(f"{name} is described twice")
        else:
            whole[name] = value
