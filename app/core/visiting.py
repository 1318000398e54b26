"""What a request says for those who count visits: which page it was, and what was searched in vain. Nothing about the person."""

from flask import Response, current_app, g, request

PAGE = "text/html"
ADDRESSED_BY_NAME = frozenset({"slug"})
"""Parts of an address that are published anyway. An address with any other part (a code, a token) counts under its rule."""


def page_name(response: Response) -> str:
    """What a visit that got ``response`` counts as: the address of a public page, without what was asked of it; else empty."""
    if "visited_page" in g:
        return str(g.visited_page)
    rule = request.url_rule
    if request.method != "GET" or rule is None or response.status_code != 200 or response.mimetype != PAGE:
        return ""
    if getattr(current_app.view_functions[rule.endpoint], "access", "") != "public":
        return ""
    return request.path if rule.arguments <= ADDRESSED_BY_NAME else rule.rule


def answered(page: str, missed_search: str) -> None:
    """This request is answered from what was kept: as which page, and with what was searched in vain."""
    g.visited_page = page if request.method == "GET" else ""
    g.missed_search = missed_search


def missed(wanted: str) -> None:
    """Somebody searched for ``wanted`` and found nothing."""
    g.missed_search = wanted


def missed_search() -> str:
    """What this request searched for in vain; empty when it did not."""
    return str(g.get("missed_search", ""))
