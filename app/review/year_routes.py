"""Addresses of the year: how far it is, who has not filed, and the year as a file for the ministry."""

from flask import Blueprint, abort, current_app, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import Select

from app.audit.downloads import whole_table
from app.cooperatives.models import Cooperative
from app.core.access import Role, only, step_up
from app.core.downloads import table_response
from app.core.extensions import db
from app.core.formatting import moment
from app.core.i18n import say
from app.core.masking import Private
from app.core.paging import count_text
from app.core.parsing import fold_space
from app.core.spreadsheets import Cell, Column
from app.desk.queries import standing
from app.questionnaire import exports
from app.questionnaire import queries as reports
from app.questionnaire.extensions import extensions_of
from app.regions.queries import office_region
from app.review import queries
from app.review.models import Contact
from app.review.outreach_queries import NOBODY, SOMEBODY, last_contacts
from app.review.outreach_rules import RESULT_NAMES, Result

bp = Blueprint("year", __name__, url_prefix="/dinas")


@bp.get("")
@only(Role.OPERATOR, Role.ADMIN)
def dashboard() -> ResponseReturnValue:
    """The next piece of work, and how far the year is."""
    year = _chosen_year()
    return render_template(
        "review/dashboard.html",
        year=year,
        years=_opened_years(),
        progress=queries.progress(year) if year else None,
        waiting=queries.waiting_count(),
        requests=standing() if current_user.has_role(Role.OPERATOR) else None,
    )


@bp.get("/belum-lapor")
@only(Role.OPERATOR)
def missing() -> ResponseReturnValue:
    """Cooperatives that have not filed, with the telephone numbers to call; as a file those of people are masked."""
    year, q, kecamatan, contact = _asked()
    if (suffix := request.args.get("format")) in ("csv", "xlsx"):
        wanted = queries.missing(year, kecamatan=kecamatan, q=q, contact=contact)
        lines = _lines(wanted, year)
        return table_response(MISSING, lines, filename=f"belum-lapor-{year}", suffix=suffix)
    page, count = queries.missing_page(year, kecamatan=kecamatan, q=q, contact=contact)
    return render_template(
        "review/missing.html",
        page=page,
        year=year,
        year_choices=_year_choices(),
        q=q,
        kecamatan=kecamatan,
        contact=contact,
        contact_choices=_contact_choices(),
        contacts=last_contacts([row.id for row in page.rows], year),
        extensions=extensions_of([row.id for row in page.rows], year),
        names=RESULT_NAMES,
        count=count_text(count),
        drafts=queries.drafts_of(page.rows, year),
        region=office_region(current_app.config["REGION"]),
    )


@bp.post("/belum-lapor/lengkap")
@only(Role.OPERATOR)
@step_up
def missing_whole() -> ResponseReturnValue:
    """The same as a file with all telephone numbers, on record."""
    year, q, kecamatan, contact = _asked()
    lines = _lines(queries.missing(year, kecamatan=kecamatan, q=q, contact=contact), year)
    name = f"belum-lapor-lengkap-{year}"
    return whole_table(MISSING, lines, filename=name, suffix=request.form.get("format", "csv"))


def _asked() -> tuple[int, str, str, str]:
    """Year, words, kecamatan and contact of the address."""
    year = _chosen_year() or abort(404)
    contact = request.args.get("kontak", "") if request.args.get("kontak") in dict(_contact_choices()) else ""
    words, kecamatan = request.args.get("q", ""), request.args.get("kecamatan", "")
    return year, fold_space(words)[:100], fold_space(kecamatan)[:8], contact


@bp.get("/ekspor")
@only(Role.OPERATOR)
def export() -> ResponseReturnValue:
    """Which year, in whose layout."""
    counts = reports.approved_counts()
    years = sorted({*_opened_years(), *counts}, reverse=True)
    return render_template("review/export.html", years=years, year=_chosen_year(), counts=counts)


@bp.get("/ekspor/<int:year>/<layout>.<any(csv, xlsx):suffix>")
@only(Role.OPERATOR)
def export_file(year: int, layout: str, suffix: str) -> ResponseReturnValue:
    """The year's approved reports (with ``?semua=1`` all filed ones) in the ministry's or the province's columns."""
    if layout not in exports.LAYOUTS or year not in reports.years():
        abort(404)
    table = exports.year_table(year, layout, every_filed=bool(request.args.get("semua")))
    return table_response(table.columns, table.rows, filename=f"laporan-{year}-{layout}", suffix=suffix)


def _opened_years() -> list[int]:
    """Book years that are or were reported on, the newest first; next year's questions are only being prepared."""
    current = reports.current_year()
    return [year for year in reports.years() if current is None or year <= current]


def _year_choices() -> list[tuple[str, str]]:
    return [(str(year), str(year)) for year in _opened_years()]


def _contact_choices() -> list[tuple[str, str]]:
    reached = [(NOBODY, _("Belum dihubungi")), (SOMEBODY, _("Sudah dihubungi"))]
    return reached + [(result.value, say(name)) for result, name in RESULT_NAMES.items()]


def _chosen_year() -> int | None:
    """The book year in ``?tahun=`` if it has an edition, else the one now open, else the newest."""
    years = reports.years()
    asked = request.args.get("tahun", "")
    if asked.isascii() and asked.isdigit() and len(asked) == 4 and int(asked) in years:
        return int(asked)
    return reports.current_year() or (years[0] if years else None)


def _told(contact: Contact | None) -> list[str]:
    if contact is None:
        return ["", "", ""]
    return [
        f"{moment(contact.at)}, {contact.actor_name}",
        say(RESULT_NAMES[Result(contact.result)]),
        contact.note,
    ]


MISSING = (
    Column("Nama koperasi"),
    Column("Nomor badan hukum"),
    Column("Kecamatan"),
    Column("Kelurahan"),
    Column("Telepon kantor"),
    Column("Nama ketua"),
    Column("Telepon ketua", private=Private.NUMBER),
    Column("Terakhir dihubungi"),
    Column("Hasil"),
    Column("Catatan", private=Private.TEXT),
)
"""Headings stay Indonesian: it is the office's own file."""


def _lines(wanted: Select[Cooperative], year: int) -> list[list[Cell]]:
    """Rows under :data:`MISSING`."""
    region = office_region(current_app.config["REGION"])
    rows = list(db.session.scalars(wanted.order_by(Cooperative.name_key, Cooperative.id)))
    contacts = last_contacts([row.id for row in rows], year)
    return [
        [
            row.nama_koperasi,
            row.nomor_badan_hukum,
            region.name_of(row.kode_kecamatan or ""),
            region.name_of(row.kode_kelurahan or "") or row.tempat_lain,
            row.telepon_kantor,
            row.nama_ketua,
            row.telepon_ketua,
            *_told(contacts.get(row.id)),
        ]
        for row in rows
    ]
