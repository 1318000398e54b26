"""The pages on which a listing is kept: the same for an owner with an account, the holder of a link, and the office.

``@kept("/isi")`` gives one view an address for each of them, and an access marker of its own; the view gets a
:class:`Keeper`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any

from flask import abort, make_response, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.accounts.answers import private
from app.core.access import Role, keeps_form, mark, only, public, to_sign_in
from app.enterprises.blueprint import bp, found_or_404
from app.enterprises.links import enterprise_behind, link_address
from app.enterprises.models import Enterprise
from app.enterprises.queries import owned_enterprise
from app.enterprises.rules import State

View = Callable[..., ResponseReturnValue]
LINK, OWNER, OFFICE = "link", "owner", "office"
PREFIXES = {LINK: "/ukm/daftar/<token>", OWNER: "/ukm/saya/<slug>", OFFICE: "/dinas/ukm/<slug>"}
GONE = (State.DELETED, State.MERGED)


@dataclass(frozen=True)
class Keeper:
    """Who keeps ``enterprise`` on this page. ``way``: LINK, OWNER or OFFICE; ``key``: what names it in addresses."""

    enterprise: Enterprise
    way: str
    key: dict[str, Any]

    def url(self, page: str, **values: Any) -> str:
        """The address of another of these pages, reached the same way."""
        return url_for(f"enterprises.{self.way}_{page}", **self.key, **values)

    @property
    def home(self) -> str:
        """Where one comes back to: the overview of the owner, the card of the office."""
        if self.way == OFFICE:
            return url_for("enterprises.card", **self.key)
        return self.url("overview")

    @property
    def link(self) -> str:
        """The whole address of the secret link, for its holder."""
        return link_address(self.key["token"]) if self.way == LINK else ""


def kept(
    path: str,
    *,
    methods: Sequence[str] = ("GET",),
    ways: Sequence[str] = (LINK, OWNER),
    keeps: str = "",
) -> Callable[[View], View]:
    """Hang a view below the prefix of each of ``ways``. What is posted to it is kept under the title ``keeps`` for whoever
    turns out to be signed out, but not behind a secret link: its address would be kept too."""

    def decorate(view: View) -> View:
        guards = {LINK: by_link, OWNER: _by_owner, OFFICE: _by_office}
        for way in ways:
            guarded = guards[way](view)
            if keeps and way != LINK:
                guarded = keeps_form(keeps)(guarded)
            bp.add_url_rule(
                PREFIXES[way] + path,
                endpoint=f"{way}_{view.__name__}",
                view_func=guarded,
                methods=list(methods),
            )
        return view

    return decorate


def by_link(view: View) -> View:
    """Whoever holds the secret link: the view gets a keeper in the place of its token. What a dead link opens says so."""

    @wraps(view)
    def guarded(*args: Any, token: str, **kwargs: Any) -> ResponseReturnValue:
        enterprise = enterprise_behind(token)
        if enterprise is None:
            answer = private(make_response(render_template("enterprises/link_gone.html")))
            answer.status_code = 410
            return answer
        return private(view(*args, keeper=Keeper(enterprise, LINK, {"token": token}), **kwargs))

    return public(guarded)


def _by_owner(view: View) -> View:
    @wraps(view)
    def guarded(*args: Any, slug: str, **kwargs: Any) -> ResponseReturnValue:
        if not current_user.is_authenticated:
            return to_sign_in()
        enterprise = owned_enterprise(current_user.id, slug)
        if enterprise is None:
            abort(404)
        return view(*args, keeper=Keeper(enterprise, OWNER, {"slug": slug}), **kwargs)

    mark(guarded, "own_enterprise")
    return guarded


def _by_office(view: View) -> View:
    @wraps(view)
    def guarded(*args: Any, slug: str, **kwargs: Any) -> ResponseReturnValue:
        enterprise = found_or_404(slug)
        if enterprise.state in GONE:
            abort(404)
        return view(*args, keeper=Keeper(enterprise, OFFICE, {"slug": slug}), **kwargs)

    return only(Role.OPERATOR)(guarded)
