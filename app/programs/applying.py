"""The verbs of an application. Each holds the programme first, so that seats are given one after the other; they flush.

Every newcomer who fits goes to the end of the waitlist, and then free seats are given from its front: nobody overtakes. A
freed seat is given the same way.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import exists, func, select

from app.accounts.models import User
from app.audit.services import record
from app.cooperatives.timeline import hold
from app.core.database import now
from app.core.errors import RuleBroken
from app.core.extensions import db
from app.core.parsing import fold_lines, fold_space
from app.core.text import N_
from app.programs.applicants import Applicant, known
from app.programs.application_history import on_timeline
from app.programs.application_messages import tell_applicant
from app.programs.application_models import ProgramApplication, ProgramIntake
from app.programs.application_rules import DECISIONS, OPEN, Mode, Progress, free_seat
from app.programs.models import Program
from app.programs.rules import Standing

KIND = "program_application"
LONGEST_ANSWER = 2000
LONGEST_QUESTION = 500
LONGEST_REASON = 1000
ACTIONS = {
    Progress.WAITING: "application.sent",
    Progress.WAITLISTED: "application.waitlisted",
    Progress.ACCEPTED: "application.accepted",
    Progress.REFUSED: "application.refused",
    Progress.WITHDRAWN: "application.withdrawn",
}


def intake_of(program_id: int) -> ProgramIntake:
    """How a programme takes applications; the usual way where nothing was set."""
    found = db.session.get(ProgramIntake, program_id)
    return found or ProgramIntake(program_id=program_id, mode=Mode.FIRST, question="")


def set_intake(program: Program, *, mode: str, question: str) -> None:
    """Change how ``program`` takes applications. Raises RuleBroken for a mode that there is not."""
    if mode not in set(Mode):
        raise RuleBroken(N_("Pilih cara mengisi kursi."), field="cara")
    hold(program)
    row = db.session.get(ProgramIntake, program.id) or ProgramIntake(program_id=program.id)
    before = {"mode": str(row.mode or Mode.FIRST), "question": row.question or ""}
    row.mode, row.question = Mode(mode), fold_lines(question)[:LONGEST_QUESTION]
    db.session.add(row)
    db.session.flush()
    after = {"mode": str(row.mode), "question": row.question}
    if before != after:
        record(
            "program.intake",
            kind="program",
            subject_id=program.id,
            name=program.title,
            before=before,
            after=after,
        )


def may_apply(program: Program, applicant: Applicant | None = None) -> None:
    """Raise RuleBroken when ``program`` takes no application now, or none of an applicant of this kind."""
    if not program.takes_applications or not program.is_public:
        raise RuleBroken(N_("Program ini tidak menerima pendaftaran lewat situs."))
    if not program.can_be_joined:
        raise RuleBroken(N_("Pendaftaran program ini sudah ditutup."))
    if applicant is not None and applicant.subject.value not in program.audience:
        raise RuleBroken(N_("Program ini bukan untuk %(name)s."), name=applicant.name)


def apply(
    program: Program,
    applicant: Applicant,
    *,
    by: User,
    contact_name: str,
    contact_phone: str,
    answer: str,
    agreed: bool,
) -> ProgramApplication:
    """Let ``applicant`` apply, with what the data know of it. Raises RuleBroken when it may not, or has applied already."""
    hold(program)
    may_apply(program, applicant)
    if standing_application(program, applicant) is not None:
        raise RuleBroken(N_("%(name)s sudah terdaftar di program ini."), name=applicant.name)
    intake = intake_of(program.id)
    values = _contact(contact_name, contact_phone, answer, agreed=agreed, asks=bool(intake.question))
    queues = intake.mode is Mode.FIRST and applicant.matches(program) is True
    moment = now()
    application = ProgramApplication(
        program_id=program.id,
        cooperative_id=applicant.id if applicant.subject.value == "cooperative" else None,
        enterprise_id=applicant.id if applicant.subject.value == "enterprise" else None,
        user_id=by.id,
        state=Progress.WAITLISTED if queues else Progress.WAITING,
        queued_at=moment if queues else None,
        created_at=moment,
        agreed_at=moment,
        name=applicant.name,
        facts={"known": [[label, _stored(value)] for label, value in known(applicant)]},
        **values,
    )
    db.session.add(application)
    db.session.flush()
    seated = give_seats(program, but_quietly=application) if queues else []
    if application not in seated:
        _told(application, quietly=True)
    return application


def _stored(value: Any) -> Any:
    return value.to_json() if hasattr(value, "to_json") else value


def _contact(name: str, phone: str, answer: str, *, agreed: bool, asks: bool) -> Mapping[str, str]:
    told = {
        "contact_name": fold_space(name)[:200],
        "contact_phone": fold_space(phone)[:40],
        "answer": fold_lines(answer)[:LONGEST_ANSWER],
    }
    if not told["contact_name"]:
        raise RuleBroken(N_("Isi nama yang bisa kami hubungi."), field="kontak")
    if sum(character.isdigit() for character in told["contact_phone"]) < 6:
        raise RuleBroken(N_("Isi nomor telepon yang bisa kami hubungi."), field="telepon")
    if asks and not told["answer"]:
        raise RuleBroken(N_("Jawab pertanyaan dari penyelenggara."), field="jawaban")
    if not agreed:
        raise RuleBroken(N_("Centang persetujuan supaya pendaftaran bisa kami proses."), field="setuju")
    return told


def standing_application(program: Program, applicant: Applicant) -> ProgramApplication | None:
    """The application of ``applicant`` that was not withdrawn."""
    column = (
        ProgramApplication.cooperative_id
        if applicant.subject.value == "cooperative"
        else ProgramApplication.enterprise_id
    )
    return db.session.scalars(
        select(ProgramApplication).where(
            ProgramApplication.program_id == program.id,
            column == applicant.id,
            ProgramApplication.state != Progress.WITHDRAWN,
        )
    ).one_or_none()


def give_seats(
    program: Program, *, but_quietly: ProgramApplication | None = None
) -> list[ProgramApplication]:
    """Give free seats from the front of the waitlist; who got one. The programme must be held."""
    if program.standing in (Standing.OVER, Standing.WITHDRAWN):
        return []
    taken = _taken(program.id)
    seated: list[ProgramApplication] = []
    while (seat := free_seat(taken, program.quota)) is not None and (first := _front(program.id)) is not None:
        _seat(first, seat, program.quota)
        _told(first, quietly=first is but_quietly)
        taken.add(seat)
        seated.append(first)
    return seated


def _taken(program_id: int) -> set[int]:
    seats = db.session.scalars(
        select(ProgramApplication.seat).where(
            ProgramApplication.program_id == program_id, ProgramApplication.seat.is_not(None)
        )
    )
    return {seat for seat in seats if seat is not None}


def _front(program_id: int) -> ProgramApplication | None:
    return db.session.scalars(
        select(ProgramApplication)
        .where(ProgramApplication.program_id == program_id, ProgramApplication.state == Progress.WAITLISTED)
        .order_by(ProgramApplication.queued_at, ProgramApplication.id)
        .limit(1)
    ).one_or_none()


def _seat(application: ProgramApplication, seat: int, quota: int | None) -> None:
    application.state, application.seat, application.seats = Progress.ACCEPTED, seat, quota
    application.queued_at = None
    application.version += 1
    db.session.flush()


def fill_free_seats(program: Program) -> int:
    """Give the seats that a larger quota has made, from the waitlist; how many."""
    hold(program)
    return len(give_seats(program))


def anybody_to_seat(program: Program) -> bool:
    """Whether somebody waits while a seat is free."""
    waits = exists().where(
        ProgramApplication.program_id == program.id, ProgramApplication.state == Progress.WAITLISTED
    )
    taken = select(func.count(ProgramApplication.seat)).where(ProgramApplication.program_id == program.id)
    row = db.session.execute(select(waits, taken.scalar_subquery())).one()
    return bool(row[0]) and (program.quota is None or row[1] < program.quota)


def decide(application: ProgramApplication, to: str, *, by: User, reason: str = "") -> None:
    """Accept, refuse or put on the waitlist. Raises RuleBroken: no seat, no reason, or somebody else was quicker."""
    program = _held(application)
    if to not in DECISIONS or application.state not in DECISIONS[Progress(to)]:
        raise RuleBroken(N_("Pendaftaran ini sudah berubah. Muat ulang halamannya, lalu putuskan lagi."))
    why = fold_lines(reason)[:LONGEST_REASON]
    if to == Progress.REFUSED and not why:
        raise RuleBroken(N_("Tulis alasan menolak. Pendaftar akan membacanya."), field="alasan")
    application.decided_at, application.decided_by, application.reason = now(), by.name, why
    if to == Progress.ACCEPTED:
        _accept(application, program)
    else:
        _leave_seat(application, Progress(to))
        application.queued_at = now() if to == Progress.WAITLISTED else None
        db.session.flush()
        _told(application)
        if to == Progress.REFUSED:
            give_seats(program)


def _accept(application: ProgramApplication, program: Program) -> None:
    seat = free_seat(_taken(program.id), program.quota)
    if seat is None:
        raise RuleBroken(
            N_("Kuota %(quota)s sudah penuh. Masukkan ke daftar tunggu, atau tambah kuotanya."),
            quota=program.quota,
        )
    _seat(application, seat, program.quota)
    _told(application)


def withdraw(application: ProgramApplication) -> None:
    """The applicant does not want to take part; the seat goes to the first on the waitlist. Raises RuleBroken when it is over."""
    program = _held(application)
    if application.state not in OPEN:
        raise RuleBroken(N_("Pendaftaran ini tidak bisa ditarik lagi."))
    if program.standing is Standing.OVER:
        raise RuleBroken(N_("Program ini sudah selesai."))
    give_up(application)


def give_up(application: ProgramApplication) -> None:
    """Withdraw without asking whether that is still possible; the seat is given on."""
    program = _held(application)
    _leave_seat(application, Progress.WITHDRAWN)
    application.queued_at = None
    db.session.flush()
    _told(application, quietly=True)
    give_seats(program)


def _leave_seat(application: ProgramApplication, to: Progress) -> None:
    application.state, application.seat, application.seats = to, None, None
    application.version += 1


def note_attendance(program: Program, marks: Mapping[int, tuple[bool | None, str]], *, by: User) -> int:
    """Who came, and with what result, by application id; how many changed. Only of those who were accepted."""
    hold(program)
    rows = db.session.scalars(
        select(ProgramApplication).where(
            ProgramApplication.program_id == program.id,
            ProgramApplication.state == Progress.ACCEPTED,
            ProgramApplication.id.in_(marks),
        )
    ).all()
    changed = 0
    for row in rows:
        attended, result = marks[row.id]
        if (row.attended, row.result) != (attended, result):
            row.attended, row.result = attended, result
            changed += 1
    db.session.flush()
    if changed:
        came = sum(bool(row.attended) for row in rows)
        record(
            "program.attendance", kind="program", subject_id=program.id, name=program.title,
            after={"changed": changed, "attended": came}, actor=(by.id, by.name),
        )  # fmt: skip
    return changed


def _held(application: ProgramApplication) -> Program:
    """The programme, held; the application as it stands now."""
    program = hold(application.program)
    db.session.refresh(application)
    return program


def _told(application: ProgramApplication, *, quietly: bool = False) -> None:
    """On the trail and the timeline; and to the applicant, unless they are just looking at it."""
    program = application.program
    record(
        ACTIONS[application.state],
        kind=KIND,
        subject_id=application.id,
        name=f"{application.name}, {program.title}",
        after={"state": application.state, "reason": application.reason},
    )
    on_timeline(application)
    if not quietly:
        tell_applicant(application)
