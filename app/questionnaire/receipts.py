"""The receipt as paper, and what anybody may learn from its code."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from flask import current_app, url_for

from app.core.formatting import moment
from app.core.i18n import _, locale, say
from app.core.office import office
from app.core.pdf import Column, Document, Figure
from app.questionnaire.answers import as_text
from app.questionnaire.models import Receipt
from app.questionnaire.office_places import places
from app.questionnaire.queries import counts_now, current_receipt, questions_of, receipt_by_code
from app.questionnaire.rules import read_receipt_code, short_digest


class Verdict(StrEnum):
    """What a code is worth."""

    VALID = "valid"
    REPLACED = "replaced"
    UNKNOWN = "unknown"
    MISTYPED = "mistyped"


@dataclass(frozen=True)
class Verification:
    """What the public page says of a code: enough to trust a paper, nothing private."""

    verdict: Verdict
    code: str
    cooperative: str = ""
    year: int = 0
    issued_at: datetime | None = None
    digest: str = ""


def verify(typed: str) -> Verification:
    """What ``typed`` stands for, however it was typed."""
    code = read_receipt_code(typed)
    if code is None:
        return Verification(Verdict.MISTYPED, typed)
    receipt = receipt_by_code(code)
    if receipt is None:
        return Verification(Verdict.UNKNOWN, code)
    valid = counts_now(receipt, current_receipt(receipt.report))
    return Verification(
        Verdict.VALID if valid else Verdict.REPLACED,
        code,
        name_on(receipt),
        receipt.report.year,
        receipt.issued_at,
        short_digest(receipt.answers_digest),
    )


def name_on(receipt: Receipt) -> str:
    """The cooperative's name as it was declared, whatever the register says by now."""
    declared = receipt.event.answers.get("nama_koperasi")
    return declared if isinstance(declared, str) else receipt.report.cooperative.nama_koperasi


def verification_url(receipt: Receipt) -> str:
    """The address that the QR code holds; links on paper come from the setting SIMPUL_BASE_URL."""
    base: str = current_app.config["BASE_URL"]
    return base.rstrip("/") + url_for("questionnaire.verify", kode=receipt.code)


def pdf(receipt: Receipt) -> bytes:
    """The receipt as A4: what was filed, when, by whom, and the answers that the public may see. Same receipt, same bytes."""
    report = receipt.report
    document = Document(
        title=_("Bukti penerimaan laporan tahunan"),
        office=office().letterhead(),
        created=receipt.issued_at,
        language=locale(),
        page_label=_("Halaman %(page)s dari %(pages)s", page="%(page)s", pages="%(pages)s"),
        footnote=_("Bukti %(code)s, tahun buku %(year)s", code=receipt.code, year=report.year),
    )
    document.paragraph(
        _(
            "%(office)s menerima laporan tahunan koperasi di bawah ini. Bukti ini berlaku tanpa tanda tangan; keasliannya dapat diperiksa siapa saja lewat kode QR.",
            office=office().full_name,
        )
    )
    document.facts(
        [
            (_("Koperasi"), name_on(receipt)),
            (_("Nomor badan hukum"), str(receipt.event.answers.get("nomor_badan_hukum") or "–")),
            (_("Tahun buku"), str(report.year)),
            (_("Diterima"), moment(receipt.issued_at)),
            (
                _("Dinyatakan benar oleh"),
                _(
                    "%(name)s, %(position)s",
                    name=receipt.declared_name,
                    position=say(receipt.declared_position).lower(),
                ),
            ),
            *_second(receipt),
            (_("Sidik jawaban"), short_digest(receipt.answers_digest)),
        ]
    )
    document.code_box(
        _("Kode bukti"),
        receipt.code,
        note=_("Periksa di situs, atau pindai kode di samping."),
        link=verification_url(receipt),
    )
    document.heading(_("Jawaban yang dikirim"))
    document.table(
        [Column(_("No."), 0.35), Column(_("Pertanyaan"), 2), Column(_("Jawaban"), 3)], _answer_rows(receipt)
    )
    if kept := [
        say(question.label) for question in questions_of(receipt.report).questions if not question.public
    ]:
        document.paragraph(
            _("Tersimpan di kantor, tetapi tidak dicetak di sini: %(labels)s.", labels=", ".join(kept)),
            soft=True,
        )
    return document.bytes()


def _second(receipt: Receipt) -> list[tuple[str, str]]:
    """Who signed beside, where two were needed."""
    if not receipt.second_name:
        return []
    signed = _(
        "%(name)s, %(position)s", name=receipt.second_name, position=say(receipt.second_position).lower()
    )
    return [(_("Tanda tangan kedua"), signed)]


def _answer_rows(receipt: Receipt) -> list[tuple[str, str, str]]:
    """Number, question and answer of what may be public; the rest would travel with every copy of the paper."""
    answers, names = receipt.event.answers, places()
    rows = []
    for question in questions_of(receipt.report).questions:
        if question.public:
            text = as_text(question, answers.get(question.code), names)
            rows.append(
                (str(question.number), say(question.label), Figure(text) if question.is_number else text)
            )
    return rows
