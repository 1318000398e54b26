"""Atom feeds (RFC 4287): what is new, for those who follow the site from elsewhere."""

import xml.etree.ElementTree as ET  # nosec B405 - written here, never read
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

ATOM = "http://www.w3.org/2005/Atom"
MIMETYPE = "application/atom+xml; charset=utf-8"


@dataclass(frozen=True)
class Entry:
    """One thing that is new. ``url`` is absolute and never changes: it is also the entry's name."""

    title: str
    url: str
    published: datetime
    updated: datetime
    summary: str = ""
    category: str = ""


def atom(title: str, *, page: str, feed: str, author: str, language: str, entries: Sequence[Entry]) -> bytes:
    """The feed at the absolute address ``feed`` of the page at ``page``; entries newest first."""
    ET.register_namespace("", ATOM)
    root = ET.Element(f"{{{ATOM}}}feed", {"{http://www.w3.org/XML/1998/namespace}lang": language})
    latest = max((entry.updated for entry in entries), default=None)
    _add(root, "title", title)
    _add(root, "id", feed)
    _add(root, "link", rel="self", href=feed)
    _add(root, "link", rel="alternate", href=page, type="text/html")
    _add(root, "updated", latest.isoformat() if latest else "1970-01-01T00:00:00+00:00")
    _add(_add(root, "author"), "name", author)
    for entry in entries:
        made = _add(root, "entry")
        _add(made, "title", entry.title)
        _add(made, "id", entry.url)
        _add(made, "link", rel="alternate", href=entry.url, type="text/html")
        _add(made, "published", entry.published.isoformat())
        _add(made, "updated", entry.updated.isoformat())
        if entry.summary:
            _add(made, "summary", entry.summary)
        if entry.category:
            _add(made, "category", term=entry.category)
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))


def _add(parent: ET.Element, name: str, text: str | None = None, **attributes: str) -> ET.Element:
    child = ET.SubElement(parent, f"{{{ATOM}}}{name}", attributes)
    child.text = text
    return child
