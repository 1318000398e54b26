"""Digests keyed by the site's secret: a stolen database shows neither links nor codes nor who tried from where."""

import hashlib
import hmac

from flask import current_app

SHORT = 32


def keyed_digest(purpose: str, *parts: str) -> str:
    """64 hexadecimal digits of HMAC-SHA-256; different ``purpose``, different digest of the same text."""
    text = "\x1f".join((purpose, *parts))
    key = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.new(key, text.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


def short_digest(purpose: str, *parts: str) -> str:
    """The first half of :func:`keyed_digest`, enough to tell accounts and networks apart."""
    return keyed_digest(purpose, *parts)[:SHORT]


def same(one: str, other: str) -> bool:
    """Whether two digests are equal, in the same time whatever they are."""
    return hmac.compare_digest(one.encode(), other.encode())
