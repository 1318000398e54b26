"""Under which address a page is known outside: to search engines, in a message, in a calendar."""

from dataclasses import dataclass
from typing import Any

from flask import current_app, request

from app.core.i18n import DEFAULT, LANGUAGES, locale


def public_address(path: str) -> str:
    """``path`` of this site with the site's own name before it, as the setting SIMPUL_BASE_URL gives it."""
    return str(current_app.config["BASE_URL"]).rstrip("/") + path


@dataclass(frozen=True)
class Known:
    """The one address of a page that can be asked for in many ways, and the same page in each language."""

    address: str
    languages: tuple[tuple[str, str], ...]


def known_page() -> Known | None:
    """The page being answered as others may know it; None where it is not the same for everybody."""
    view: Any = current_app.view_functions.get(request.endpoint or "")
    if not getattr(view, "kept", False):
        return None
    plain = public_address(request.path)
    addresses = {
        language: plain if language == DEFAULT else f"{plain}?lang={language}" for language in LANGUAGES
    }
    return Known(addresses[locale()], (*addresses.items(), ("x-default", plain)))
