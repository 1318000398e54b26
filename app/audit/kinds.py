"""How the trail names things for people, and who may see the values of each kind of record. Plain data.

Features above this floor write their own codes into the trail; the words for them stand here, so that one page can show all.
"""

from collections.abc import Set

from app.core.access import ROLE_NAMES, Role
from app.core.text import N_

KINDS = {
    "user": N_("Akun"),
    "cooperative": N_("Koperasi"),
    "membership": N_("Klaim dan pengelola"),
    "activation_code": N_("Kode aktivasi"),
    "report": N_("Laporan tahunan"),
    "clean_batch": N_("Daftar bersih"),
    "edition": N_("Kuesioner"),
    "content_page": N_("Halaman"),
    "import": N_("Impor"),
    "service_request": N_("Permohonan"),
    "program": N_("Program"),
    "program_application": N_("Pendaftaran program"),
    "message": N_("Pesan"),
    "enterprise": N_("UKM"),
    "cluster": N_("Kelompok UKM"),
}
"""Kind → its name on the screen."""

VALUES_FOR: dict[str, Set[Role]] = {
    "cooperative": {Role.OPERATOR},
    "membership": {Role.OPERATOR},
    "enterprise": {Role.OPERATOR},
    "cluster": {Role.OPERATOR, Role.ADMIN},
    "activation_code": {Role.OPERATOR},
    "report": {Role.OPERATOR},
    "clean_batch": {Role.OPERATOR},
    "import": {Role.OPERATOR},
    "service_request": {Role.OPERATOR},
    "program": {Role.OPERATOR, Role.EDITOR},
    "program_application": {Role.OPERATOR, Role.EDITOR},
    "edition": {Role.OPERATOR, Role.ADMIN},
    "content_page": {Role.OPERATOR, Role.ADMIN, Role.EDITOR},
    "message": {Role.OPERATOR, Role.ADMIN},
}
"""Kind → roles that may see its values. Nobody for kinds that are not listed: people's own data among them."""

FIELDS = {
    "name": N_("Nama"),
    "email": N_("Surel"),
    "phone": N_("Telepon"),
    "roles": N_("Peran"),
    "active": N_("Aktif"),
    "reason": N_("Alasan"),
    "status": N_("Status"),
    "state": N_("Keadaan"),
    "listing": N_("Keadaan"),
    "position": N_("Jabatan"),
    "cooperative": N_("Koperasi"),
    "person": N_("Orang"),
    "cooperative_id": N_("Nomor koperasi di basis data"),
    "user_id": N_("Nomor akun"),
    "note": N_("Catatan"),
    "body": N_("Catatan"),
    "question": N_("Pertanyaan"),
    "hint": N_("Akhir kode"),
    "channel": N_("Saluran"),
    "result": N_("Hasil"),
    "spoke": N_("Yang berbicara untuk koperasi"),
    "expires": N_("Berlaku sampai"),
    "reviewer": N_("Pemeriksa"),
    "new": N_("Baru"),
    "changed": N_("Berubah"),
    "reports": N_("Laporan"),
    "unnamed": N_("Draf tanpa nama"),
    "dissolved_on": N_("Tanggal bubar"),
    "dissolved_decree": N_("Nomor keputusan pembubaran"),
    "source_id": N_("Nomor di berkas asal"),
    "last_rat": N_("RAT terakhir"),
    "year": N_("Tahun buku"),
    "codes": N_("Pertanyaan"),
    "answers": N_("Jawaban"),
    "filename": N_("Nama berkas"),
    "opens": N_("Dibuka"),
    "deadline": N_("Batas melapor"),
    "closes": N_("Ditutup"),
    "seed": N_("Benih undian"),
    "sampled": N_("Sampel"),
    "approved": N_("Disetujui"),
    "skipped": N_("Dilewati"),
    "assignee": N_("Petugas"),
    "due": N_("Batas"),
    "service": N_("Layanan"),
    "outcome": N_("Hasil"),
    "referred_to": N_("Dialihkan ke"),
    "rating": N_("Penilaian"),
    "publish_at": N_("Waktu terbit"),
    "mode": N_("Cara mengisi kursi"),
    "attended": N_("Hadir"),
    "people": N_("Orang"),
    "target": N_("Sasaran"),
    "title": N_("Judul"),
    "summary": N_("Ringkasan"),
    "picture_alt": N_("Keterangan gambar"),
}
"""Field → its name on the screen; the others bear question codes, which speak for themselves."""

CODED_FIELDS = {"status", "state", "listing", "roles", "tujuan"}
"""Fields whose values are codes, not words of people."""

WORDS = {role.value: name for role, name in ROLE_NAMES.items()} | {
    "draft": N_("Draf"),
    "submitted": N_("Terkirim"),
    "returned": N_("Dikembalikan"),
    "approved": N_("Disetujui"),
    "listed": N_("Terdaftar"),
    "proposed": N_("Diusulkan"),
    "refused": N_("Ditolak"),
    "merged": N_("Digabung"),
    "pending": N_("Menunggu pemeriksaan"),
    "hidden": N_("Tidak tampil"),
    "deleted": N_("Dihapus"),
    "active": N_("Aktif"),
    "ended": N_("Berhenti"),
    "waiting": N_("Menunggu pemeriksaan"),
    "waitlisted": N_("Daftar tunggu"),
    "accepted": N_("Diterima"),
    "withdrawn": N_("Ditarik"),
    "reset": N_("sandi baru"),
    "invite": N_("undangan"),
}
"""Coded value → its word on the screen."""

ACTIONS = {
    "user.created": N_("Akun dibuat"),
    "user.changed": N_("Data akun diubah"),
    "user.roles": N_("Peran diubah"),
    "user.deactivated": N_("Akun dinonaktifkan"),
    "user.reactivated": N_("Akun diaktifkan lagi"),
    "user.joined": N_("Undangan diterima"),
    "user.password_changed": N_("Sandi diganti"),
    "user.password_reset": N_("Sandi dibuat baru lewat tautan"),
    "user.signed_out": N_("Keluar dari semua perangkat"),
    "user.consents": N_("Pilihan dikabari tentang program diubah"),
    "link.issued": N_("Tautan sekali pakai dibuat"),
    "message.read_out": N_("Pesan dibacakan atau dicetak"),
    "message.sent_again": N_("Pesan dikirim ulang"),
    "message.handed": N_("Pesan disampaikan petugas"),
    "cooperative.added": N_("Koperasi ditambahkan"),
    "cooperative.proposed": N_("Koperasi mengusulkan diri"),
    "cooperative.listed": N_("Usulan koperasi diterima"),
    "cooperative.refused": N_("Usulan koperasi ditolak"),
    "cooperative.changed": N_("Data koperasi diubah"),
    "cooperative.contacted": N_("Koperasi dihubungi"),
    "cooperative.merged": N_("Koperasi digabung ke koperasi yang sama"),
    "cooperative.unmerged": N_("Penggabungan koperasi dibatalkan"),
    "cooperative.dissolved": N_("Koperasi dibubarkan"),
    "cooperative.restored": N_("Pembubaran dibatalkan"),
    "membership.claimed": N_("Klaim diajukan"),
    "membership.activated": N_("Klaim diterima"),
    "membership.refused": N_("Klaim ditolak"),
    "membership.withdrawn": N_("Klaim ditarik kembali"),
    "membership.joined": N_("Pengelola masuk dengan kode"),
    "membership.merged": N_("Pengelola dipindahkan ke koperasi yang sama"),
    "membership.ended": N_("Pengelola berhenti"),
    "code.issued": N_("Kode aktivasi dibuat"),
    "code.revoked": N_("Kode aktivasi dibatalkan"),
    "code.restored": N_("Kode aktivasi berlaku lagi"),
    "code.used": N_("Kode aktivasi dipakai"),
    "enterprise.started": N_("Pendaftaran UKM dimulai"),
    "enterprise.imported": N_("UKM masuk dari berkas"),
    "enterprise.changed": N_("Data UKM diubah"),
    "enterprise.submitted": N_("Pendaftaran UKM dikirim"),
    "enterprise.verified": N_("UKM diperiksa"),
    "enterprise.returned": N_("Pendaftaran UKM dikembalikan"),
    "enterprise.confirmed": N_("Data UKM dinyatakan masih benar"),
    "enterprise.consented": N_("Persetujuan pemilik UKM diubah"),
    "enterprise.product_saved": N_("Produk UKM disimpan"),
    "enterprise.product_removed": N_("Produk UKM dihapus"),
    "enterprise.owner_added": N_("UKM masuk ke akun pemilik"),
    "enterprise.link_issued": N_("Tautan pemilik UKM dibuat"),
    "enterprise.merged": N_("UKM digabung ke UKM yang sama"),
    "enterprise.unmerged": N_("Penggabungan UKM dibatalkan"),
    "enterprise.deleted": N_("Data UKM dihapus atas permintaan pemilik"),
    "cluster.asked": N_("Pengelompokan UKM diminta"),
    "cluster.run": N_("UKM dikelompokkan"),
    "cluster.described": N_("Nama, pin, atau catatan kelompok diubah"),
    "cluster.annotated": N_("Catatan pengelompokan diubah"),
    "edition.created": N_("Kuesioner tahun baru dibuat"),
    "edition.changed": N_("Kuesioner diubah"),
    "edition.published": N_("Kuesioner diterbitkan"),
    "edition.dates": N_("Tanggal pelaporan diubah"),
    "edition.question_added": N_("Pertanyaan ditambahkan"),
    "edition.question_retired": N_("Pertanyaan dipensiunkan"),
    "edition.question_restored": N_("Pertanyaan ditanyakan lagi"),
    "edition.question_removed": N_("Pertanyaan dihapus"),
    "edition.reordered": N_("Urutan pertanyaan diubah"),
    "edition.sections": N_("Judul bagian diubah"),
    "report.started": N_("Laporan dimulai"),
    "report.saved": N_("Laporan disimpan"),
    "report.uploaded": N_("Jawaban laporan diambil dari lembar kerja"),
    "report.imported": N_("Laporan diimpor"),
    "report.submitted": N_("Laporan dikirim"),
    "report.returned": N_("Laporan dikembalikan"),
    "report.approved": N_("Laporan disetujui"),
    "report.reopened": N_("Laporan dibuka kembali"),
    "report.commented": N_("Laporan diberi catatan"),
    "report.help_started": N_("Petugas mulai membantu mengisi laporan"),
    "report.help_finished": N_("Laporan selesai diketik petugas dan menunggu konfirmasi"),
    "report.help_disputed": N_("Koperasi menyatakan isian petugas keliru"),
    "report.help_ended": N_("Bantuan petugas diakhiri"),
    "report.signed": N_("Laporan ditandatangani pengurus pertama"),
    "report.signature_declined": N_("Pengurus kedua menolak menandatangani"),
    "report.signature_withdrawn": N_("Tanda tangan pertama ditarik"),
    "report.signature_waived": N_("Tanda tangan kedua dibebaskan"),
    "report.ods_entered": N_("Laporan ditandai sudah masuk ODS"),
    "report.ods_withdrawn": N_("Tanda ODS dibatalkan"),
    "report.handed_over": N_("Laporan pindah karena koperasinya digabung"),
    "report.handed_back": N_("Laporan kembali karena penggabungan koperasinya dibatalkan"),
    "report.extended": N_("Batas laporan diperpanjang"),
    "report.taken_over": N_("Pemeriksaan diambil alih"),
    "clean_batch.drawn": N_("Daftar bersih disusun dan sampelnya diundi"),
    "clean_batch.taken_out": N_("Laporan dikeluarkan dari daftar bersih"),
    "clean_batch.approved": N_("Laporan di daftar bersih disetujui sekaligus"),
    "content.created": N_("Halaman dibuat"),
    "content.changed": N_("Halaman diubah"),
    "content.published": N_("Halaman diterbitkan"),
    "content.withdrawn": N_("Halaman ditarik"),
    "content.checked": N_("Halaman diperiksa"),
    "content.kept": N_("Perawatan halaman diubah"),
    "content.attached": N_("Berkas halaman ditambahkan"),
    "content.detached": N_("Berkas halaman dihapus"),
    "request.received": N_("Permohonan diterima"),
    "request.replied": N_("Pemohon menulis pesan"),
    "request.rated": N_("Jawaban permohonan dinilai"),
    "request.taken": N_("Permohonan diambil"),
    "request.assigned": N_("Permohonan diserahkan"),
    "request.released": N_("Permohonan dilepas ke antrean"),
    "request.noted": N_("Permohonan diberi catatan"),
    "request.messaged": N_("Pesan dikirim kepada pemohon"),
    "request.extended": N_("Batas permohonan diperpanjang"),
    "request.closed": N_("Permohonan ditutup"),
    "request.reopened": N_("Permohonan dibuka kembali"),
    "request.linked": N_("Permohonan dikaitkan dengan koperasi"),
    "import.received": N_("Berkas impor diterima"),
    "import.applied": N_("Impor diterapkan"),
    "program.created": N_("Program dibuat"),
    "program.changed": N_("Program diubah"),
    "program.published": N_("Program diterbitkan"),
    "program.scheduled": N_("Program dijadwalkan terbit"),
    "program.unscheduled": N_("Jadwal terbit program dibatalkan"),
    "program.withdrawn": N_("Program ditarik"),
    "program.removed": N_("Draf program dihapus"),
    "program.file_added": N_("Berkas program diunggah"),
    "program.file_removed": N_("Berkas program dihapus"),
    "program.intake": N_("Cara pendaftaran program diubah"),
    "program.attendance": N_("Kehadiran program dicatat"),
    "program.announced": N_("Program dikabarkan"),
    "application.sent": N_("Pendaftaran program dikirim"),
    "application.waitlisted": N_("Pendaftaran masuk daftar tunggu"),
    "application.accepted": N_("Pendaftaran program diterima"),
    "application.refused": N_("Pendaftaran program ditolak"),
    "application.withdrawn": N_("Pendaftaran program ditarik"),
    "demo.loaded": N_("Data peragaan dimuat"),
    "demo.removed": N_("Data peragaan dihapus"),
    "trail.erased": N_("Nilai di jejak dihapus"),
}
"""Action → what it is called on the screen."""


def may_see_values(kind: str, roles: Set[Role]) -> bool:
    """Whether someone with ``roles`` may see what the values were, and not only which fields changed."""
    return bool(VALUES_FOR.get(kind, frozenset()) & roles)


def kind_name(kind: str) -> str:
    """The message id of a kind's name; the code itself where none is given."""
    return KINDS.get(kind, kind)


def action_name(action: str) -> str:
    """The message id of an action's name; the code itself where none is given."""
    return ACTIONS.get(action, action)


def value_name(field: str, value: object) -> str:
    """The message id of a coded value's word; any other value as it is."""
    text = str(value)
    return WORDS.get(text, text) if field in CODED_FIELDS else text


def field_name(field: str) -> str:
    """The message id of a field's name; of others the code, readable: ``nama_koperasi`` is *Nama koperasi*."""
    return FIELDS.get(field) or field.replace("_", " ").capitalize()
