"""Addresses of the site's own pages, worked out once: a list asks for hundreds, nearly always the same ones."""

from functools import lru_cache
from typing import Any

from flask import Flask, has_request_context, request


class Site(Flask):
    """Flask that remembers the addresses it has built."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._built = lru_cache(maxsize=8192, typed=True)(self._build)

    def url_for(self, /, endpoint: str, **values: Any) -> str:
        """As in Flask. Inside a request an address within the site depends on nothing but what the key holds."""
        if not has_request_context() or self.url_default_functions:
            return super().url_for(endpoint, **values)
        asked = request._get_current_object()  # type: ignore[attr-defined]
        if endpoint[0] == ".":
            endpoint = f"{asked.blueprint}{endpoint}" if asked.blueprint else endpoint[1:]
        elsewhere = values.get("_external") or values.get("_scheme")
        try:
            return self._built(
                elsewhere and asked.host_url, asked.script_root, asked.method, endpoint, **values
            )
        except TypeError:  # an argument with several values has no place in a key
            return super().url_for(endpoint, **values)

    def _build(self, _host: str | None, _root: str, _method: str, endpoint: str, /, **values: Any) -> str:
        return super().url_for(endpoint, **values)
