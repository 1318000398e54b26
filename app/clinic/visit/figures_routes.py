"""The figures of the clinic: by topic, month and kecamatan, on the screen and as CSV."""

from typing import Any

from babel.dates import get_month_names
from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.clinic.blueprint import bp
from app.clinic.rules import TOPIC_NAMES, Topic
from app.clinic.visit.counting import OTHERS, Line
from app.clinic.visit.figures import NOWHERE, Figures, figures, first_free_by_topic, years
from app.clinic.visit.screens import days_until, waits_until
from app.cooperatives.screens import place_name
from app.core.access import Role, only
from app.core.downloads import table_response
from app.core.i18n import _, locale, say
from app.core.spreadsheets import Column
from app.enterprises.clusters.suppression import LEAST

PARTS = {"topik": "topic", "bulan": "month", "kecamatan": "kecamatan"}
COLUMNS = (
    "Kunjungan",
    "Menunggu (menit, nilai tengah)",
    "Tidak datang (%)",
    "Berguna (1-5)",
    "Jelas (1-5)",
    "Penilaian",
    "Tindak lanjut tuntas (%)",
)


@bp.get("/dinas/klinik/angka")
@only(Role.OPERATOR, Role.CONSULTANT)
def visit_figures() -> ResponseReturnValue:
    """How the clinic worked in a year; what is too little to tell is not told, neither here nor in the file."""
    per = request.args.get("per", "")
    per = per if per in PARTS else "topik"
    known = [str(year) for year in years()]
    year = request.args.get("tahun", "")
    found = figures(int(year if year in known else known[0]), PARTS[per])
    if request.args.get("format") == "csv":
        return _csv(found, per)
    free = first_free_by_topic() if per == "topik" else {}
    return render_template(
        "clinic/visit/figures.html",
        figures=found,
        per=per,
        years=[(one, one) for one in known],
        lines=sorted(found.lines, key=lambda one: place(found.part, one.key)),
        rows=sorted(found.table.rows if found.table else (), key=lambda key: place("topic", key)),
        name_of=name_of,
        least=LEAST,
        free={topic.value: waits_until(moment) for topic, moment in free.items()},
        topics=[(topic.value, say(name)) for topic, name in TOPIC_NAMES.items()],
        csv_url=url_for(".visit_figures", per=per, tahun=found.year, format="csv"),
    )


def name_of(part: str, key: str) -> str:
    """A topic, month or kecamatan in words."""
    if key == OTHERS:
        return {
            "topic": _("Topik lain"),
            "month": _("Bulan lain"),
            "kecamatan": _("Kecamatan lain"),
        }[part]
    if part == "topic":
        return say(TOPIC_NAMES[Topic(key)])
    if part == "month":
        return str(get_month_names("wide", locale=locale())[int(key[5:])])
    return _("Tidak diketahui") if key == NOWHERE else place_name(key) or key


def place(part: str, key: str) -> tuple[bool, str]:
    """Months by their time, all else by its name, what goes together last."""
    return key == OTHERS, key if part == "month" else name_of(part, key)


def _csv(found: Figures, per: str) -> ResponseReturnValue:
    """The same figures; an empty cell is one that is not told."""
    heading = {"topik": "Topik", "bulan": "Bulan", "kecamatan": "Kecamatan"}[per]
    crossed = found.table
    columns = [Column(heading, width=30), *(Column(title, "integer") for title in COLUMNS)]
    told = sorted(found.lines, key=lambda one: place(found.part, one.key))
    rows: list[list[Any]] = [[name_of(found.part, one.key), *_values(one)] for one in told]
    if crossed is None:
        columns.append(Column("Hari sampai jadwal kosong", "integer"))
        days = {topic.value: days_until(moment) for topic, moment in first_free_by_topic().items()}
        rows = [[*row, days.get(one.key)] for row, one in zip(rows, told, strict=True)]
    else:
        topics = sorted(crossed.rows, key=lambda key: place("topic", key))
        columns += [Column(name_of("topic", topic), "integer") for topic in topics]
        rows = [
            [*row, *(crossed.cells[topic, one.key] for topic in topics)]
            for row, one in zip(rows, told, strict=True)
        ]
    return table_response(columns, rows, filename=f"klinik-{per}-{found.year}", suffix="csv")


def _values(one: Line) -> list[Any]:
    return [one.visits, one.waited, one.missed, one.useful, one.clear, one.ratings, one.kept]
