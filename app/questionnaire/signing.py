"""Two signatures under a report, where the office asks for them (setting SIMPUL_SECOND_SIGNATURE).

The first office holder's signature waits for a second, different one; only then is the report submitted. A changed answer
voids the first. A cooperative in which nobody else can sign is not stuck: the office waives the second, with a reason.
"""

from flask import current_app

from app.accounts.models import User
from app.cooperatives.messages import address
from app.cooperatives.models import Membership
from app.core.database import now
from app.core.errors import RuleBroken
from app.core.extensions import db
from app.core.parsing import fold_lines, fold_space
from app.core.text import N_
from app.questionnaire.comments import LONGEST
from app.questionnaire.confirming import happened, mail, open_signature
from app.questionnaire.declaring import holders_of
from app.questionnaire.models import Receipt, Report, Signature
from app.questionnaire.moves import Overtaken, check_ready, submit
from app.questionnaire.queries import current_receipt, held_again
from app.questionnaire.rules import Status
from app.questionnaire.waiting import SignatureState, Step

VOIDED = N_(
    "Jawaban berubah sejak tanda tangan pertama, jadi tanda tangan itu gugur. Periksa dan kirim lagi."
)
GONE = N_("Laporan ini tidak menunggu tanda tangan kedua lagi. Muat ulang untuk melihat keadaannya.")


def two_needed() -> bool:
    """Whether this office asks for a second signature."""
    return str(current_app.config["SECOND_SIGNATURE"]) == "1"


def sign(
    report: Report | int,
    *,
    by: User | None,
    by_name: str = "",
    declared_name: str,
    declared_position: str,
    reason: str = "",
    base_version: int | None = None,
) -> Receipt | Signature:
    """File ``report`` (or the one with that id); where two signatures are needed, give the first and wait. Pressing twice changes nothing.

    Raises as :func:`app.questionnaire.moves.submit` does.
    """
    if not two_needed():
        return submit(
            report,
            by=by,
            by_name=by_name,
            declared_name=declared_name,
            declared_position=declared_position,
            reason=reason,
            base_version=base_version,
        )
    held = held_again(report)
    if held.status is Status.SUBMITTED and (receipt := current_receipt(held)):
        return receipt
    name, position = check_ready(held, declared_name, declared_position, base_version=base_version)
    earlier = open_signature(held)
    if earlier is not None and earlier.version == held.version:
        return earlier
    if earlier is not None:
        _settle(earlier, SignatureState.VOID, name="")
        db.session.flush()
    signature = Signature(
        report_id=held.id,
        version=held.version,
        signed_by_id=by.id if by else None,
        declared_name=name,
        declared_position=position,
    )
    db.session.add(signature)
    held.waits_version = held.version
    db.session.flush()
    happened(
        held,
        Step.SIGNED,
        by=by,
        name=by_name,
        reason=reason,
        sentence=N_("Laporan tahun buku %(year)s ditandatangani %(person)s; menunggu tanda tangan kedua"),
        person=name,
    )
    _tell_others(signature, held)
    return signature


def seconds_for(signature: Signature, report: Report) -> list[Membership]:
    """Who can sign as the second: active office holders, neither who pressed the button nor who is named first."""
    first = fold_space(signature.declared_name).casefold()
    return [
        member
        for member in holders_of(report.cooperative)
        if member.user_id != signature.signed_by_id and fold_space(member.user.name).casefold() != first
    ]


def confirm_second(report: Report, *, by: User) -> Receipt:
    """``by`` signs as the second: now the report is submitted. Pressing twice gives the same receipt.

    Raises RuleBroken when ``by`` may not, when nothing waits, and Overtaken when an answer changed since the first signed.
    """
    held = held_again(report)
    if held.status is Status.SUBMITTED and (receipt := current_receipt(held)):
        return receipt
    signature = _waiting(held)
    member = next((one for one in seconds_for(signature, held) if one.user_id == by.id), None)
    if member is None:
        raise RuleBroken(N_("Tanda tangan kedua harus dari pengurus lain yang memegang jabatan."))
    signature.state, signature.settled_at = SignatureState.CONFIRMED, now()
    signature.settled_by_id, signature.settled_name = by.id, by.name
    db.session.flush()
    receipt = submit(
        held,
        by=by,
        declared_name=signature.declared_name,
        declared_position=signature.declared_position,
        second=(by.name, member.position),
        reason=f"Ditandatangani {signature.declared_name} ({signature.declared_position}) dan {by.name} ({member.position}).",
        base_version=signature.version,
    )
    _tell_first(
        signature, held, f"{by.name} menandatangani laporan Anda", "Laporan sudah terkirim ke kantor."
    )
    return receipt


def decline_second(report: Report, *, by: User, reason: str) -> None:
    """``by`` does not sign, and says why; the report can be corrected. Raises RuleBroken (field ``alasan``)."""
    held = held_again(report)
    signature = _waiting(held)
    if by.id not in {member.user_id for member in seconds_for(signature, held)}:
        raise RuleBroken(N_("Hanya pengurus lain yang memegang jabatan dapat menolak."))
    why = _reason(reason, N_("Tulis apa yang perlu dibetulkan. Pengurus pertama akan membacanya."))
    _settle(signature, SignatureState.DECLINED, name=by.name, by=by, reason=why)
    held.waits_version = None
    happened(
        held,
        Step.SIGNATURE_DECLINED,
        by=by,
        reason=why,
        sentence=N_("Laporan tahun buku %(year)s tidak ditandatangani pengurus kedua"),
    )
    _tell_first(
        signature,
        held,
        f"{by.name} belum menandatangani laporan Anda",
        "Alasannya:",
        why,
        "Betulkan, lalu kirim lagi.",
    )


def withdraw_signature(report: Report, *, by: User) -> None:
    """Whoever signed first takes it back. Raises RuleBroken when nothing waits, or somebody else signed."""
    held = held_again(report)
    signature = open_signature(held)
    if signature is None or signature.signed_by_id != by.id:
        raise RuleBroken(GONE)
    _settle(signature, SignatureState.VOID, name=by.name, by=by)
    held.waits_version = None
    happened(
        held,
        Step.SIGNATURE_WITHDRAWN,
        by=by,
        sentence=N_("Tanda tangan pertama di laporan tahun buku %(year)s ditarik"),
    )


def waive_second(report: Report, *, by: User, reason: str) -> Receipt:
    """An operator lets one signature be enough, and says why. Raises RuleBroken (field ``alasan``), Overtaken."""
    held = held_again(report)
    if held.status is Status.SUBMITTED and (receipt := current_receipt(held)):
        return receipt
    signature = _waiting(held)
    why = _reason(reason, N_("Tulis alasan membebaskan tanda tangan kedua."))
    _settle(signature, SignatureState.WAIVED, name=by.name, by=by, reason=why)
    happened(
        held,
        Step.SIGNATURE_WAIVED,
        by=by,
        reason=why,
        sentence=N_("Tanda tangan kedua di laporan tahun buku %(year)s dibebaskan kantor: %(reason)s"),
    )
    signer = db.session.get(User, signature.signed_by_id) if signature.signed_by_id else None
    receipt = submit(
        held,
        by=signer,
        by_name="" if signer else signature.declared_name,
        declared_name=signature.declared_name,
        declared_position=signature.declared_position,
        reason=f"Tanda tangan kedua dibebaskan {by.name}: {why}",
        base_version=signature.version,
    )
    _tell_first(
        signature, held, "Laporan Anda sudah terkirim", f"Kantor membebaskan tanda tangan kedua: {why}"
    )
    return receipt


def _waiting(held: Report) -> Signature:
    """The signature that waits for a second now. Raises RuleBroken, and Overtaken when an answer changed since."""
    signature = open_signature(held)
    if signature is None:
        raise RuleBroken(GONE)
    if signature.version != held.version:
        raise Overtaken(VOIDED)
    return signature


def _reason(typed: str, missing: str) -> str:
    why = fold_lines(typed)[:LONGEST]
    if not why:
        raise RuleBroken(missing, field="alasan")
    return why


def _settle(
    signature: Signature, state: SignatureState, *, name: str, by: User | None = None, reason: str = ""
) -> None:
    signature.state, signature.settled_at, signature.settled_name = state, now(), name
    signature.settled_by_id, signature.reason = by.id if by else None, reason
    db.session.flush()


def _tell_others(signature: Signature, held: Report) -> None:
    """Ask everybody who can sign, by e-mail; who has none sees it at /laporan."""
    name, path = held.cooperative.nama_koperasi, f"/laporan/{held.cooperative.slug}/{held.year}/tanda-tangan"
    for member in seconds_for(signature, held):
        mail(
            member.user,
            "report.second",
            f"Tanda tangan Anda ditunggu: laporan {held.year} {name}",
            f"{signature.declared_name} ({signature.declared_position}) sudah menandatangani laporan tahun buku {held.year} {name}.",
            f"Laporan itu baru terkirim setelah pengurus kedua menyetujuinya. Periksa dan setujui di {address(path)}.",
        )


def _tell_first(signature: Signature, held: Report, subject: str, *paragraphs: str) -> None:
    signer = db.session.get(User, signature.signed_by_id) if signature.signed_by_id else None
    if signer is not None:
        about = f"Laporan tahun buku {held.year} {held.cooperative.nama_koperasi}."
        mail(signer, "report.signature", subject, about, *paragraphs)
