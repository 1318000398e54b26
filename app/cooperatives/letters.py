"""The printed letter with an activation code: one page, on the screen and as PDF."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _

from app.cooperatives.messages import address
from app.cooperatives.models import ActivationCode, Cooperative
from app.cooperatives.queries import region
from app.cooperatives.rules import format_activation_code
from app.core.database import office_zone
from app.core.formatting import long_date
from app.core.i18n import locale
from app.core.office import office
from app.core.pdf import Document


def code_address(code: str) -> str:
    """Where the QR leads: the page with the code in its field, which only sending it spends."""
    return address(url_for("cooperatives.join_by_code", kode=format_activation_code(code)))


def short_address() -> str:
    """What a person types who has no camera."""
    return address(url_for("cooperatives.join_by_code"))


def last_day(paper: ActivationCode) -> str:
    """The last day of the code on the office's calendar, in words."""
    return long_date(paper.expires_at.astimezone(office_zone()).date())


def addressee(cooperative: Cooperative) -> list[str]:
    """To whom the letter goes."""
    places = region()
    where = ", ".join(
        filter(None, (places.name_of(cooperative.kode_kelurahan), places.name_of(cooperative.kode_kecamatan)))
    )
    return [
        line for line in (_("Kepada pengurus"), cooperative.nama_koperasi, cooperative.alamat, where) if line
    ]


def steps() -> list[str]:
    """What the reader does, in order."""
    return [
        _("Pindai kode QR dengan kamera ponsel, atau buka %(address)s.", address=short_address()),
        _("Tulis nama Anda, surel atau nomor telepon, dan pilih sandi. Kalau sudah punya akun, masuk dulu."),
        _("Pilih jabatan Anda, lalu tekan tombol “Aktifkan”. Anda langsung dapat mengisi laporan tahunan."),
    ]


def warning() -> str:
    """Why the paper is not to be lent."""
    told: str = _(
        "Siapa pun yang memegang kode ini dapat bertindak untuk koperasi Anda. Simpan seperti kunci. "
        "Kode hanya dapat dipakai satu kali. Kalau hilang, hubungi kantor: kode dapat dicabut."
    )
    return told


@dataclass(frozen=True)
class Letter:
    """One letter, free of the database: many are printed outside of the write unit that made their codes."""

    name: str
    addressee: list[str]
    code: str
    last_day: str


def letter_of(cooperative: Cooperative, paper: ActivationCode, code: str) -> Letter:
    """The letter that hands ``code`` to ``cooperative``."""
    return Letter(cooperative.nama_koperasi, addressee(cooperative), code, last_day(paper))


def letter_pdf(cooperative: Cooperative, paper: ActivationCode, code: str) -> bytes:
    """One page of A4. The same paper gives the same bytes."""
    label = _("Halaman %(page)s dari %(pages)s", page="%(page)s", pages="%(pages)s")
    return letters_pdf([letter_of(cooperative, paper, code)], made=paper.created_at, page_label=label)


def letters_pdf(letters: Sequence[Letter], *, made: datetime, page_label: str = "") -> bytes:
    """One page of A4 for each of ``letters``, which all end on the same day."""
    document = Document(
        title=_("Kode aktivasi pengelola koperasi"),
        office=office().letterhead(),
        created=made,
        language=locale(),
        page_label=page_label,
        footnote=_("Berlaku sampai %(day)s, satu kali pakai.", day=letters[0].last_day),
    )
    for number, letter in enumerate(letters):
        if number:
            document.another()
        _write(document, letter)
    return document.bytes()


def _write(document: Document, letter: Letter) -> None:
    document.address(letter.addressee)
    document.paragraph(
        _("Dengan kode ini pengurus dapat mengisi laporan tahunan %(name)s di situs kami.", name=letter.name)
    )
    document.code_box(
        _("Kode aktivasi"),
        format_activation_code(letter.code),
        note=_("Berlaku sampai %(day)s, satu kali pakai.", day=letter.last_day),
        link=code_address(letter.code),
    )
    document.heading(_("Cara memakai"))
    document.steps(steps())
    document.paragraph(warning(), soft=True)
