"""The register, a report with a column for each question, and what the site too keeps of each change."""

from datetime import date

from django.contrib.auth.models import User
from django.core.validators import MinLengthValidator, MinValueValidator, RegexValidator
from django.db import models

from tests.bench.peer.choices import BENTUK, JENIS, KECAMATAN, KELOMPOK, KELURAHAN, STATUS, STATUS_RAT

STATUS_WORDS = dict(STATUS)


class Cooperative(models.Model):
    slug = models.SlugField(max_length=120, unique=True)
    nama_koperasi = models.CharField(max_length=200, db_index=True)
    nomor_badan_hukum = models.CharField(max_length=120, blank=True)
    alamat = models.TextField(blank=True)
    kode_kelurahan = models.CharField(max_length=13, choices=KELURAHAN, blank=True)
    kode_kecamatan = models.CharField(max_length=8, choices=KECAMATAN, blank=True)
    nik_koperasi = models.CharField(max_length=13, blank=True)
    bentuk_koperasi = models.CharField(max_length=60, blank=True)
    jenis_koperasi = models.CharField(max_length=60, blank=True)
    kelompok_koperasi = models.CharField(max_length=60, blank=True)
    tanggal_badan_hukum = models.DateField(null=True)
    last_rat = models.DateField(null=True)
    dissolved_on = models.DateField(null=True)
    last_report_year = models.IntegerField(null=True)
    email = models.EmailField(blank=True)
    sektor_usaha = models.CharField(max_length=60, blank=True)
    members = models.ManyToManyField(User)

    class Meta:
        ordering = ["nama_koperasi", "id"]

    def __str__(self):
        return self.nama_koperasi

    @property
    def status(self):
        if self.dissolved_on is not None:
            return "bubar"
        since = self.last_rat or self.tanggal_badan_hukum
        if since is None:
            return "belum_diketahui"
        return "aktif" if since >= three_years_ago() else "tidak_aktif"

    @property
    def status_label(self):
        return STATUS_WORDS[self.status]


def three_years_ago():
    """The day since which a general meeting must have been held."""
    day = date.today()  # noqa: DTZ011
    return day.replace(year=day.year - 3, day=min(day.day, 28))


class Report(models.Model):
    DRAFT, SUBMITTED = "draft", "submitted"
    cooperative = models.ForeignKey(Cooperative, on_delete=models.CASCADE)
    year = models.IntegerField()
    status = models.CharField(max_length=12, default=DRAFT)
    version = models.IntegerField(default=1)
    findings = models.JSONField(default=list)
    calm = models.IntegerField(default=0)
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
    findings = models.JSONField(default=list)


class Receipt(models.Model):
    report = models.ForeignKey(Report, on_delete=models.CASCADE)
    code = models.CharField(max_length=24, unique=True)
    answers_digest = models.CharField(max_length=64)
    issued_at = models.DateTimeField(auto_now_add=True)
    declared_name = models.CharField(max_length=200)


class TimelineEvent(models.Model):
    """What happened to a cooperative, for its page."""

    cooperative = models.ForeignKey(Cooperative, on_delete=models.CASCADE)
    at = models.DateTimeField(auto_now_add=True)
    template = models.CharField(max_length=200)
    params = models.JSONField()
    actor_name = models.CharField(max_length=200)
    link = models.CharField(max_length=200)


class TrailEntry(models.Model):
    """Who changed what, from what to what, each entry sealed with a digest of itself and the one before."""

    at = models.DateTimeField()
    actor = models.ForeignKey(User, on_delete=models.PROTECT)
    action = models.CharField(max_length=60)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.IntegerField(db_index=True)
    subject_name = models.CharField(max_length=200)
    before = models.JSONField()
    after = models.JSONField()
    salt = models.CharField(max_length=32)
    digest = models.CharField(max_length=64)


class Message(models.Model):
    """A message of the office to a person."""

    to = models.ForeignKey(User, on_delete=models.CASCADE)
    text = models.TextField()
    read_at = models.DateTimeField(null=True)
