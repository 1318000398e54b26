"""The main job from an empty site to the ministry's table, through the screens, with script and without.

All names and figures are invented.
"""

import pytest

from tests.support import pdf
from tests.support.browser import DESK, PHONE
from tests.support.journey import Admin, Manager, Operator, Person
from tests.support.site import running_site

PASSWORDS = "sepeda biru di bawah hujan", "kopi pagi tanpa gula batu", "layang putus di sawah kering"
COOPERATIVE = "Koperasi Konsumen Teratai Contoh"
ADMIN, OPERATOR, CHAIR, TREASURER = "Seno Rekaan", "Wulan Rekaan", "Ratna Rekaan", "Bayu Rekaan"

IDENTITY = {
    "nik_koperasi": "",
    "alamat": "Jalan Rekaan 12, RT 03 RW 05",
    "kode_kelurahan": "Dinoyo",
}
PEOPLE = {
    "nama_pengelola": "tidak ada",
    "telepon_kantor": "0341-5550123",
    "nama_ketua": CHAIR,
    "telepon_ketua": "0812-5550-1234",
    "bentuk_koperasi": "Primer Kabupaten/Kota",
    "jenis_koperasi": "Konsumen",
    "kelompok_koperasi": "Kop. Serba Usaha",
}
FINANCES = {
    "modal_sendiri": "428.750.000",
    "modal_luar": "285.000.000",
    "aset": "713.750",
    "volume_usaha": "1.25",
    "shu": "18.600.000",
}


def office_list(year: int) -> str:
    """What an office has: a title, its own headings, and for one cooperative the figures of book year ``year``."""
    figures = f"{year};90;94;4;0;21/02/{year + 1};Sudah RAT;412.500.000;285.700.000;698.200.000;1.184.300.000;21.340.000"
    return f"""\
DAFTAR KOPERASI REKAAN;;;;;;;;;;;;;;;;;;;;;
NAMA KOPERASI;NO. BADAN HUKUM;TGL BADAN HUKUM;ALAMAT;KELURAHAN;KECAMATAN;NAMA KETUA;BENTUK;JENIS;KELOMPOK;TAHUN BUKU;\
ANGGOTA PRIA;ANGGOTA WANITA;JML KARYAWAN;JML MANAJER;TGL RAT;STATUS RAT;MODAL SENDIRI;MODAL LUAR;ASET;VOLUME USAHA;SHU
KOPERASI KONSUMEN TERATAI CONTOH;518/001/BH/CONTOH/2008;17/08/2008;Jalan Rekaan 12;Dinoyo;Lowokwaru;{CHAIR};\
Primer Kabupaten/Kota;Konsumen;Kop. Serba Usaha;{figures}
KSP Dahlia Contoh;518/002/BH/CONTOH/2011;03/05/2011;Jalan Rekaan 4;Sawojajar;Kedungkandang;Sri Rekaan;;Simpan Pinjam;;;;;;;;;;;;;
Koperasi Jasa Cempaka Contoh;518/003/BH/CONTOH/2015;12/11/2015;Jalan Rekaan 7;Purwantoro;Blimbing;Joko Rekaan;;Jasa;;;;;;;;;;;;;
Koperasi Produsen Melati Contoh;518/004/BH/CONTOH/2019;30/01/2019;Jalan Rekaan 9;Tanjungrejo;Sukun;Ani Rekaan;;Produsen;;;;;;;;;;;;;
"""


@pytest.fixture
def site(databases, tmp_path, empty_site):
    """An empty site for each telling of the story."""
    with databases.fresh() as url, running_site(tmp_path, url, "--empty", like=empty_site) as started:
        yield started


@pytest.mark.timeout(600)
@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_a_report_travels_from_an_empty_site_to_the_ministrys_table(site, open_page, script):
    def somebody(kind, device=DESK):
        return kind(open_page(device, java_script_enabled=script), script=script)

    admin, operator = somebody(Admin), somebody(Operator)
    phone, other_phone, desk = somebody(Manager, PHONE), somebody(Manager, PHONE), somebody(Manager)
    anybody = somebody(Person, PHONE)

    the_first_admin_invites_an_operator(site, admin, operator)
    year = operator.book_year()
    the_operator_loads_the_list_of_the_office(operator, year)
    code = operator.prints_code(COOPERATIVE)
    a_manager_finds_her_cooperative_and_claims_it(phone)
    operator.accepts_claim(CHAIR).sees(f"{CHAIR} sekarang pengelola {COOPERATIVE}.")
    a_second_manager_uses_the_printed_code(other_phone, code)

    she_fills_the_four_sections_on_her_phone(phone, year)
    she_goes_on_at_a_desk(desk)
    two_devices_change_one_answer(desk, other_phone)
    first_receipt = she_checks_and_sends(desk, year)
    anybody.checks_receipt(first_receipt).sees("Bukti ini asli dan berlaku", COOPERATIVE, str(year))
    anybody.sees_nothing_of("428.750.000").sees_nothing_of("5550")

    the_operator_returns_two_questions(operator)
    anybody.checks_receipt(first_receipt).sees("Bukti ini asli, tetapi sudah diganti")
    second_receipt = she_corrects_only_those(phone, year)
    the_operator_approves(operator)
    anybody.checks_receipt(first_receipt).sees("Bukti ini asli, tetapi sudah diganti")
    anybody.checks_receipt(second_receipt).sees("Bukti ini asli dan berlaku")
    phone.open("/laporan").sees("Laporan tahun ini selesai.", "Disetujui")

    the_year_goes_out_and_comes_back_unchanged(operator, year)
    the_trail_tells_it(operator)


def the_first_admin_invites_an_operator(site, admin, operator):
    made = site.flask(
        "user", "create", "--email", "seno@dinas.example", "--name", ADMIN, "--role", "admin", "--password-stdin",
        input=PASSWORDS[0] + "\n",
    )  # fmt: skip
    assert "seno@dinas.example" in made
    admin.signs_in("seno@dinas.example", PASSWORDS[0]).sets_up_codes()
    address = admin.invites(OPERATOR, "wulan@dinas.example", "Operator")
    operator.accepts_invitation(address, PASSWORDS[1])
    operator.sees("Anda sudah masuk.", "Belum ada koperasi di daftar")


def the_operator_loads_the_list_of_the_office(operator, year):
    operator.tries_import("daftar.csv", office_list(year - 1))
    assert operator.outcomes() == {"Semua": 4, "Baru": 4}
    operator.sees("Belum tersimpan", f"Laporan tahun buku {year - 1} (hasil impor)")
    operator.press("Jalankan impor")
    operator.sees("Impor selesai", "4 koperasi baru, 0 diperbarui, 1 laporan masuk sebagai hasil impor.")


def a_manager_finds_her_cooperative_and_claims_it(phone):
    phone.finds("koprasi teratei", COOPERATIVE)
    phone.makes_account(CHAIR, "ratna@teratai.example", PASSWORDS[2], "Ketua")
    phone.fill("Catatan untuk petugas (boleh kosong)", "SK pengurus 04/TC, 2 Januari").press("Ajukan diri")
    phone.sees("Pengajuan Anda sudah kami terima.", "Menunggu pemeriksaan")
    phone.open("/laporan").sees("Satu pengajuan Anda menunggu pemeriksaan")


def a_second_manager_uses_the_printed_code(phone, code):
    phone.open("/").press("Pakai kode aktivasi dari kantor").fill("Kode aktivasi", code.lower())
    phone.makes_account(TREASURER, "bayu@teratai.example", PASSWORDS[2], "Bendahara").press("Aktifkan")
    phone.sees("Kode diterima.", f"Pengelola lain: {CHAIR} (Ketua)")


def she_fills_the_four_sections_on_her_phone(phone, year):
    phone.starts_report().sees_title("Identitas").answers(IDENTITY).press("Lanjut")
    phone.sees_title("Pengurus & kegiatan").answers(PEOPLE).press("Lanjut")
    phone.sees_title("Keanggotaan & RAT").shows_last_year("jumlah_anggota", "184")
    phone.answers(
        {"anggota_pria": "92", "anggota_wanita": "98", "jumlah_karyawan": "6", "jumlah_manajer": "0"}
    )
    phone.answers({"tanggal_rat": f"{year + 1}-01-01", "status_rat": "Sudah RAT"}).press("Lanjut")
    phone.sees_title("Keuangan").shows_last_year("aset", "Rp698.200.000").answers(FINANCES)
    phone.press("Periksa jawaban").sees_title("Keuangan")
    phone.sees("Aset tahun lalu Rp698.200.000, sekarang Rp713.750. Apakah angka ini dalam ribu rupiah?")
    phone.sees("“1.25” bisa berarti").holds({"volume_usaha": "1.25"})
    phone.signs_out()


def she_goes_on_at_a_desk(desk):
    desk.signs_in("ratna@teratai.example", PASSWORDS[2]).starts_report("Lanjutkan mengisi")
    desk.sees_title("Keuangan").holds(FINANCES)

    desk.press("Ubah menjadi Rp713.750.000").holds({"aset": "713.750.000", "volume_usaha": "1.25"})
    desk.answers({"volume_usaha": "11.843.000.000"}).press("Periksa jawaban").sees_title("Keuangan")
    desk.sees(
        "Volume usaha tahun lalu Rp1.184.300.000, sekarang Rp11.843.000.000, kira-kira sepuluh kali lipat."
    )
    desk.tick("Angkanya benar: usaha memang naik").press("Simpan").sees("Tersimpan")


def two_devices_change_one_answer(desk, phone):
    phone.starts_report("Lanjutkan mengisi").press("Kembali mengisi").sees_title("Keuangan")
    desk.answers({"modal_luar": "285.100.000"}).press("Simpan").sees("Tersimpan")
    phone.answers({"modal_luar": "290.000.000", "shu": "18.700.000"}).press("Simpan")
    phone.sees("Kolom ini juga diubah di perangkat lain", "Rp290.000.000", "Rp285.100.000").is_sound()
    phone.tick("Yang sudah tersimpan").press("Simpan").sees("Tersimpan")
    phone.holds({"modal_luar": "285.100.000", "shu": "18.700.000"})


def she_checks_and_sends(desk, year):
    desk.starts_report("Lanjutkan mengisi").sees_title("Periksa jawaban")
    desk.sees("Alasan Anda: Angkanya benar: usaha memang naik atau turun").is_sound()
    desk.press("Kirim laporan").sees("Centang pernyataan bahwa jawaban ini benar.")
    desk.declares(CHAIR, "Ketua").sees_title(f"Laporan {year} sudah kami terima")
    code = desk.receipt_code()
    paper = pdf.text(desk.downloads("Unduh bukti"))
    assert all(words in paper for words in (COOPERATIVE, code, str(year), CHAIR))
    desk.press("Lihat jawaban").sees("Petugas sedang memeriksanya; jawaban terkunci.")
    assert desk.asks() == set()
    return code


def the_operator_returns_two_questions(operator):
    operator.go_to("Periksa").sees(COOPERATIVE, "hari ini").press("Ambil berikutnya").sees_title(COOPERATIVE)
    operator.sees("Jawaban koperasi: “Angkanya benar: usaha memang naik atau turun”").is_sound()
    operator.press("Kembalikan").sees("Keputusan belum tersimpan", "Tandai sedikitnya satu pertanyaan")
    operator.asks_to_correct("jumlah_karyawan", "Di daftar gaji Desember tertulis lima orang.")
    operator.asks_to_correct("shu", "Di buku RAT tertulis 18.600.000.")
    operator.fill("Alasan pengembalian", "Dua angka berbeda dari buku RAT.")
    operator.press("Kembalikan").sees(f"Laporan {COOPERATIVE} dikembalikan.", "Antrean kosong.")


def she_corrects_only_those(phone, year):
    phone.signs_in("ratna@teratai.example", PASSWORDS[2]).open("/laporan")
    phone.sees("Dikembalikan", "Dua angka berbeda dari buku RAT.").press("Perbaiki laporan")
    phone.sees_title("Keanggotaan & RAT").sees("Di daftar gaji Desember tertulis lima orang.").is_sound()
    assert phone.asks() == {"jumlah_karyawan"}
    phone.answers({"jumlah_karyawan": "5"}).press("Lanjut").sees_title("Keuangan")
    phone.sees("Di buku RAT tertulis 18.600.000.")
    assert phone.asks() == {"shu"}
    phone.answers({"shu": "18.600.000"}).press("Periksa jawaban").sees_title("Periksa jawaban")
    phone.declares(CHAIR, "Ketua").sees_title(f"Laporan {year} sudah kami terima")
    return phone.receipt_code()


def the_operator_approves(operator):
    operator.go_to("Periksa").press("Ambil berikutnya").sees_title(COOPERATIVE).sees("Dikirim lagi")
    operator.press("Setujui").sees(f"Laporan {COOPERATIVE} disetujui.")


def the_year_goes_out_and_comes_back_unchanged(operator, year):
    operator.go_to("Ekspor")
    assert operator.downloads(f"XLSX Kementerian {year}").startswith(b"PK")
    table = operator.downloads(f"CSV Kementerian {year}")
    assert COOPERATIVE in table.decode("utf-8-sig")
    operator.tries_import("kementerian.csv", table)
    assert operator.outcomes() == {"Semua": 1, "Tetap": 1}


def the_trail_tells_it(operator):
    assert operator.trail_of("Teratai") >= {
        "Koperasi ditambahkan",
        "Laporan diimpor",
        "Klaim diajukan",
        "Klaim diterima",
        "Kode aktivasi dibuat",
        "Kode aktivasi dipakai",
        "Laporan dimulai",
        "Laporan disimpan",
        "Laporan dikirim",
        "Laporan dikembalikan",
        "Laporan disetujui",
        "Data koperasi diubah",
    }
