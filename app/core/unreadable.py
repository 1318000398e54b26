"""Why what a person typed cannot be read: each sentence under a name, so that a browser that reads alone says the same."""

from collections.abc import Mapping

from app.core.text import N_, Text


class Unreadable(ValueError):
    """The text cannot be read as what was asked for. ``text`` tells the person what to write."""

    def __init__(self, template: str, **params: str | int) -> None:
        self.text = Text(template, params)
        super().__init__(str(self.text))


SAYS: Mapping[str, str] = {
    "too_large": N_("“%(raw)s” terlalu besar. Periksa jumlah nolnya."),
    "in_words": N_("Tulis “%(raw)s” dengan angka penuh. Contoh: 5 juta ditulis 5.000.000."),
    "sen": N_("“%(raw)s” memakai sen. Tulis rupiah penuh, misalnya %(whole)s."),
    "not_whole": N_("“%(raw)s” bukan rupiah penuh. Tulis semua angkanya, misalnya 1.250.000."),
    "mark": N_("Titik atau koma pada “%(raw)s” salah tempat. Tulis angkanya saja, misalnya 1250000."),
    "no_amount": N_("“%(raw)s” bukan angka. Tulis rupiah penuh, misalnya 1.250.000."),
    "no_number": N_("“%(raw)s” bukan angka. Tulis angka saja, misalnya 125."),
    "two_amounts": N_(
        "“%(raw)s” bisa berarti %(fraction)s atau %(joined)s. "
        "Tulis rupiah penuh tanpa koma, misalnya 1.250.000."
    ),
    "two_numbers": N_(
        "“%(raw)s” bisa berarti %(fraction)s atau %(joined)s. Tulis angka bulat, misalnya 125."
    ),
    "no_day": N_("Tanggal “%(raw)s” tidak terbaca. Tulis tanggal-bulan-tahun, misalnya 17-08-2025."),
    "short_year": N_("Tulis tahun pada “%(raw)s” dengan empat angka, misalnya 17-08-2025."),
    "far_year": N_("Tahun %(year)s tidak mungkin. Tulis tahun antara 1900 dan 2100."),
    "no_month": N_("Bulan %(month)s tidak ada. Tulis tanggal-bulan-tahun, misalnya 17-08-2025."),
    "no_such_day": N_("Tanggal %(day)s tidak ada. Tulis tanggal antara 1 dan %(last)s."),
    "month_2": N_("Februari %(year)s hanya sampai tanggal %(last)s."),
    "month_4": N_("April %(year)s hanya sampai tanggal %(last)s."),
    "month_6": N_("Juni %(year)s hanya sampai tanggal %(last)s."),
    "month_9": N_("September %(year)s hanya sampai tanggal %(last)s."),
    "month_11": N_("November %(year)s hanya sampai tanggal %(last)s."),
    "two_phones": N_("Tulis satu nomor telepon saja, tanpa nomor kedua atau ekstensi. Contoh: 0341-551234."),
    "no_phone": N_(
        "Nomor telepon “%(raw)s” tidak terbaca. Awali dengan 0 atau +62, lalu 8–12 angka. "
        "Contoh: 0812-3456-7890."
    ),
    "no_choice": N_("“%(raw)s” tidak ada di daftar. Pilih salah satu yang ada."),
    "many_places": N_("Ada %(count)s kelurahan bernama “%(raw)s”. Pilih dari daftar."),
    "no_place": N_("“%(raw)s” bukan kelurahan di wilayah kantor ini. Pilih dari daftar."),
}
