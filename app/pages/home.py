"""What the home page shows: ways for each kind of visitor, what closes soon, what is new."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from babel.dates import format_date

from app.clinic.rules import Topic
from app.clinic.said import said_day
from app.clinic.timetable import day_of, first_free
from app.content import queries as content
from app.content.models import ContentPage
from app.content.reading import read
from app.core.database import now, today
from app.core.formatting import clock, weekday_date
from app.core.i18n import _, locale
from app.core.text import N_
from app.core.working_days import is_working_day
from app.pages.own_pages import address_if_here
from app.programs import queries as programs
from app.programs.models import Program
from app.programs.rules import FOREVER
from app.programs.screens import closing_text
from app.programs.times import local
from app.review.rules import YearProgress

Way = tuple[str, str]
Known = tuple[tuple[str, str, dict[str, Any]], ...]

NEWEST = 3
DEADLINES = 4
SERVICES = 6
QUARTER = 15  # minutes
SOON = 14  # days before a deadline from which it is marked

COOPERATIVE: Known = (
    (N_("Isi laporan tahunan"), "questionnaire.overview", {}),
    (N_("Daftar sebagai pengelola koperasi"), "cooperatives.join", {}),
    (N_("Pakai kode aktivasi dari kantor"), "cooperatives.join_by_code", {}),
    (N_("Tanya soal RAT dan SHU"), "clinic.book", {"topik": Topic.GOVERNANCE.value}),
    (N_("Baca panduan pengelola"), "pages.guide_page", {"slug": "pengelola"}),
)
ENTERPRISE: Known = (
    (N_("Daftarkan usaha saya"), "enterprises.join", {}),
    (N_("Cari program yang cocok"), "programs.index", {"untuk": "enterprise"}),
    (N_("Buat janji dengan konsultan"), "clinic.book", {}),
)
CITIZEN: Known = (
    (N_("Periksa apakah koperasi terdaftar"), "cooperatives.directory", {}),
    (N_("Cari produk dan jasa UKM setempat"), "enterprises.directory", {}),
    (N_("Periksa keaslian bukti penerimaan"), "questionnaire.verify_form", {}),
    (N_("Minta informasi publik"), "desk.ask_information", {}),
    (N_("Lacak permintaan saya"), "desk.enter", {}),
)
LEGAL, BUSINESS, CAPITAL = "legal", "business", "capital"
"""Sections of service pages, of which the first page each is what most come for."""


@dataclass(frozen=True)
class Deadline:
    """A day by which something must be done."""

    day: date
    title: str
    url: str
    note: str

    @property
    def leaf(self) -> dict[str, Any]:
        """The day as a row shows it."""
        return {
            "day": self.day.day,
            "month": format_date(self.day, "MMM", locale=locale()),
            "iso": self.day.isoformat(),
            "near": (self.day - today()).days <= SOON,
        }


@dataclass(frozen=True)
class Visitors:
    """The ways of each kind of visitor, as links."""

    cooperative: list[Way]
    enterprise: list[Way]
    citizen: list[Way]


def visitors(services: list[ContentPage]) -> Visitors:
    """What each kind of visitor can do here; a way that this site does not have is left out."""
    cooperative, enterprise = list(_ways(COOPERATIVE)), list(_ways(ENTERPRISE))
    cooperative[1:1] = _first_of(services, LEGAL)
    enterprise += [*_first_of(services, BUSINESS), *_first_of(services, CAPITAL)]
    return Visitors(cooperative, enterprise, list(_ways(CITIZEN)))


def _ways(known: Known) -> Iterable[Way]:
    for label, endpoint, values in known:
        if address := address_if_here(endpoint, **values):
            yield _(label), address


def _first_of(services: list[ContentPage], section: str) -> list[Way]:
    found = (page for page in services if page.section == section)
    return [service_way(page) for page in list(found)[:1]]


def service_way(page: ContentPage) -> Way:
    """A service page as a link."""
    return read(page, locale()).title, content.address_of(page)


def newest() -> list[tuple[Program, str]]:
    """The programmes published last that can still be joined, and until when."""
    return [(program, closing_text(program, now())) for program in programs.newest(NEWEST)]


def deadlines(progress: YearProgress | None) -> list[Deadline]:
    """What must be done soon, the soonest first: joining programmes, filing the yearly report."""
    found = [
        Deadline(
            local(program.closes_at).date(),
            program.title,
            address_if_here("programs.show", slug=program.slug),
            closing_text(program, now()),
        )
        for program in programs.closing_next(DEADLINES)
        if program.closes_at != FOREVER
    ]
    if progress and progress.deadline >= today():
        found.append(
            Deadline(
                progress.deadline,
                _("Laporan tahunan koperasi, tahun buku %(year)s", year=progress.year),
                address_if_here("questionnaire.overview"),
                _("24 pertanyaan, sekitar 20 menit. Bisa dilanjutkan kapan saja."),
            )
        )
    return sorted(found, key=lambda deadline: deadline.day)[:DEADLINES]


def today_said() -> str:
    """``Selasa, 10 Maret 2026``."""
    return weekday_date(today())


def next_visit() -> str:
    """``hari ini 13.30``: when somebody could come to the clinic next; empty while it has no times."""
    found = first_free()
    return f"{said_day(day_of(found.starts_at), first=False)} {clock(found.starts_at)}" if found else ""


def is_open_today() -> bool:
    """Whether today is a working day of the office."""
    return is_working_day(today())


def popular() -> list[Way]:
    """What most visitors come for, where a search led nowhere."""
    services = [service_way(page) for page in content.services()[:4]]
    ways: Known = (
        (N_("Program yang sedang dibuka"), "programs.index", {}),
        (N_("Isi laporan tahunan"), "questionnaire.overview", {}),
        (N_("Periksa apakah koperasi terdaftar"), "cooperatives.directory", {}),
        (N_("Panduan"), "pages.guide", {}),
    )
    return [*services, *_ways(ways)]


def revision() -> str:
    """Other whenever the home page is: any change on the trail, the day, what the clock opened, closed or published; and each
    quarter of an hour, because the clinic's next time passes."""
    moment = now()
    return f"{programs.revision()} {content.revision()} {moment.hour}.{moment.minute // QUARTER}"
