"""The office types a report for a caller or visitor. It counts only once the cooperative confirms it with its code."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.accounts.digests import keyed_digest
from app.accounts.models import User
from app.cooperatives.codes import MISTYPED
from app.cooperatives.messages import address
from app.cooperatives.models import Cooperative
from app.cooperatives.rules import CODE_GROUP, new_activation_code, normalise_activation_code
from app.core.database import now, today
from app.core.errors import RuleBroken
from app.core.extensions import db
from app.core.parsing import fold_lines, fold_space
from app.core.text import N_, Text
from app.questionnaire.autosave import Autosaved, autosave
from app.questionnaire.comments import LONGEST
from app.questionnaire.confirming import happened, last_signature, mail, open_help
from app.questionnaire.drafts import SaveResult, check_window, save_answers, start_report
from app.questionnaire.models import Help, Receipt, Report, Signature
from app.questionnaire.moves import check_ready
from app.questionnaire.queries import current_receipt, held_again
from app.questionnaire.rules import EDITABLE, STATUS_NAMES, Origin, Status
from app.questionnaire.signing import sign
from app.questionnaire.waiting import CHANNEL_NAMES, Channel, HelpState, SignatureState, Step

LIFETIME = timedelta(days=14)
UNKNOWN = N_("Kode ini tidak kami kenal. Bandingkan dengan slip dari petugas, atau minta kode baru.")
OVER = N_("Kode ini sudah tidak berlaku. Minta kode baru ke kantor.")
CHANGED = N_(
    "Jawaban berubah sejak kode ini dibuat, jadi kode ini tidak berlaku lagi. Minta kode baru ke kantor."
)
DECLARE = N_("Centang pernyataan bahwa jawaban ini benar.")
DISPUTED = N_("Anda sudah memberi tahu bahwa ada yang keliru. Petugas membetulkannya dan memberi kode baru.")
STARTED = {
    Channel.PHONE: N_("Petugas membantu mengisi laporan tahun buku %(year)s lewat telepon bersama %(spoke)s"),
    Channel.VISIT: N_("Petugas membantu mengisi laporan tahun buku %(year)s di kantor bersama %(spoke)s"),
    Channel.LETTER: N_("Petugas membantu mengisi laporan tahun buku %(year)s dari surat %(spoke)s"),
}


def start_help(
    cooperative: Cooperative, *, year: int, by: User, channel: str, name: str, position: str
) -> Help:
    """Begin to type the report of ``cooperative`` for ``year``; one that is under way goes on as it is.

    ``name`` and ``position`` tell who speaks for the cooperative. Raises RuleBroken (fields ``saluran``, ``nama``,
    ``jabatan``), and when the report is locked, the year closed or the cooperative dissolved.
    """
    spoke = fold_space(name)[:200]
    if channel not in set(Channel):
        raise RuleBroken(N_("Pilih lewat apa koperasi menghubungi kantor."), field="saluran")
    if len(spoke) < 3:
        raise RuleBroken(N_("Tulis nama orang yang berbicara untuk koperasi."), field="nama")
    if not position:
        raise RuleBroken(N_("Pilih jabatan orang itu di koperasi."), field="jabatan")
    report = held_again(start_report(cooperative, year=year, by=by, origin=Origin.ASSISTED))
    if report.status not in EDITABLE:
        raise RuleBroken(
            N_("Laporan ini berstatus %(status)s, jadi jawabannya terkunci."),
            status=Text(STATUS_NAMES[report.status]),
        )
    if report.status is Status.DRAFT:
        check_window(report, today())
    if found := open_help(report):
        return found
    _end_stale(report)
    help_ = Help(
        report_id=report.id,
        channel=Channel(channel),
        spoke_name=spoke,
        spoke_position=position,
        helper_id=by.id,
        helper_name=by.name,
    )
    db.session.add(help_)
    db.session.flush()
    happened(report, Step.HELP_STARTED, by=by, sentence=STARTED[help_.channel], spoke=f"{spoke} ({position})")
    return help_


def _end_stale(report: Report) -> None:
    """Help that the cooperative's own submission overtook is over: only one can be open."""
    stale = select(Help).where(
        Help.report_id == report.id,
        Help.state.in_((HelpState.TYPING, HelpState.WAITING, HelpState.DISPUTED)),
    )
    for one in db.session.scalars(stale):
        one.state, one.settled_at = HelpState.ENDED, now()
    db.session.flush()


def save_helped(
    report: Report, *, values: Mapping[str, Any], base_version: int | None, by: User
) -> SaveResult:
    """Keep what the operator typed. A finished one whose answers change is being typed again: its code opens nothing.

    Raises RuleBroken when nobody is being helped, and as ``save_answers`` does.
    """
    held = held_again(report)
    help_ = _under_way(held)
    done = save_answers(held, values=values, base_version=base_version, by=by)
    _typed_on(held, help_)
    return done


def autosave_helped(report: Report, *, by: User, **sent: Any) -> Autosaved:
    """The same for what the operator's page sends by itself; ``sent`` as :func:`autosave` takes it."""
    held = held_again(report)
    help_ = _under_way(held)
    done = autosave(held, by=by, **sent)
    _typed_on(held, help_)
    return done


def _typed_on(held: Report, help_: Help) -> None:
    if held.status is Status.DRAFT:
        held.origin = Origin.ASSISTED
    if help_.state is HelpState.WAITING and help_.version != held.version:
        help_.state, help_.code_digest = HelpState.TYPING, None
        held.waits_version = None
    db.session.flush()


def finish_help(report: Report, *, by: User, base_version: int | None = None) -> tuple[Help, str]:
    """All is typed: a code with which the cooperative confirms it, shown once. Again: a new code, the old one is void.

    Raises RuleBroken when nobody is being helped, and as ``check_ready`` does.
    """
    held = held_again(report)
    help_ = _under_way(held)
    check_ready(held, help_.spoke_name, help_.spoke_position, base_version=base_version)
    code, moment = new_activation_code(), now()
    help_.state, help_.version = HelpState.WAITING, held.version
    help_.code_digest, help_.hint = digest_of(code), code[-CODE_GROUP:]
    help_.finished_at, help_.expires_at, help_.remark = moment, moment + LIFETIME, ""
    held.waits_version = held.version
    db.session.flush()
    happened(
        held,
        Step.HELP_FINISHED,
        by=by,
        sentence=N_(
            "Laporan tahun buku %(year)s selesai diketik petugas; menunggu konfirmasi dengan kode …%(hint)s"
        ),
        hint=help_.hint,
    )
    return help_, code


def end_help(report: Report, *, by: User) -> None:
    """The operator gives up; the answers stay as a draft for the cooperative. Raises RuleBroken when nobody is helped."""
    held = held_again(report)
    help_ = _under_way(held)
    help_.state, help_.settled_at, help_.settled_name = HelpState.ENDED, now(), by.name
    help_.code_digest = None
    held.waits_version = None
    happened(
        held,
        Step.HELP_ENDED,
        by=by,
        sentence=N_("Bantuan mengisi laporan tahun buku %(year)s diakhiri petugas"),
    )


def _under_way(held: Report) -> Help:
    help_ = open_help(held)
    if help_ is None:
        raise RuleBroken(N_("Bantuan ini sudah berakhir. Muat ulang untuk melihat keadaan laporannya."))
    return help_


def digest_of(code: str) -> str:
    """What is stored of a code."""
    return keyed_digest("confirmation-code", code)


def read_code(typed: str) -> str:
    """The code that was typed. Raises RuleBroken when it is none of ours: a slip of the finger costs no try."""
    code = normalise_activation_code(typed)
    if code is None:
        raise RuleBroken(MISTYPED if typed.strip() else N_("Isi kode konfirmasi."), field="kode")
    return code


@dataclass(frozen=True)
class Confirmed:
    """What a code has led to: a receipt, or a first signature that still waits for a second."""

    help: Help
    receipt: Receipt | None
    signature: Signature | None


def help_by_code(code: str) -> Help:
    """The finished report that ``code`` opens, confirmed or not. Raises RuleBroken (field ``kode``) for all other codes."""
    query = select(Help).where(Help.code_digest == digest_of(code)).options(joinedload(Help.report))
    help_ = db.session.scalars(query).one_or_none()
    if help_ is None or help_.state is HelpState.ENDED:
        raise RuleBroken(UNKNOWN, field="kode")
    if help_.expires_at is None or help_.expires_at <= now():
        raise RuleBroken(OVER, field="kode")
    if help_.state is HelpState.DISPUTED:
        raise RuleBroken(DISPUTED, field="kode")
    if help_.state is HelpState.WAITING and (not help_.report.waits or help_.version != help_.report.version):
        raise RuleBroken(CHANGED, field="kode")
    return help_


def outcome_of(help_: Help) -> Confirmed:
    """What has become of a confirmed report."""
    receipt = current_receipt(help_.report) if help_.report.status not in EDITABLE else None
    signature = last_signature(help_.report) if receipt is None else None
    waits = signature is not None and signature.state is SignatureState.WAITING
    return Confirmed(help_, receipt, signature if waits else None)


def confirm_help(code: str, *, name: str, position: str) -> Confirmed:
    """The holder of ``code`` declares the answers to be true: the report is sent. Pressing twice gives the same receipt.

    Raises RuleBroken as :func:`help_by_code` and ``check_ready`` do.
    """
    help_ = _held_by_code(code)
    if help_.state is HelpState.CONFIRMED:
        return outcome_of(help_)
    declared = fold_space(name)
    how = CHANNEL_NAMES[help_.channel]
    sign(
        help_.report,
        by=None,
        by_name=declared,
        declared_name=declared,
        declared_position=position,
        reason=f"Dikonfirmasi koperasi dengan kode …{help_.hint}. Dibantu oleh {help_.helper_name} ({how}, bersama {help_.spoke_name}).",
        base_version=help_.version,
    )
    help_.state, help_.settled_at, help_.settled_name = HelpState.CONFIRMED, now(), declared[:200]
    db.session.flush()
    return outcome_of(help_)


def dispute_help(code: str, *, remark: str) -> Help:
    """The holder of ``code`` says that something is wrong: it goes back to the operator, who is told.

    Raises RuleBroken (field ``keliru``) without words, and as :func:`help_by_code` does.
    """
    help_ = _held_by_code(code)
    if help_.state is HelpState.CONFIRMED:
        raise RuleBroken(N_("Laporan ini sudah dikonfirmasi. Hubungi kantor kalau ada yang keliru."))
    said = fold_lines(remark)[:LONGEST]
    if not said:
        raise RuleBroken(N_("Tulis apa yang keliru, supaya petugas dapat membetulkannya."), field="keliru")
    help_.state, help_.remark = HelpState.DISPUTED, said
    report = help_.report
    report.waits_version = None
    happened(
        report,
        Step.HELP_DISPUTED,
        by=None,
        name=f"Pemegang kode …{help_.hint}",
        reason=said,
        sentence=N_(
            "Koperasi menyatakan ada yang keliru di laporan tahun buku %(year)s yang diketik petugas"
        ),
    )
    helper = db.session.get_one(User, help_.helper_id)
    path = f"/dinas/koperasi/{report.cooperative.slug}/laporan/{report.year}"
    mail(
        helper,
        "report.disputed",
        f"Ada yang keliru: laporan {report.year} {report.cooperative.nama_koperasi}",
        "Koperasi membaca jawaban yang Anda ketik dan menulis:",
        said,
        f"Betulkan di {address(path)}, lalu beri kode baru.",
    )
    return help_


def _held_by_code(code: str) -> Help:
    """The help of ``code`` with its report locked, as both stand now."""
    help_ = help_by_code(code)
    held_again(help_.report)
    db.session.refresh(help_)
    return help_by_code(code)
