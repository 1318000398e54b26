"""How a year's report travels: begun, sent, returned with marked questions, sent again, approved."""

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from app.demo.chance import choose, happens, office_hours
from app.demo.mistakes import COMMENTS, REASONS, SENDABLE, SUBTLE, UNSENDABLE, any_slip
from app.demo.records import Answers, DemoEvent, DemoMistake, DemoPerson, DemoReport, Mistake
from app.questionnaire.rules import EventKind, Origin


class Journey(StrEnum):
    """How far a report has come, and what happened on the way."""

    NOT_STARTED = "not_started"
    DRAFT = "draft"
    SUBMITTED = "submitted"
    WARNED = "warned"  # sent with something that looks odd
    RETURNED = "returned"
    RESUBMITTED = "resubmitted"
    APPROVED = "approved"
    CORRECTED = "corrected"  # approved after a return
    REOPENED = "reopened"  # approved, then opened again
    OVERLOOKED = "overlooked"  # approved with a slip that nobody saw


START, SEND, RETURN, APPROVE = EventKind.STARTED, EventKind.SUBMITTED, EventKind.RETURNED, EventKind.APPROVED
ROUTES: dict[Journey, tuple[EventKind, ...]] = {
    Journey.DRAFT: (START,),
    Journey.SUBMITTED: (START, SEND),
    Journey.WARNED: (START, SEND),
    Journey.RETURNED: (START, SEND, RETURN),
    Journey.RESUBMITTED: (START, SEND, RETURN, SEND),
    Journey.APPROVED: (START, SEND, APPROVE),
    Journey.CORRECTED: (START, SEND, RETURN, SEND, APPROVE),
    Journey.REOPENED: (START, SEND, APPROVE, EventKind.REOPENED),
    Journey.OVERLOOKED: (START, SEND, APPROVE),
}
RECENT = 45
"""Days for which a report may wait: older work would say that nobody uses the site."""
MENDED = {Journey.RESUBMITTED, Journey.CORRECTED}
SOUND = {Journey.SUBMITTED, Journey.APPROVED}

SECTIONS = (
    "nik_koperasi nama_koperasi nomor_badan_hukum tanggal_badan_hukum alamat kode_kelurahan kode_kecamatan".split(),
    "nama_pengelola telepon_kantor nama_ketua telepon_ketua bentuk_koperasi jenis_koperasi kelompok_koperasi".split(),
    "anggota_pria anggota_wanita jumlah_anggota jumlah_karyawan jumlah_manajer tanggal_rat status_rat".split(),
    "modal_sendiri modal_luar aset volume_usaha shu".split(),
)

OFTEN_MISSING = ("volume_usaha", "shu", "jumlah_karyawan", "telepon_kantor", "tanggal_rat")


@dataclass(frozen=True)
class BookYear:
    """What a report is made from: the true answers, who signs, and the last day on which anything may have happened."""

    year: int
    truth: Answers
    signer: DemoPerson
    until: date

    @property
    def opens(self) -> date:
        """The first day on which it can be filed: the year is over, and so is the RAT that it tells of."""
        held = self.truth["tanggal_rat"] if self.truth.get("status_rat") == "Sudah RAT" else ""
        first = date(self.year + 1, 1, 2)
        return min(self.until, max(first, date.fromisoformat(held) + timedelta(days=3)) if held else first)


@dataclass(frozen=True)
class Flaw:
    """What is wrong in a report before its correction, and what the operator says to it."""

    wrong: dict[str, Any]
    marks: dict[str, str]
    reason: str
    mistake: DemoMistake | None = None


NOTHING_WRONG = Flaw({}, {}, "")
Filed = tuple[DemoReport, DemoMistake | None]


def file_report(chance: random.Random, book: BookYear, journey: Journey, origin: Origin) -> Filed:
    """The report of ``book`` after ``journey``, and the slip in it, if there is or was one."""
    if journey is Journey.DRAFT:
        return _draft(chance, book, origin)
    flaw = NOTHING_WRONG if journey in SOUND else _flaw(chance, book, journey)
    wrong, right = {**book.truth, **flaw.wrong}, dict(book.truth)
    kinds, events, answers = ROUTES[journey], list[DemoEvent](), wrong
    moments = _moments(chance, book, len(kinds), waits=kinds[-1] is not APPROVE)
    for kind, at in zip(kinds, moments, strict=True):
        if kind is SEND and RETURN in [event.kind for event in events]:
            answers = right
        events.append(_event(kind, at, {} if kind is START else answers, book.signer, flaw))
    mistake = flaw.mistake and replace(flaw.mistake, corrected=journey in MENDED)
    return DemoReport(book.year, origin, answers, tuple(events), events[-1].at), mistake


def import_report(chance: random.Random, book: BookYear, *, complete: bool) -> Filed:
    """A row of somebody's old list, which knows only the total of the members: approved, or still waiting with gaps."""
    parts = {code: book.truth[code] for code in ("anggota_pria", "anggota_wanita")}
    answers = {
        code: value
        for code, value in book.truth.items()
        if code not in parts and not code.endswith(("_konfirmasi", "_alasan"))
    }
    mistake = None
    if not complete:
        for code in chance.sample(OFTEN_MISSING, 2):
            answers.pop(code, None)
        mistake = any_slip(chance, UNSENDABLE, book.year, answers) if happens(chance, 0.4) else None
    if mistake:
        answers |= mistake.written
    if mistake and mistake.kind is Mistake.MEMBERS_SUM:
        answers |= parts
    kinds = (EventKind.IMPORTED, SEND, APPROVE) if complete else (EventKind.IMPORTED,)
    events = tuple(
        _event(kind, at, answers, book.signer, NOTHING_WRONG)
        for kind, at in zip(kinds, _moments(chance, book, len(kinds)), strict=True)
    )
    return DemoReport(book.year, Origin.IMPORTED, answers, events, events[-1].at), mistake


def _draft(chance: random.Random, book: BookYear, origin: Origin) -> Filed:
    """The first sections filled, the next one perhaps begun; one in eight with a slip that will stop it."""
    done = chance.choices((0, 1, 2, 3, 4), weights=(10, 25, 30, 20, 15))[0]
    codes = [code for section in SECTIONS[:done] for code in section]
    if done < len(SECTIONS) and (done == 0 or happens(chance, 0.6)):
        codes += SECTIONS[done][: chance.randint(2, len(SECTIONS[done]) - 1)]
    answers = {code: book.truth[code] for code in codes if code in book.truth}
    if "jumlah_anggota" not in answers or "anggota_wanita" not in answers:
        answers.pop("jumlah_anggota", None)
    mistake = any_slip(chance, UNSENDABLE[:1], book.year, answers) if happens(chance, 0.25) else None
    answers |= mistake.written if mistake else {}
    started, saved = _moments(chance, book, 2, waits=True)
    return DemoReport(
        book.year, origin, answers, (_event(START, started, {}, book.signer, NOTHING_WRONG),), saved
    ), mistake


def _moments(chance: random.Random, book: BookYear, count: int, *, waits: bool = False) -> list[datetime]:
    """When each move was made; what still ``waits`` for somebody came in lately."""
    if waits:
        return office_hours(chance, max(book.opens, book.until - timedelta(days=RECENT)), book.until, count)
    last = min(book.until, book.opens + timedelta(days=chance.randint(20, 120)))
    return office_hours(chance, book.opens, last, count)


def _event(kind: EventKind, at: datetime, answers: Answers, signer: DemoPerson, flaw: Flaw) -> DemoEvent:
    if kind is SEND:
        return DemoEvent(kind, at, answers, declared_by=signer.name, declared_as=signer.position.value)
    if kind in (RETURN, EventKind.REOPENED):
        return DemoEvent(kind, at, answers, reason=flaw.reason, marks=flaw.marks)
    return DemoEvent(kind, at, answers)


def _flaw(chance: random.Random, book: BookYear, journey: Journey) -> Flaw:
    """Mostly a slip of the pen in the figures; else what is odd but true, or something small that no check can know."""
    always, kinds = journey is Journey.OVERLOOKED, SUBTLE if journey is Journey.OVERLOOKED else SENDABLE
    mistake = any_slip(chance, kinds, book.year, book.truth) if always or happens(chance, 0.6) else None
    if mistake:
        marks = dict.fromkeys(mistake.written, COMMENTS[mistake.kind])
        return Flaw(dict(mistake.written), marks, REASONS[mistake.kind], mistake)
    if journey is Journey.WARNED:
        return Flaw(_odd_but_true(chance, book.truth), {}, "")
    code, comment, reason = choose(chance, OVERSIGHTS)
    return Flaw({code: OUTDATED[code](book.truth)}, {code: comment}, reason)


def _odd_but_true(chance: random.Random, truth: Answers) -> dict[str, Any]:
    """A year out of the ordinary, confirmed and explained by the cooperative."""
    aset = truth["aset"]
    if happens(chance, 0.4):
        return {
            "modal_sendiri": -(aset // 5),
            "modal_luar": aset + aset // 5,
            "shu": -abs(truth["shu"]),
            "modal_sendiri_konfirmasi": True,
            "modal_sendiri_alasan": "Rugi tiga tahun berturut-turut karena piutang macet.",
        }
    loan = aset * 2
    return {
        "modal_luar": truth["modal_luar"] + loan,
        "aset": aset + loan,
        "volume_usaha": truth["volume_usaha"] * 2,
        "modal_luar_konfirmasi": True,
        "modal_luar_alasan": "Mendapat pinjaman dana bergulir dan membuka dua unit usaha baru.",
    }


OVERSIGHTS = (
    (
        "jumlah_karyawan",
        "Di buku RAT tertulis lain. Hitung karyawan pada 31 Desember.",
        "Satu angka belum cocok.",
    ),
    ("alamat", "Lengkapi dengan nomor, RT, dan RW.", "Alamat belum lengkap, jadi surat kami tidak sampai."),
    (
        "nama_ketua",
        "Di berita acara RAT namanya tertulis lain.",
        "Nama ketua belum sesuai berita acara.",
    ),
)
OUTDATED: dict[str, Callable[[Answers], Any]] = {
    "jumlah_karyawan": lambda truth: truth["jumlah_karyawan"] + 4,
    "alamat": lambda truth: truth["alamat"].split(" No. ")[0],
    "nama_ketua": lambda truth: truth["nama_ketua"].replace(" ", " Tri ", 1),
}
