"""The pictures of streets that a map may lie on, where the office names a server for them. Without one, maps show outlines."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import Response, current_app

from app.core import http

PICTURES = "img-src 'self' data:"


@dataclass(frozen=True)
class Tiles:
    """``url`` holds ``{z}``, ``{x}`` and ``{y}``; ``attribution`` is what the map must say about its source."""

    url: str
    attribution: str

    @property
    def origin(self) -> str:
        """The only place beside the site from which a page with a map may load pictures."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}"


def tiles() -> Tiles | None:
    """What the settings name; None for outlines only."""
    url = current_app.config["TILE_URL"]
    return Tiles(url, current_app.config["TILE_ATTRIBUTION"]) if url else None


def let_tiles_in(answer: Response) -> Response:
    """``answer``, a page with a map, which may show pictures of the one server that the settings name."""
    if found := tiles():
        allowed = http.POLICY.replace(PICTURES, f"{PICTURES} {found.origin}")
        answer.headers["Content-Security-Policy"] = allowed
    return answer
