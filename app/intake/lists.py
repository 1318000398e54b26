"""The registers that lists go into: what their columns can mean, what moves them on, and their words on the screen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.core.text import N_
from app.intake.catalogue import Catalogue
from app.intake.enterprises.fields import ENTERPRISES
from app.intake.fields import COOPERATIVES, REGISTER_COLUMNS, REPORT_FIELDS


@dataclass(frozen=True, eq=False)
class ListOf:
    """A register. ``code`` is what an import keeps; ``concerned`` are the kinds on the trail whose entries change it.

    ``blueprint`` serves its screens, ``card`` is where one of its rows is shown. ``says`` are its own words (message ids).
    """

    code: str
    catalogue: Catalogue
    concerned: tuple[str, ...]
    blueprint: str
    card: str
    says: Mapping[str, str]

    @property
    def has_years(self) -> bool:
        """Whether a row may be about a year."""
        return "tahun_buku" in self.catalogue.fields

    def lacks_year(self, columns: Sequence[str | None]) -> bool:
        """Whether ``columns`` hold figures of a report, and none says of which year: then no report comes of them."""
        figures = set(columns) & {*REPORT_FIELDS} - {*REGISTER_COLUMNS.values()}
        return self.has_years and bool(figures) and "tahun_buku" not in columns

    @property
    def is_of_people(self) -> bool:
        """Whether its lists are data of persons: kept no longer than needed."""
        return bool(self.catalogue.secret)


COOPERATIVE = ListOf(
    "cooperative",
    COOPERATIVES,
    ("cooperative", "report"),
    "intake",
    "cooperatives.card",
    {
        "title": N_("Impor koperasi"),
        "new": N_("Koperasi baru"),
        "compare": N_("Uji coba membandingkan tiap baris dengan daftar koperasi. Belum ada yang tersimpan."),
        "planning": N_("Tiap baris dibandingkan dengan daftar koperasi. Halaman ini memuat ulang sendiri."),
        "outdated": N_(
            "Daftar koperasi berubah sejak uji coba ini. Uji coba diulang; periksa lagi, lalu jalankan."
        ),
    },
)
ENTERPRISE = ListOf(
    "enterprise",
    ENTERPRISES,
    ("enterprise",),
    "enterprise_intake",
    "enterprises.card",
    {
        "title": N_("Impor UKM"),
        "new": N_("UKM baru"),
        "compare": N_(
            "Uji coba membandingkan tiap baris dengan register UKM. Belum ada yang masuk register."
        ),
        "planning": N_("Tiap baris dibandingkan dengan register UKM. Halaman ini memuat ulang sendiri."),
        "outdated": N_(
            "Register UKM berubah sejak uji coba ini. Uji coba diulang; periksa lagi, lalu jalankan."
        ),
    },
)
LISTS: Mapping[str, ListOf] = {one.code: one for one in (COOPERATIVE, ENTERPRISE)}
