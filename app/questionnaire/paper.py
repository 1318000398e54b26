"""The report on paper: an empty form to write in with a pen, and the answers as they stand."""

from datetime import date

from app.core.database import now
from app.core.formatting import long_date, moment
from app.core.i18n import _, locale, say
from app.core.office import office
from app.core.paper_form import Ask, Box, PaperForm
from app.questionnaire.answers import REASON, as_text, is_blank, is_raw
from app.questionnaire.extensions import deadline, extensions_of
from app.questionnaire.filling import Filling
from app.questionnaire.office_places import places
from app.questionnaire.queries import current_receipt
from app.questionnaire.question import Field, Question, QuestionType
from app.questionnaire.receipts import verification_url
from app.questionnaire.rules import STATUS_NAMES, Status
from app.questionnaire.template_sheet import last_text

LONG_TEXT = 100  # characters; longer answers get more room


def blank(filling: Filling) -> bytes:
    """An empty form with last year's answers and the help in small type."""
    document = _paper(
        filling, _("Formulir laporan tahunan"), _("Formulir tahun buku %(year)s", year=filling.year)
    )
    document.paragraph(
        _(
            "Isi dengan huruf cetak, lalu salin ke situs. Tulis rupiah penuh, bukan ribu atau juta. "
            "Batas melapor: %(deadline)s.",
            deadline=long_date(_deadline(filling)),
        )
    )
    document.facts(_whose(filling))
    for section in filling.questionnaire.sections:
        asks = [
            ask for one in filling.questionnaire.section(section.number) for ask in _to_write(filling, one)
        ]
        document.section(say(section.title), say(section.intro) if section.intro else "", asks)
    document.signature([_("Tempat, tanggal"), _("Nama dan jabatan"), _("Tanda tangan")])
    return document.bytes()


def filled(filling: Filling) -> bytes:
    """The answers as they stand: a draft that says so, or what was filed with its receipt. Same report, same bytes."""
    report = filling.report
    if report is None:
        raise ValueError("nothing to print")
    standing = report.status in {Status.SUBMITTED, Status.APPROVED}
    receipt = current_receipt(report) if standing else None
    when = moment(report.updated_at)
    if receipt:
        foot = _("Bukti %(code)s, tahun buku %(year)s", code=receipt.code, year=filling.year)
    elif standing:
        foot = _("Tahun buku %(year)s, keadaan %(time)s", year=filling.year, time=when)
    else:
        foot = _("Draf, belum dikirim. Keadaan %(time)s", time=when)
    title = _("Isian laporan tahunan") if standing else _("Isian laporan tahunan (draf)")
    document = _paper(filling, title, foot)
    facts = [*_whose(filling), (_("Status"), say(STATUS_NAMES[report.status])), (_("Keadaan"), when)]
    if receipt:
        declared = f"{receipt.declared_name}, {say(receipt.declared_position).lower()}"
        facts += [(_("Diterima"), moment(receipt.issued_at)), (_("Dinyatakan benar oleh"), declared)]
    document.facts(facts)
    if receipt:
        note = _("Periksa di situs, atau pindai kode di samping.")
        document.code_box(_("Kode bukti"), receipt.code, note=note, link=verification_url(receipt))
    elif not standing:
        document.paragraph(_("Ini draf: belum dikirim ke kantor, dan belum menjadi bukti apa pun."))
    for section in filling.questionnaire.sections:
        asks = [
            ask for one in filling.questionnaire.section(section.number) for ask in _answered(filling, one)
        ]
        document.section(say(section.title), "", asks)
    return document.bytes()


def _deadline(filling: Filling) -> date:
    given = extensions_of([filling.cooperative.id], filling.year)
    return deadline(filling.edition, given.get(filling.cooperative.id))


def _paper(filling: Filling, title: str, footnote: str) -> PaperForm:
    return PaperForm(
        title=title,
        office=office().letterhead(),
        created=filling.report.updated_at if filling.report else now(),
        language=locale(),
        page_label=_("Halaman %(page)s dari %(pages)s", page="%(page)s", pages="%(pages)s"),
        footnote=footnote,
    )


def _whose(filling: Filling) -> list[tuple[str, str]]:
    return [
        (_("Koperasi"), filling.cooperative.nama_koperasi),
        (_("Nomor badan hukum"), filling.cooperative.nomor_badan_hukum or "–"),
        (_("Tahun buku"), str(filling.year)),
    ]


def _last_note(filling: Filling, asked: Question | Field) -> str:
    text = last_text(filling, asked)
    return (
        _("Tahun buku %(year)s: %(value)s", year=filling.last.year, value=text)
        if text and filling.last
        else ""
    )


def _to_write(filling: Filling, question: Question) -> list[Ask]:
    """The boxes of one question; one that follows from others only says so."""
    number = f"{question.number}."
    if not question.fields:
        return [Ask(number, say(question.label), (_("Terisi sendiri di situs."),), Box("none"))]
    asks = []
    for field in question.fields:
        hint = say(question.hint) if question.hint else ""
        about = say(question.help) if question.help else ""
        notes = (hint, about) if field is question.fields[0] or not field.is_part else ()
        notes = tuple(note for note in (*notes, _last_note(filling, field)) if note)
        asks.append(Ask(number, say(field.label), notes, _box(question)))
    return asks


def _box(question: Question) -> Box:
    unit = say(question.unit) if question.unit else ""
    match question.type:
        case QuestionType.RUPIAH:
            return Box("amount", before="Rp", behind=unit.removeprefix("Rp").strip())
        case QuestionType.DATE:
            return Box("day", parts=(_("tanggal"), _("bulan"), _("tahun")))
        case QuestionType.CHOICE:
            return Box("choices", choices=question.choices)
        case _ if question.digits:
            return Box("digits", digits=question.digits)
        case _:
            long = question.type is QuestionType.TEXT and (question.max_length or 0) > LONG_TEXT
            return Box("long" if long else "text", behind=unit)


def _answered(filling: Filling, question: Question) -> list[Ask]:
    """One question with its answer, its parts and the reason given."""
    reason = filling.answers.get(question.code + REASON)
    notes = [
        _last_note(filling, question),
        _("Alasan: %(reason)s", reason=reason) if reason else "",
    ]
    value = filling.answers.get(question.code)
    answer = as_text(question, value, places())
    if is_raw(value):
        answer = _("%(raw)s (belum terbaca)", raw=answer)
    parts = [
        field for field in question.fields if field.is_part and not is_blank(filling.answers.get(field.name))
    ]
    notes += [f"{say(one.label)}: {as_text(one, filling.answers.get(one.name))}" for one in parts]
    has_unit = question.unit and question.type is not QuestionType.RUPIAH and not is_blank(value)
    unit = say(question.unit) if has_unit else ""
    shown = tuple(note for note in notes if note)
    return [Ask(f"{question.number}.", say(question.label), shown, Box("text", behind=unit), answer)]
