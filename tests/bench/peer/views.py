"""The generic views that a Django developer would take: ListView, UpdateView with a ModelForm."""

import hashlib
import secrets

from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.forms import model_to_dict
from django.http import HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.views.generic import ListView, UpdateView

from tests.bench.peer.forms import FilterForm, ReportForm
from tests.bench.peer.models import Cooperative, Receipt, Report, ReportEvent, three_years_ago

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


def office(request):
    """Context processor: what the header and the footer of every page show."""
    return {
        "office": {"name": "Dinas Koperasi dan UKM Kota Malang", "hours": "Senin–Jumat, 08.00–15.30"},
        "menu": [("/koperasi", "Koperasi"), ("/panduan", "Panduan")],
    }


def hello(request, **kwargs):
    """A page that costs nothing, to lead to."""
    return HttpResponse("halo")
