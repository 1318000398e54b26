"""The generic views that a Django developer would take, and what every page shows."""

from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpResponse, JsonResponse
from django.views.generic import UpdateView
from num2words import num2words

from tests.bench.peer.choices import HINTS, NUMBERS, RUPIAH, SECTION_OF, SECTIONS
from tests.bench.peer.forms import ReportForm
from tests.bench.peer.models import Business, Message, Report


class Fill(LoginRequiredMixin, UpdateView):
    """The 24 questions of one report in one ModelForm.

    Equal: number, label, hint, help and input of each question with the kelurahan under their kecamatan; an amount in words; last
    year's answer with a button to take it again; how far each section is; what the last check found. The site shows one of
    its four sections a page, the peer all questions on one.
    """

    form_class = ReportForm
    template_name = "fill.html"

    def get_success_url(self):
        return self.request.path

    def get_object(self, queryset=None):
        reports = Report.objects.select_related("cooperative")
        return reports.get(
            cooperative__slug=self.kwargs["slug"],
            cooperative__members=self.request.user,
            year=self.kwargs["year"],
        )

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        earlier = Report.objects.filter(cooperative=self.object.cooperative, year__lt=self.object.year)
        last = earlier.order_by("-year").first()
        lines = [
            {
                "field": field,
                "number": NUMBERS.get(field.name),
                "hint": HINTS.get(field.name, ""),
                "words": in_words(field.value()) if field.name in RUPIAH else "",
                "last": getattr(last, field.name, ""),
            }
            for field in context["form"]
        ]
        return context | {"lines": lines, "steps": self.steps(), "last_year": last.year if last else None}

    def steps(self):
        """The sections with the number of answers in each."""
        fields = {number: [] for number, _title in SECTIONS}
        for name, section in SECTION_OF.items():
            if hasattr(self.object, name):
                fields[section].append(getattr(self.object, name) not in (None, ""))
        return [(title, sum(fields[number]), len(fields[number])) for number, title in SECTIONS]


def in_words(value):
    """An amount as people read it aloud."""
    return f"{num2words(value, lang='id')} rupiah" if isinstance(value, int) else ""


BOX = (112.5, 112.8, -8.1, -7.8)


def points(request):
    """Every business in the box that the map shows, as Django code does it: rows to JSON, the browser puts them together."""
    west, east, south, north = BOX
    found = Business.objects.filter(longitude__range=(west, east), latitude__range=(south, north))
    return JsonResponse(list(found.values("id", "name", "latitude", "longitude")), safe=False)


PUBLIC = (
    ("/program", "Program"),
    ("/layanan", "Layanan"),
    ("/koperasi", "Koperasi"),
    ("/ukm", "UKM"),
    ("/klinik", "Klinik"),
    ("/panduan", "Panduan"),
)
OWN = {"cooperative": ("/laporan", "Laporan tahunan")}


def office(request):
    """Context processor: what the header and the footer of every page show; of who is signed in, the roles and the unread."""
    context = {
        "office": {
            "name": "Dinas Koperasi dan UKM",
            "city": "Kota Malang",
            "hours": "Senin–Jumat, 08.00–15.30",
        },
        "menu": PUBLIC,
    }
    if request.user.is_authenticated:
        roles = request.user.groups.values_list("name", flat=True)
        context["menu"] = (*PUBLIC, *(OWN[role] for role in roles if role in OWN))
        context["unread"] = Message.objects.filter(to=request.user, read_at=None).count()
    return context


def hello(request, **kwargs):
    """A page that costs nothing, to lead to."""
    return HttpResponse("halo")
