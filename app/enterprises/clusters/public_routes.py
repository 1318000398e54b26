"""What everybody may see of the groups: portraits without anybody in them, and the register by kecamatan."""

from flask import Response, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from app.core.access import public
from app.core.caching import kept_page
from app.core.database import office_zone, today
from app.core.spreadsheets import Cell, Column, write_csv
from app.enterprises.clusters.blueprint import bp
from app.enterprises.clusters.portraits import PublicTable, public_table
from app.enterprises.clusters.queries import by_kecamatan, clusters_of, current_run
from app.enterprises.clusters.screens import feature_list, public_lines, public_map
from app.enterprises.queries import region, revision

COLUMNS = (Column("Kode kecamatan", width=16), Column("Kecamatan", width=28), Column("Jumlah UKM"))
ELSEWHERE, HIDDEN = "Di luar wilayah atau belum diketahui", "disamarkan"


@bp.get("/ukm/klaster")
@public
@kept_page(revision)
def shown() -> ResponseReturnValue:
    """The groups and the register by kecamatan, the latter also as CSV and JSON."""
    places, run = region(), current_run()
    table = public_table(by_kecamatan(), places.kecamatan)
    match request.args.get("format"):
        case "csv":
            return _csv(table)
        case "json":
            return _json(table)
    clusters = clusters_of(run) if run else []
    return render_template(
        "clusters/public.html",
        run=run,
        ended=run.ended_at.astimezone(office_zone()).date() if run and run.ended_at else None,
        groups=public_lines(clusters),
        features=feature_list(run.outcome["used"]) if run else "",
        kecamatan_table=table,
        places=places.kecamatan,
        map=public_map(table),
    )


def _csv(table: PublicTable) -> Response:
    """What is hidden is blank, and says so."""
    rows: list[list[Cell]] = [
        [code, name, table.counts[code] if table.counts[code] is not None else HIDDEN]
        for code, name in region().kecamatan.items()
    ]
    if table.elsewhere != 0:
        rows.append(["", ELSEWHERE, table.elsewhere if table.elsewhere is not None else HIDDEN])
    rows.append(["", "Jumlah", table.total if table.total is not None else HIDDEN])

    answer = Response(
        write_csv(COLUMNS, [[str(cell) for cell in row] for row in rows]),
        content_type="text/csv; charset=utf-8",
    )
    name = f"ukm-per-kecamatan-{today().isoformat()}.csv"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _json(table: PublicTable) -> Response:
    """Hidden counts are null."""
    run = current_run()
    groups = public_lines(clusters_of(run)) if run else []
    return jsonify(
        {
            "kecamatan": [
                {"kode": code, "nama": name, "jumlah": table.counts[code]}
                for code, name in region().kecamatan.items()
            ],
            "lainnya": table.elsewhere,
            "jumlah": table.total,
            "kelompok": [{"nama": one["name"], "jumlah": one["size"], "dihitung": one["counted"], "ciri": dict(one["traits"])} for one in groups],
        }
    )  # fmt: skip
