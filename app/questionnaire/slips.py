"""The slip with the code by which a cooperative confirms what the office typed: on the screen, as PDF, or read out by phone."""

from dataclasses import dataclass
from datetime import datetime

from flask import url_for

from app.cooperatives.letters import addressee
from app.cooperatives.messages import address
from app.cooperatives.rules import format_activation_code
from app.core.database import now, office_zone
from app.core.formatting import long_date
from app.core.i18n import _, locale
from app.core.office import office
from app.core.parsing import phone_for_people
from app.core.pdf import Document
from app.questionnaire.models import Help


@dataclass(frozen=True)
class Slip:
    """What the paper says."""

    name: str
    year: int
    helper: str
    addressee: list[str]
    code: str
    link: str
    short_address: str
    last_day: str
    made: datetime
    phones: list[tuple[str, str]]  # whose, and the number on file

    @property
    def steps(self) -> list[str]:
        """What the reader does, in order."""
        return [
            _(
                "Pindai kode QR dengan kamera ponsel, atau buka %(address)s dan ketik kodenya.",
                address=self.short_address,
            ),
            _("Baca jawaban yang diketik petugas, satu per satu."),
            _(
                "Semua benar? Tulis nama dan jabatan Anda, lalu tekan “Setujui dan kirim laporan”. "
                "Ada yang keliru? Tulis apa, petugas membetulkannya."
            ),
        ]

    @property
    def warning(self) -> str:
        """Why the paper is not to be lent."""
        return _(
            "Laporan baru terhitung setelah koperasi menyetujuinya. Siapa pun yang memegang kode ini dapat membaca jawaban dan menyetujuinya: berikan hanya kepada pengurus."
        )


def slip_of(help_: Help, code: str) -> Slip:
    """The slip of one code."""
    cooperative = help_.report.cooperative
    grouped = format_activation_code(code)
    ends = help_.expires_at or now()
    phones = [
        (label, phone_for_people(number))
        for label, number in (
            (_("Ketua"), cooperative.telepon_ketua),
            (_("Kantor koperasi"), cooperative.telepon_kantor),
        )
        if number
    ]
    return Slip(
        name=cooperative.nama_koperasi,
        year=help_.report.year,
        helper=help_.helper_name,
        addressee=addressee(cooperative),
        code=grouped,
        link=address(url_for("confirming.enter", kode=grouped)),
        short_address=address(url_for("confirming.enter")),
        last_day=long_date(ends.astimezone(office_zone()).date()),
        made=help_.finished_at or ends,
        phones=phones,
    )


def slip_pdf(slip: Slip) -> bytes:
    """One page of A4."""
    document = Document(
        title=_("Konfirmasi laporan tahun buku %(year)s", year=slip.year),
        office=office().letterhead(),
        created=slip.made,
        language=locale(),
        page_label=_("Halaman %(page)s dari %(pages)s", page="%(page)s", pages="%(pages)s"),
        footnote=_("Berlaku sampai %(day)s.", day=slip.last_day),
    )
    document.address(slip.addressee)
    document.paragraph(told(slip))
    document.code_box(
        _("Kode konfirmasi"),
        slip.code,
        note=_("Berlaku sampai %(day)s, satu kali pakai.", day=slip.last_day),
        link=slip.link,
    )
    document.heading(_("Cara menyetujui"))
    document.steps(slip.steps)
    document.paragraph(slip.warning, soft=True)
    return document.bytes()


def told(slip: Slip) -> str:
    """The first sentence of the slip."""
    return _(
        "Laporan tahunan %(name)s, tahun buku %(year)s, sudah diketik petugas kami, %(helper)s. Laporan itu baru terkirim setelah Anda menyetujuinya.",
        name=slip.name,
        year=slip.year,
        helper=slip.helper,
    )
