"""The generic views that a Django developer would take: ListView, UpdateView with a ModelForm."""

import csv
import hashlib
import secrets

from django.contrib.auth.decorators import login_required
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.forms import model_to_dict
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.utils import timezone
from django.views.generic import ListView, UpdateView

from tests.bench.peer.forms import FilterForm, ReportForm
from tests.bench.peer.models import Business, Cooperative, Receipt, Report, ReportEvent, three_years_ago

ORDERS = {
    "nama": "nama_koperasi",
    "kecamatan": "kode_kecamatan",
    "berdiri": "nomor_badan_hukum",
    "rat": "-last_rat",
}


class Register(ListView):
    """The list of cooperatives: search, filters, orders, pages."""

    model = Cooperative
    paginate_by = 25
    template_name = "register.html"

    def get_queryset(self):
        self.form = FilterForm(self.request.GET)
        wanted = self.form.cleaned_data if self.form.is_valid() else {}
        found = super().get_queryset()
        if wanted.get("q"):
            found = found.filter(nama_koperasi__icontains=wanted["q"])
        for name, column in (("kecamatan", "kode_kecamatan"), ("jenis", "jenis_koperasi")):
            if wanted.get(name):
                found = found.filter(**{column: wanted[name]})
        match wanted.get("status"):
            case "aktif":
                found = found.filter(last_rat__gte=three_years_ago())
            case "tidak_aktif":
                found = found.filter(last_rat__lt=three_years_ago())
            case "belum_diketahui":
                found = found.filter(last_rat=None)
        return found

    def get_ordering(self):
        return ORDERS.get(self.request.GET.get("urut"), "nama_koperasi"), "id"

    def get_context_data(self, **kwargs):
        return super().get_context_data(form=self.form, orders=ORDERS, **kwargs)


class Fill(LoginRequiredMixin, UpdateView):
    """The 24 questions of one report, each beside last year's answer."""

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
        return context | {"lines": [(field, getattr(last, field.name, "")) for field in context["form"]]}


class Submit(Fill):
    """Validate the stored answers, lock the report, keep the event with its snapshot, and issue a receipt."""

    def post(self, request, *args, **kwargs):
        with transaction.atomic():
            report = self.object = self.get_object()
            form = ReportForm(data=model_to_dict(report), instance=report)
            if not form.is_valid():
                return self.form_invalid(form)
            answers = DjangoJSONEncoder().encode(form.cleaned_data)
            report.status, report.submitted_at = Report.SUBMITTED, timezone.now()
            report.save(update_fields=["status", "submitted_at"])
            ReportEvent.objects.create(report=report, actor=request.user, answers=answers)
            Receipt.objects.create(
                report=report,
                code=secrets.token_hex(6),
                answers_digest=hashlib.sha256(answers.encode()).hexdigest(),
                declared_name=request.POST["nama"],
            )
        return HttpResponseRedirect(f"/laporan/{kwargs['slug']}/{kwargs['year']}")


BOX = (112.5, 112.8, -8.1, -7.8)


def points(request):
    """Every business in the box that the map shows, as Django code does it: rows to JSON, the browser puts them together."""
    west, east, south, north = BOX
    found = Business.objects.filter(longitude__range=(west, east), latitude__range=(south, north))
    return JsonResponse(list(found.values("id", "name", "latitude", "longitude")), safe=False)


@login_required
def export(request, year):
    """The year as CSV, in the columns of the model."""
    answer = HttpResponse(content_type="text/csv")
    writer = csv.writer(answer)
    names = [field.name for field in Report._meta.fields]
    writer.writerow(["nama", *names])
    for report in Report.objects.filter(year=year, status=Report.SUBMITTED).select_related("cooperative"):
        writer.writerow([report.cooperative.nama_koperasi, *(getattr(report, name) for name in names[4:])])
    return answer


def office(request):
    """Context processor: what the header and the footer of every page show."""
    return {
        "office": {"name": "Dinas Koperasi dan UKM Kota Malang", "hours": "Senin–Jumat, 08.00–15.30"},
        "menu": [("/koperasi", "Koperasi"), ("/panduan", "Panduan")],
    }


def hello(request, **kwargs):
    """A page that costs nothing, to lead to."""
    return HttpResponse("halo")
