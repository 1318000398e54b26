"""The forms that a Django developer would write: a ModelForm of the 24 questions, and the filters beside the list."""

from django import forms

from tests.bench.peer.choices import (
    BENTUK,
    GROUPED_KELURAHAN,
    HELP,
    JENIS,
    KECAMATAN,
    KELOMPOK,
    LABELS,
    RAT,
    STATUS,
)
from tests.bench.peer.models import Report


class FilterForm(forms.Form):
    q = forms.CharField(
        label="Nama koperasi, nomor badan hukum, NIK, atau kelurahan", max_length=100, required=False
    )
    kecamatan = forms.MultipleChoiceField(choices=KECAMATAN, required=False)
    jenis = forms.MultipleChoiceField(choices=JENIS, required=False)
    kelompok = forms.MultipleChoiceField(choices=KELOMPOK, required=False)
    bentuk = forms.MultipleChoiceField(choices=BENTUK, required=False)
    status = forms.MultipleChoiceField(choices=STATUS, required=False)
    rat = forms.MultipleChoiceField(choices=RAT, required=False)


class ReportForm(forms.ModelForm):
    """The kelurahan stand under their kecamatan, as on the site."""

    kode_kelurahan = forms.ChoiceField(choices=[("", "Pilih"), *GROUPED_KELURAHAN])

    class Meta:
        model = Report
        exclude = ("cooperative", "year", "status", "submitted_at", "version", "findings", "calm")
        labels = LABELS
        help_texts = HELP
