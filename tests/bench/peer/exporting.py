"""A year as CSV in the ministry's columns: the same headings, names of places and status, and guard against formulas."""

import csv

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse

from app.core.delimited import protected
from app.questionnaire.exports import headings
from tests.bench.peer.choices import REGION
from tests.bench.peer.models import Report

OTHER = {
    "kode_kelurahan (nama)": lambda report: REGION.name_of(report.kode_kelurahan),
    "kode_kecamatan (nama)": lambda report: REGION.name_of(report.kode_kelurahan[:8]),
    "wilayah kantor (nama)": lambda report: REGION.name,
    "provinsi (nama)": lambda report: REGION.province_name,
    "kode pos kelurahan": lambda report: REGION.postal_codes.get(report.kode_kelurahan),
    "surel koperasi (register)": lambda report: report.cooperative.email,
    "status koperasi": lambda report: report.cooperative.status_label,
    "sektor usaha (register)": lambda report: report.cooperative.sektor_usaha,
    "tahun_buku": lambda report: report.year,
    "jumlah_anggota": lambda report: report.anggota_pria + report.anggota_wanita,
}


@login_required
def export(request, year):
    """All that was filed, by name."""
    answer = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    writer = csv.writer(answer)
    columns = headings("kementerian")
    writer.writerow([heading for heading, _source in columns])
    filed = Report.objects.filter(year=year, status=Report.SUBMITTED).select_related("cooperative")
    for number, report in enumerate(filed.order_by("cooperative__nama_koperasi", "id"), start=1):
        cells = [
            number
            if source == "nomor urut"
            else OTHER[source](report)
            if source in OTHER
            else getattr(report, source)
            for _heading, source in columns
        ]
        writer.writerow([protected(cell) if isinstance(cell, str) else cell for cell in cells])
    return answer
