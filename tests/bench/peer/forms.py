"""The forms that a Django developer would write: a ModelForm of the 24 questions, and the filters above the list."""

from django import forms

from tests.bench.peer.choices import HELP, JENIS, KECAMATAN, LABELS, STATUS
from tests.bench.peer.models import Report

ALL = [("", "Semua")]


class FilterForm(forms.Form):
    q = forms.CharField(
        label="Cari nama koperasi, nomor badan hukum, NIK, atau kelurahan", max_length=100, required=False
    )
    kecamatan = forms.ChoiceField(choices=ALL + KECAMATAN, required=False)
    jenis = forms.ChoiceField(choices=ALL + JENIS, required=False)
    status = forms.ChoiceField(choices=ALL + STATUS, required=False)


class ReportForm(forms.ModelForm):
    class Meta:
        model = Report
        exclude = ("cooperative", "year", "status", "submitted_at")
        labels = LABELS
        help_texts = HELP
