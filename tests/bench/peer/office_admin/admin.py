"""What the admin shows: the register with its search, and the reports as a queue."""

from django.contrib import admin

from tests.bench.peer.models import Cooperative, Report


@admin.register(Cooperative)
class CooperativeAdmin(admin.ModelAdmin):
    list_display = (
        "nama_koperasi",
        "nomor_badan_hukum",
        "alamat",
        "kode_kelurahan",
        "jenis_koperasi",
        "last_rat",
    )
    list_filter = ("kode_kecamatan", "jenis_koperasi")
    search_fields = ("nama_koperasi",)
    list_per_page = 25


@admin.register(Report)
class ReportAdmin(admin.ModelAdmin):
    list_display = ("cooperative", "year", "status", "submitted_at", "volume_usaha", "shu")
    list_filter = ("year", "status")
    list_select_related = ("cooperative",)
    raw_id_fields = ("cooperative",)
    exclude = ("version", "findings", "calm")
    ordering = ("submitted_at", "id")
    list_per_page = 25
