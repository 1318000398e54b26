"""How the public site is read, for staff."""

from collections.abc import Mapping
from datetime import date, timedelta

from babel.dates import get_month_names
from flask import Blueprint, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.core.access import Role, only
from app.core.database import today
from app.core.downloads import table_response
from app.core.formatting import short_date
from app.core.i18n import locale
from app.core.spreadsheets import Column
from app.insights import queries
from app.insights.presentation import Bar, columns_of, shares_of
from app.insights.rules import DEVICE_LABELS, LANGUAGE_LABELS, OTHERS, SHOWN_FROM, SOURCE_LABELS, Device

bp = Blueprint("insights", __name__)
DAYS, MONTHS = 30, 12
COLUMNS = [
    Column("Tanggal", "date"),
    Column("Halaman", width=44),
    Column("Perangkat"),
    Column("Asal"),
    Column("Bahasa"),
    Column("Kunjungan", "integer"),
]


@bp.get("/dinas/kunjungan")
@only(Role.EDITOR, Role.OPERATOR, Role.ADMIN)
def visits() -> ResponseReturnValue:
    """Visits by day or month, what is read most, what is searched in vain; all sums as CSV."""
    by_month = request.args.get("per") == "bulan"
    last = today()
    first = _months_before(last, MONTHS - 1) if by_month else last - timedelta(DAYS - 1)
    if request.args.get("format") == "csv":
        rows = queries.all_rows(first, last)
        return table_response(COLUMNS, rows, filename=f"kunjungan-{last.isoformat()}", suffix="csv")
    counted = queries.by_day(first, last)
    devices, sources, languages = queries.shares(first, last)
    total = sum(counted.values())
    return render_template(
        "insights/visits.html",
        by_month=by_month,
        first=first,
        last=last,
        total=total,
        bars=columns_of(_months(counted, first, last) if by_month else _days(counted, first, last)),
        phones=round(100 * devices[Device.PHONE] / total) if total else 0,
        arrivals=sum(sources.values()),
        devices=shares_of(devices, DEVICE_LABELS),
        sources=shares_of(sources, SOURCE_LABELS),
        languages=shares_of(languages, LANGUAGE_LABELS),
        pages=queries.most_read(first, last),
        missed=queries.missed(first, last),
        others=OTHERS,
        shown_from=SHOWN_FROM,
        new_page=url_for("content.new_page") if "content.new_page" in current_app.view_functions else "",
    )


def _months_before(day: date, months: int) -> date:
    """The first of the month, ``months`` before that of ``day``."""
    number = day.year * 12 + day.month - 1 - months
    return date(number // 12, number % 12 + 1, 1)


def _days(counted: Mapping[date, int], first: date, last: date) -> list[Bar]:
    """Each day, also those without a visit."""
    days = [first + timedelta(n) for n in range((last - first).days + 1)]
    return [Bar(short_date(day), counted.get(day, 0)) for day in days]


def _months(counted: Mapping[date, int], first: date, last: date) -> list[Bar]:
    """Each month, also those without a visit."""
    found = []
    month = first
    while month <= last:
        visits = sum(n for day, n in counted.items() if (day.year, day.month) == (month.year, month.month))
        names = get_month_names("abbreviated", locale=locale())
        found.append(Bar(f"{names[month.month]} {month.year}", visits))
        month = _months_before(month, -1)
    return found
