"""The list of cooperatives, as ListView gives it, with what the reader of the site's list gets beside the rows.

Equal: 25 rows with the same cells; search in name, number, NIK and place; six groups of filters, several values each, with the
number of rows behind each value; the count, the orders, the pages, the downloads; the map by kecamatan with its table. Not
equal, for the peer: a search finds neither typos nor reordered words, and pages are found by counting rows.
"""

from django.db.models import Case, CharField, Count, F, Q, Value, When
from django.db.models.functions import Cast, Coalesce, ExtractYear
from django.views.generic import ListView

from tests.bench.peer.choices import (
    BENTUK,
    JENIS,
    KECAMATAN,
    KELOMPOK,
    KELURAHAN,
    MAP,
    RAT,
    STATUS,
    THIS_YEAR,
)
from tests.bench.peer.forms import FilterForm
from tests.bench.peer.models import Cooperative, three_years_ago

ORDERS = {
    "nama": "nama_koperasi",
    "kecamatan": "kode_kecamatan",
    "berdiri": "tanggal_badan_hukum",
    "rat": "-last_rat",
}
FACETS = {
    "kecamatan": ("Kecamatan", "kode_kecamatan", KECAMATAN),
    "jenis": ("Jenis", "jenis_koperasi", JENIS),
    "kelompok": ("Kelompok", "kelompok_koperasi", KELOMPOK),
    "bentuk": ("Bentuk", "bentuk_koperasi", BENTUK),
    "status": ("Status", "status_now", STATUS),
    "rat": ("RAT terakhir", "rat_year", RAT),
}
TONES = 4


def with_standing():
    """The register with status and year of the latest meeting as columns."""
    since = Coalesce("last_rat", "tanggal_badan_hukum")
    return Cooperative.objects.alias(
        since=since,
        status_now=Case(
            When(dissolved_on__isnull=False, then=Value("bubar")),
            When(since__lt=three_years_ago(), then=Value("tidak_aktif")),
            When(since__gte=three_years_ago(), then=Value("aktif")),
            default=Value("belum_diketahui"),
        ),
        rat_year=Case(
            When(last_rat=None, then=Value("belum")),
            When(last_rat__year__lt=THIS_YEAR - 2, then=Value("lama")),
            default=Cast(ExtractYear("last_rat"), CharField()),
        ),
    )


class Register(ListView):
    """The list of cooperatives: search, filters, orders, pages."""

    paginate_by = 25
    template_name = "register.html"

    def get_queryset(self):
        self.form = FilterForm(self.request.GET)
        self.wanted = self.form.cleaned_data if self.form.is_valid() else {}
        return self.narrowed().order_by(*self.get_ordering())

    def narrowed(self, without=""):
        """What fits the filters, all but one of them."""
        found = with_standing()
        if q := self.wanted.get("q"):
            places = [code for code, name in KELURAHAN if q.casefold() in name.casefold()]
            found = found.filter(
                Q(nama_koperasi__icontains=q)
                | Q(nomor_badan_hukum__icontains=q)
                | Q(nik_koperasi=q)
                | Q(kode_kelurahan__in=places)
            )
        for name, (_label, column, _choices) in FACETS.items():
            if self.wanted.get(name) and name != without:
                found = found.filter(**{f"{column}__in": self.wanted[name]})
        return found

    def get_ordering(self):
        return ORDERS.get(self.request.GET.get("urut"), "nama_koperasi"), "id"

    def get_context_data(self, **kwargs):
        facets = [self.facet(name, *about) for name, about in FACETS.items()]
        return super().get_context_data(
            form=self.form, orders=ORDERS, facets=facets, map=self.map(facets[0]), **kwargs
        )

    def facet(self, name, label, column, choices):
        """Each value that leads somewhere, its words, how many rows are behind it, and whether it is chosen."""
        counted = self.narrowed(without=name).annotate(value=F(column)).values("value")
        counts = dict(counted.annotate(number=Count("id")).values_list("value", "number").order_by())
        chosen = self.wanted.get(name, [])
        shown = [
            (value, words, counts.get(value, 0), value in chosen)
            for value, words in choices
            if value in counts or value in chosen
        ]
        return {"name": name, "label": label, "choices": shown}

    def map(self, facet):
        """The kecamatan as shapes, shaded by how many are there."""
        counts = {value: number for value, _words, number, _chosen in facet["choices"]}
        most = max(counts.values(), default=0)
        return {
            "width": MAP.width,
            "height": MAP.height,
            "places": [
                {
                    "code": code,
                    "name": name,
                    "count": counts.get(code, 0),
                    "tone": -(-counts.get(code, 0) * TONES // most) if most else 0,
                    "area": MAP.areas[code],
                }
                for code, name in KECAMATAN
            ],
        }
