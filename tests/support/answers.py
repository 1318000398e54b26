"""Answers to the standard questions in which no check finds anything."""

from typing import Any

SOUND: dict[str, Any] = {
    "nik_koperasi": "3573010000001",
    "nama_koperasi": "Koperasi Konsumen Uji Melati",
    "nomor_badan_hukum": "518/01/BH/UJI/2001",
    "tanggal_badan_hukum": "2001-05-17",
    "alamat": "Jalan Uji Coba 1",
    "kode_kelurahan": "35.73.01.1001",
    "kode_kecamatan": "35.73.01",
    "nama_pengelola": "Kenanga Uji",
    "telepon_kantor": "+62341555014",
    "nama_ketua": "Cempaka Uji",
    "telepon_ketua": "+6281200000001",
    "bentuk_koperasi": "Primer Kabupaten/Kota",
    "jenis_koperasi": "Konsumen",
    "kelompok_koperasi": "Kop. Serba Usaha",
    "anggota_pria": 40,
    "anggota_wanita": 60,
    "jumlah_anggota": 100,
    "jumlah_karyawan": 4,
    "jumlah_manajer": 1,
    "tanggal_rat": "2026-03-14",
    "status_rat": "Sudah RAT",
    "modal_sendiri": 400_000_000,
    "modal_luar": 100_000_000,
    "aset": 500_000_000,
    "volume_usaha": 900_000_000,
    "shu": 25_000_000,
}


def sound_for(year: int, **overrides: Any) -> dict[str, Any]:
    """:func:`sound` for another book year, whose RAT was on the first day on which it could be: sound on any day since."""
    return sound(tanggal_rat=f"{year + 1}-01-01", **overrides)


def sound(**overrides: Any) -> dict[str, Any]:
    """The answers of a cooperative in order, for book year 2025; ``None`` in ``overrides`` leaves one out."""
    return {code: value for code, value in (SOUND | overrides).items() if value is not None}
