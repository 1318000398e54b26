"""The page of one cooperative for everybody: its yearly figures and the days that anybody may know, told from what stands in
the register and in approved reports. The timeline itself, which names people, is for the office."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for

from app.cooperatives.blueprint import office_day
from app.cooperatives.fields import LABELS
from app.cooperatives.models import Cooperative
from app.cooperatives.rules import Status
from app.cooperatives.screens import place_name
from app.cooperatives.signals import Figures, FigureYear, Measure, answers, figures_asked
from app.core.formatting import long_date, number, rupiah
from app.core.i18n import _, say
from app.core.parsing import phone_for_people
from app.core.sharing import public_address
from app.core.text import N_

EXPLAINED = {
    Status.INACTIVE: N_(
        "Tidak aktif berarti lama tidak ada catatan rapat anggota tahunan (RAT). Koperasinya masih berbadan hukum; tanyakan "
        "keadaannya kepada pengurus atau ke kantor sebelum menitipkan uang."
    ),
    Status.UNKNOWN: N_(
        "Kantor belum mempunyai tanggal RAT maupun tanggal badan hukumnya. Tanyakan ke kantor kalau Anda perlu kepastian."
    ),
    Status.DISSOLVED: N_(
        "Koperasi ini sudah bubar dan tidak boleh lagi menerima simpanan. Halaman ini tinggal sebagai arsip."
    ),
}


@dataclass(frozen=True)
class ShownMeasure:
    """One figure over the years: its latest value as shown, and points for a small line."""

    label: str
    latest: str
    year: int
    points: list[tuple[str, int | None]]


@dataclass(frozen=True)
class ShownFigures:
    """The yearly figures as charts and as rows of a table, newest first: (year, values as shown)."""

    measures: list[ShownMeasure]
    rows: list[tuple[int, list[str]]]

    @property
    def columns(self) -> list[str | tuple[str, str]]:
        """The headings of the table."""
        return [_("Tahun buku"), *((one.label, "number") for one in self.measures)]


def figures_of(cooperative: Cooperative) -> Figures | None:
    """What the features above know of its yearly figures; None when no report of it was approved."""
    found: list[Figures] = answers(figures_asked.send(cooperative))
    return found[0] if found else None


def shown_figures(figures: Figures) -> ShownFigures:
    """The figures in the reader's language, without measures that nobody reported."""
    measures = [one for one in figures.measures if any(one.code in year.values for year in figures.years)]
    return ShownFigures(
        [_shown(measure, figures.years) for measure in measures],
        [
            (year.year, [_value(measure, year.values.get(measure.code)) for measure in measures])
            for year in reversed(figures.years)
        ],
    )


def _shown(measure: Measure, years: tuple[FigureYear, ...]) -> ShownMeasure:
    last = next(year for year in reversed(years) if measure.code in year.values)
    return ShownMeasure(
        say(measure.label),
        _value(measure, last.values[measure.code]),
        last.year,
        [(str(year.year), year.values.get(measure.code)) for year in years],
    )


def _value(measure: Measure, value: int | None) -> str:
    return rupiah(value) if measure.is_money else number(value)


def public_days(cooperative: Cooperative, figures: Figures | None) -> list[dict[str, Any]]:
    """What happened to it, newest first, as the timeline draws it; nobody is named."""
    told: list[tuple[date | None, str]] = [
        (cooperative.tanggal_badan_hukum, _("Disahkan sebagai badan hukum")),
        (office_day(cooperative.created_at), _("Tercatat di situs ini")),
        (cooperative.last_rat, _("Rapat anggota tahunan (RAT) terakhir")),
    ]
    if cooperative.dissolved_on:
        decreed = _("Bubar menurut keputusan %(decree)s", decree=cooperative.dissolved_decree)
        told.append((cooperative.dissolved_on, decreed))
    for year in figures.years if figures else ():
        told.append((year.approved_on, _("Laporan tahun buku %(year)s disetujui", year=year.year)))
    known = sorted(((day, text) for day, text in told if day), key=lambda one: one[0], reverse=True)
    return [{"text": text, "when": long_date(day), "iso": day.isoformat()} for day, text in known]


def as_organization(cooperative: Cooperative) -> dict[str, Any]:
    """The cooperative as schema.org knows an Organization; only what everybody may see."""
    place = {
        "@type": "PostalAddress",
        "streetAddress": cooperative.alamat,
        "addressLocality": place_name(cooperative.kode_kelurahan) or place_name(cooperative.kode_kecamatan),
        "addressRegion": place_name((cooperative.kode_kecamatan or "")[:5]),
        "addressCountry": "ID",
    }
    thing = {
        "@type": "Organization",
        "name": cooperative.nama_koperasi,
        "url": public_address(url_for("cooperatives.show", slug=cooperative.slug)),
        "identifier": cooperative.nomor_badan_hukum,
        "foundingDate": _iso(cooperative.tanggal_badan_hukum),
        "dissolutionDate": _iso(cooperative.dissolved_on),
        "telephone": phone_for_people(cooperative.telepon_kantor) if cooperative.telepon_kantor else None,
        "address": {name: value for name, value in place.items() if value},
    }
    return {name: value for name, value in thing.items() if value}


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def figures_as_json(figures: Figures | None) -> list[dict[str, Any]]:
    """The figures by question code, newest year first."""
    years = reversed(figures.years) if figures else ()
    return [{"tahun_buku": one.year, **one.values} for one in years]


def last_rat_line(cooperative: Cooperative) -> tuple[str, str]:
    """When the members last met."""
    when = long_date(cooperative.last_rat) if cooperative.last_rat else _("Belum ada catatan")
    return say(LABELS["last_rat"]), when
