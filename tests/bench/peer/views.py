"""The generic views that a Django developer would take: ListView, UpdateView with a ModelForm."""

import hashlib
import secrets

from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.forms import ModelForm, model_to_dict
from django.http import HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.views.generic import ListView, UpdateView

from tests.bench.peer.models import Cooperative, Receipt, Report, ReportEvent


class Register(ListView):
    model = Cooperative
    paginate_by = 25
    template_name = "register.html"

    def get_queryset(self):
        found = super().get_queryset()
        wanted = self.request.GET.get("q")
        return found.filter(nama_koperasi__icontains=wanted) if wanted else found


class ReportForm(ModelForm):
    class Meta:
        model = Report
        exclude = ("cooperative", "year", "status", "submitted_at")


class Fill(LoginRequiredMixin, UpdateView):
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
        last = Report.objects.filter(cooperative=self.object.cooperative, year__lt=self.object.year)
        return super().get_context_data(last=last.order_by("-year").first(), **kwargs)


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


def hello(request, **kwargs):
    return HttpResponse("halo")
