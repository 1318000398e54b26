"""The register, and a report with a column for each question."""

from datetime import date, timedelta

from django.contrib.auth.models import User
from django.core.validators import MinLengthValidator, MinValueValidator, RegexValidator
from django.db import models

from tests.bench.peer.choices import BENTUK, JENIS, KECAMATAN, KELOMPOK, KELURAHAN, STATUS, STATUS_RAT


class Cooperative(models.Model):
    slug = models.SlugField(max_length=120, unique=True)
    nama_koperasi = models.CharField(max_length=200, db_index=True)
    nomor_badan_hukum = models.CharField(max_length=120, blank=True)
    alamat = models.TextField(blank=True)
    kode_kelurahan = models.CharField(max_length=13, choices=KELURAHAN, blank=True)
    kode_kecamatan = models.CharField(max_length=8, choices=KECAMATAN, blank=True)
    jenis_koperasi = models.CharField(max_length=60, blank=True)
    last_rat = models.DateField(null=True)
    members = models.ManyToManyField(User)

    class Meta:
        ordering = ["nama_koperasi", "id"]

    def __str__(self):
        return self.nama_koperasi

    @property
    def status(self):
        if self.last_rat is None:
            return "belum_diketahui"
        return "aktif" if self.last_rat >= three_years_ago() else "tidak_aktif"

    @property
    def status_label(self):
        return dict(STATUS)[self.status]


def three_years_ago():
    return date.today() - timedelta(days=3 * 365)  # noqa: DTZ011


class Report(models.Model):
    DRAFT, SUBMITTED = "draft", "submitted"
    cooperative = models.ForeignKey(Cooperative, on_delete=models.CASCADE)
    year = models.IntegerField()
    status = models.CharField(max_length=12, default=DRAFT)
    submitted_at = models.DateTimeField(null=True, blank=True)
    nik_koperasi = models.CharField(
        max_length=13, blank=True, validators=[RegexValidator(r"^\d{13}$", "NIK terdiri dari 13 angka.")]
    )
    nama_koperasi = models.CharField(max_length=150, validators=[MinLengthValidator(3)])
    nomor_badan_hukum = models.CharField(max_length=80, validators=[MinLengthValidator(5)])
    tanggal_badan_hukum = models.DateField()
    alamat = models.CharField(max_length=255, validators=[MinLengthValidator(5)])
    kode_kelurahan = models.CharField(max_length=13, choices=KELURAHAN)
    nama_pengelola = models.CharField(max_length=100, validators=[MinLengthValidator(3)])
    telepon_kantor = models.CharField(max_length=20, blank=True)
    nama_ketua = models.CharField(max_length=100, validators=[MinLengthValidator(3)])
    telepon_ketua = models.CharField(max_length=20, blank=True)
    bentuk_koperasi = models.CharField(max_length=60, choices=BENTUK)
    jenis_koperasi = models.CharField(max_length=60, choices=JENIS)
    kelompok_koperasi = models.CharField(max_length=60, choices=KELOMPOK)
    anggota_pria = models.BigIntegerField(validators=[MinValueValidator(0)])
    anggota_wanita = models.BigIntegerField(validators=[MinValueValidator(0)])
    jumlah_karyawan = models.BigIntegerField(validators=[MinValueValidator(0)])
    jumlah_manajer = models.BigIntegerField(validators=[MinValueValidator(0)])
    tanggal_rat = models.DateField(null=True, blank=True)
    status_rat = models.CharField(max_length=20, choices=STATUS_RAT)
    modal_sendiri = models.BigIntegerField()
    modal_luar = models.BigIntegerField(validators=[MinValueValidator(0)])
    aset = models.BigIntegerField(validators=[MinValueValidator(0)])
    volume_usaha = models.BigIntegerField(validators=[MinValueValidator(0)])
    shu = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cooperative", "year"], name="one_report_a_year")]


class Business(models.Model):
    """A point on the map."""

    name = models.CharField(max_length=200)
    kode_kelurahan = models.CharField(max_length=13)
    latitude = models.FloatField(db_index=True)
    longitude = models.FloatField(db_index=True)


class ReportEvent(models.Model):
    """Who submitted, when, with which answers: what the site keeps too."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE)
    at = models.DateTimeField(auto_now_add=True)
    actor = models.ForeignKey(User, on_delete=models.PROTECT)
    answers = models.JSONField()


class Receipt(models.Model):
    report = models.ForeignKey(Report, on_delete=models.CASCADE)
    code = models.CharField(max_length=24, unique=True)
    answers_digest = models.CharField(max_length=64)
    issued_at = models.DateTimeField(auto_now_add=True)
    declared_name = models.CharField(max_length=200)
