"""The site's menus, built only of addresses that exist and that the reader may open."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from flask import Flask, current_app, g, request, url_for
from flask_login import current_user
from sqlalchemy import Select, select

from app.clinic.queries import waiting_number as waiting_reminders
from app.content.queries import waiting_pages_number
from app.cooperatives.queries import waiting_claims_number
from app.core.access import Role
from app.core.extensions import db
from app.core.i18n import _, locale
from app.core.templating import plain_data
from app.core.text import N_
from app.desk.queries import waiting_number as waiting_requests
from app.enterprises.queries import waiting_number as waiting_enterprises
from app.programs.application_queries import waiting_number as waiting_applications
from app.questionnaire.help_lists import disputed_number
from app.review.queries import waiting_number as waiting_reports


@dataclass(frozen=True)
class Entry:
    """A menu entry: message id, endpoint, and who sees it (everyone when empty)."""

    label: str
    endpoint: str
    roles: frozenset[Role] = frozenset()


@plain_data
@dataclass(frozen=True)
class Link:
    """An entry as a template draws it."""

    label: str
    url: str
    endpoint: str
    current: str  # the aria-current of the page itself, of a page below it, or empty


@dataclass(frozen=True)
class Group:
    """Entries of the desk that belong together. As a template draws it, it leads to the first of those that the reader sees."""

    label: str
    entries: tuple[Link, ...]

    @property
    def current(self) -> str:
        """``true`` when the page stands in this group."""
        return "true" if any(link.current for link in self.entries) else ""


FEW = 6  # entries that need no groups
OPERATOR, EDITOR, ADMIN = frozenset({Role.OPERATOR}), frozenset({Role.EDITOR}), frozenset({Role.ADMIN})
CONSULTANT = frozenset({Role.CONSULTANT})
PUBLIC = (
    Entry(N_("Program"), "programs.index"),
    Entry(N_("Layanan"), "content.services"),
    Entry(N_("Koperasi"), "cooperatives.directory"),
    Entry(N_("UKM"), "enterprises.directory"),
    Entry(N_("Klinik"), "clinic.book"),
    Entry(N_("Usaha saya"), "enterprises.mine", frozenset({Role.ENTERPRISE})),
    Entry(N_("Laporan tahunan"), "questionnaire.overview", frozenset({Role.COOPERATIVE})),
    Entry(N_("Panduan"), "pages.guide"),
)
STAFF_MENU = (
    (
        N_("Laporan"),
        (
            Entry(N_("Ringkasan"), "year.dashboard", OPERATOR | ADMIN),
            Entry(N_("Periksa"), "review.queue", OPERATOR),
            Entry(N_("Belum lapor"), "year.missing", OPERATOR),
            Entry(N_("Bantuan"), "helping.helps", OPERATOR),
            Entry(N_("Ekspor"), "year.export", OPERATOR),
            Entry(N_("ODS"), "ods.show", OPERATOR),
            Entry(N_("Kuesioner"), "editions.overview", OPERATOR),
        ),
    ),
    (
        N_("Daftar"),
        (
            Entry(N_("Koperasi"), "cooperatives.register", OPERATOR),
            Entry(N_("Klaim"), "cooperatives.claims", OPERATOR),
            Entry(N_("UKM"), "enterprises.register", OPERATOR),
            Entry(N_("Kelompok UKM"), "clusters.index", OPERATOR),
            Entry(N_("Impor"), "intake.start", OPERATOR),
        ),
    ),
    (
        N_("Pelayanan"),
        (
            Entry(N_("Permohonan"), "requests.queue", OPERATOR),
            Entry(N_("Hari ini"), "clinic.visit_day", CONSULTANT),
            Entry(N_("Klinik"), "clinic.desk_week", OPERATOR | CONSULTANT),
            Entry(N_("Loket"), "clinic.visit_counter", OPERATOR),
            Entry(N_("Pengingat"), "clinic.reminders", OPERATOR),
            Entry(N_("Angka klinik"), "clinic.visit_figures", OPERATOR | CONSULTANT),
        ),
    ),
    (
        N_("Publikasi"),
        (
            Entry(N_("Program"), "program_desk.index", EDITOR | OPERATOR),
            Entry(N_("Konten"), "content.desk", EDITOR),
            Entry(N_("Kunjungan"), "insights.visits", EDITOR | OPERATOR | ADMIN),
        ),
    ),
    (
        N_("Situs"),
        (
            Entry(N_("Pengguna"), "accounts.people", OPERATOR | ADMIN),
            Entry(N_("Kotak keluar"), "accounts.outbox", OPERATOR | ADMIN),
            Entry(N_("Jejak"), "audit.trail", OPERATOR | ADMIN),
            Entry(N_("Sistem"), "operations.system", ADMIN),
            Entry(N_("Panduan"), "pages.guide"),
        ),
    ),
)
WAITING: dict[str, Callable[[], Select[int]]] = {
    "review.queue": waiting_reports,
    "content.desk": waiting_pages_number,
    "cooperatives.claims": waiting_claims_number,
    "enterprises.register": waiting_enterprises,
    "helping.helps": disputed_number,
    "requests.queue": waiting_requests,
    "clinic.reminders": waiting_reminders,
    "program_desk.index": waiting_applications,
}
FOOTER = (
    (
        N_("Bantuan"),
        (
            Entry(N_("Panduan"), "pages.guide"),
            Entry(N_("Periksa bukti"), "questionnaire.verify_form"),
            Entry(N_("Konfirmasi laporan"), "confirming.enter"),
            Entry(N_("Latihan mengisi"), "practice.fill"),
            Entry(N_("Lihat permohonan"), "desk.enter"),
        ),
    ),
    (
        N_("Tentang"),
        (
            Entry(N_("Tentang kantor"), "content.about"),
            Entry(N_("Kabar"), "content.stories"),
            Entry(N_("Informasi publik"), "content.information"),
            Entry(N_("Aksesibilitas"), "content.accessibility"),
            Entry(N_("Privasi"), "pages.privacy"),
        ),
    ),
)


def _open_to(entries: Iterable[Entry], roles: frozenset[Role]) -> Iterator[Entry]:
    """Those that exist and that a holder of ``roles`` may open."""
    for entry in entries:
        if entry.endpoint in current_app.view_functions and (not entry.roles or entry.roles & roles):
            yield entry


def links(entries: tuple[Entry, ...], roles: frozenset[Role]) -> tuple[Link, ...]:
    """``entries`` that exist and that a holder of ``roles`` may open, in their order.

    The one whose address begins that of this page is current: its page, or a page below it.
    """
    shown = {
        entry.endpoint: next(current_app.url_map.iter_rules(entry.endpoint)).rule
        for entry in _open_to(entries, roles)
    }
    here = request.url_rule.rule if request.url_rule else ""
    above = max((rule for rule in shown.values() if here.startswith(f"{rule}/")), key=len, default="")
    states = {request.endpoint: "page"} if request.endpoint in shown else {}
    return tuple(
        Link(
            _(entry.label),
            url_for(entry.endpoint),
            entry.endpoint,
            states.get(entry.endpoint, "true" if not states and shown[entry.endpoint] == above else ""),
        )
        for entry in entries
        if entry.endpoint in shown
    )


def groups(roles: frozenset[Role]) -> tuple[Group, ...]:
    """The desk's menu for a holder of ``roles``. One group without a name when the entries are few."""
    every = links(tuple(entry for _label, entries in STAFF_MENU for entry in entries), roles)
    if len(every) <= FEW:
        return (Group("", every),) if every else ()
    shown = {link.endpoint: link for link in every}
    found = (
        Group(_(label), tuple(shown[entry.endpoint] for entry in entries if entry.endpoint in shown))
        for label, entries in STAFF_MENU
    )
    return tuple(group for group in found if group.entries)


@lru_cache(maxsize=1024)
def _drawn(
    _app: Flask, _root: str, _language: str, _endpoint: str | None, roles: frozenset[Role]
) -> dict[str, object]:
    """The menus, which depend on nothing but the arguments: worked out once for each."""
    return {
        "nav_public": links(PUBLIC, roles),
        "nav_staff": groups(roles) if roles else (),
        "nav_footer": tuple((_(title), links(entries, roles)) for title, entries in FOOTER),
    }


def menus() -> dict[str, object]:
    """``nav_public``, ``nav_staff`` and ``nav_footer`` for the layouts."""
    if request.endpoint == "static":
        return {}
    roles = current_user.roles if current_user.is_authenticated else frozenset()
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    return _drawn(app, request.script_root, locale(), request.endpoint, roles)


def waiting_behind(endpoint: str) -> int:
    """How many wait behind a staff entry; 0 where nothing can wait. A page's entries are asked together, in one query."""
    if endpoint not in WAITING:
        return 0
    if "waiting" not in g:
        every = (entry for _label, entries in STAFF_MENU for entry in entries)
        asked = [entry.endpoint for entry in _open_to(every, current_user.roles) if entry.endpoint in WAITING]
        numbers = [WAITING[one]().scalar_subquery() for one in asked]
        g.waiting = dict(zip(asked, db.session.execute(select(*numbers)).one(), strict=True)) if asked else {}
    return int(g.waiting.get(endpoint, 0))
