"""What lies on the desks of the fictional office this morning: claims, letters under way, reports taken, mail, proposals."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from app.accounts import services as accounts
from app.cooperatives import messages
from app.cooperatives import services as cooperatives
from app.cooperatives.models import (
    ActivationCode,
    Cooperative,
    Membership,
    MembershipState,
    TimelineEvent,
)
from app.cooperatives.rules import Position
from app.core.extensions import db
from app.core.text import N_
from app.demo import names
from app.demo.calls import call_some
from app.demo.chance import dice
from app.demo.city import Resident, write_standings
from app.demo.helped import help_some
from app.demo.joinings import Joining
from app.demo.people import Hashes, Staff, Standing, ended, letter_on_its_way, refused
from app.demo.records import Life
from app.demo.rows import Actor, Row, write
from app.notifications.models import MessageState, OutboxMessage
from app.notifications.services import settle
from app.questionnaire.models import Report, ReportEvent
from app.questionnaire.rules import EventKind, Status
from app.regions.rules import Region
from app.review import services as review
from app.review.models import CleanBatch, CleanBatchItem, Fate
from app.review.rules import draw

RETURNED = (
    N_("Laporan tahun buku %(year)s dikembalikan untuk diperbaiki"),
    N_(
        "Laporan %(cooperative)s tahun buku %(year)s dikembalikan. Alasannya:\n\n%(reason)s\n\n"
        "Pertanyaan yang perlu diperbaiki: %(count)s. Buka laporan, perbaiki, lalu kirim lagi."
    ),
)
APPROVED = (
    N_("Laporan tahun buku %(year)s disetujui"),
    N_("Laporan %(cooperative)s tahun buku %(year)s sudah diperiksa dan disetujui. Terima kasih."),
)
REFUSALS, ENDINGS, LETTERS, MAILS = 6, 5, 8, 3


@dataclass(frozen=True)
class Morning:
    """Arranges it. ``ids`` are those of ``residents`` in the register; ``actors`` are everybody's accounts by e-mail."""

    staff: Staff
    residents: Sequence[Resident]
    ids: Sequence[int]
    actors: Mapping[str, Actor]
    hashes: Hashes
    region: Region
    now: datetime

    def arrange(self) -> None:
        """Write all of it."""
        self._decided_long_ago()
        self._letters_under_way()
        self._taken()
        self._approved_together()
        self._mail()
        self._proposals()
        help_some(self.staff.operator, self._unclaimed())
        call_some(self.staff.operator)

    def _clock(self, days: int, hour: int) -> datetime:
        """``hour`` o'clock (UTC; 2 to 8 are office hours in Jakarta), ``days`` days ago."""
        return datetime.combine((self.now - timedelta(days=days)).date(), time(hour, 7 * hour), UTC)

    @property
    def _operator(self) -> Actor:
        return Actor(self.staff.operator.id, self.staff.operator.name)

    def _old_hands(self) -> Iterator[tuple[Actor, Joining]]:
        """People who have acted for half a year at least, one for each cooperative; not the sign-in."""
        for resident in self.residents:
            first = next(iter(resident.joinings), None)
            if (
                first
                and first.decided
                and first.decided < self.now - timedelta(days=180)
                and first.person.phone
            ):
                yield self.actors[first.person.email], first

    def _unclaimed(self) -> list[int]:
        """Ids of old cooperatives for which nobody acts or asks."""
        return [
            id_
            for id_, one in zip(self.ids, self.residents, strict=True)
            if not one.joinings and one.cooperative.life in (Life.DORMANT, Life.GAPS, Life.ACTIVE)
        ]

    def _decided_long_ago(self) -> None:
        """Claims that were refused, and rights that have ended, at other cooperatives than their people's own."""
        hands = list(self._old_hands())
        there = self._unclaimed()
        standings: list[tuple[int, Standing]] = []
        for place, (cooperative_id, (actor, joining)) in enumerate(
            zip(there[::7], hands[::11], strict=False)
        ):
            position = joining.person.position.value
            if place < REFUSALS:
                asked = self._clock(9 + 16 * place, 6)
                one = refused(cooperative_id, actor, position, self._operator, asked)
            elif place < REFUSALS + ENDINGS:
                asked, until = (
                    self.now - timedelta(days=150 + place),
                    self.now - timedelta(days=11 * place - 40),
                )
                one = ended(cooperative_id, actor, position, self._operator, asked, until)
            else:
                break
            standings.append((cooperative_id, one))
        write_standings([one for _, one in standings])
        notes = [{**note, "cooperative_id": id_} for id_, one in standings for note in one.notes]
        write(TimelineEvent, notes)

    def _letters_under_way(self) -> None:
        """Activation codes on paper, posted to cooperatives that nobody has claimed; one ran out, two were taken back."""
        papers, notes = list[Row](), list[Row]()
        for place, cooperative_id in enumerate(self._unclaimed()[3::9][:LETTERS]):
            paper, note = letter_on_its_way(cooperative_id, self._clock(3 + 19 * place, 2), self._operator)
            if place >= LETTERS - 2:
                paper |= {
                    "revoked_at": paper["created_at"] + timedelta(days=20),
                    "revoked_by_id": self._operator.id,
                }
            papers.append(paper)
            notes.append({**note, "cooperative_id": cooperative_id})
        write(ActivationCode, papers)
        write(TimelineEvent, notes)

    def _taken(self) -> None:
        """Some of the waiting reports lie on somebody's desk: two of the oldest with the operator, three with a colleague."""
        waiting = (
            select(Report).where(Report.status == Status.SUBMITTED).order_by(Report.submitted_at, Report.id)
        )
        reports = db.session.scalars(waiting.options(joinedload(Report.cooperative)).limit(9)).all()
        colleague = db.session.get_one(type(self.staff.operator), self.staff.reviewers[1].actor.id)
        for place, report in enumerate(reports):
            if place % 2 == 0:
                taken = review.take(report, by=self.staff.operator if place % 4 == 0 else colleague)
                since = report.submitted_at or self.now
                taken.taken_at = max(since, self._clock(1 + place // 3, 2 + place // 2))
        db.session.flush()

    def _approved_together(self) -> None:
        """Nine reports that were approved in one go a while ago, and the one that was drawn for a full look."""
        approved = select(Report).where(Report.status == Status.APPROVED, Report.approved_at.is_not(None))
        latest = approved.order_by(Report.year.desc(), Report.approved_at.desc(), Report.id).limit(10)
        reports = db.session.scalars(latest).all()
        seed, operator = "5172c0ffee51a4e0", self.staff.operator
        sample = draw([report.id for report in reports], seed=seed, share=10)
        drawn = self._clock(2, 3)
        batch = CleanBatch(
            seed=seed,
            share=10,
            is_open=False,
            drawn_at=drawn,
            drawn_by_id=operator.id,
            drawn_by_name=operator.name,
            closed_at=drawn + timedelta(minutes=6),
        )
        db.session.add(batch)
        db.session.flush()
        shared = {"batch_id": batch.id, "decided_at": batch.closed_at, "decided_by": operator.name}
        write(
            CleanBatchItem,
            [
                {
                    **shared,
                    "report_id": report.id,
                    "version": report.version,
                    "fate": Fate.SAMPLED if report.id in sample else Fate.APPROVED,
                }
                for report in reports
            ],
        )

    def _mail(self) -> None:
        """What went out lately: returns wait in the outbox, the older mail was handed over at the counter."""
        for event in self._last(EventKind.APPROVED):
            with self._sent(event.at, handed=True):
                review.tell_members(event.report, subject=APPROVED[0], body=APPROVED[1])
        for place, event in enumerate(self._last(EventKind.RETURNED)):
            with self._sent(event.at, handed=place == MAILS - 1):
                review.tell_members(
                    event.report,
                    subject=RETURNED[0],
                    body=RETURNED[1],
                    reason=event.reason,
                    count=len(event.codes),
                )
        for state, tell in (
            (MembershipState.REFUSED, messages.tell_refused),
            (MembershipState.PENDING, messages.tell_received),
        ):
            for membership in self._latest_claims(state):
                with self._sent(membership.decided_at or membership.requested_at, handed=False):
                    tell(membership)

    def _last(self, kind: EventKind) -> Sequence[ReportEvent]:
        """The latest events of ``kind`` whose cooperatives have somebody to write to."""
        acting = select(Membership.cooperative_id).where(Membership.state == MembershipState.ACTIVE)
        query = (
            select(ReportEvent)
            .join(ReportEvent.report)
            .where(ReportEvent.kind == kind, Report.status == ReportEvent.status)
            .where(Report.cooperative_id.in_(acting))
            .order_by(ReportEvent.at.desc(), ReportEvent.id.desc())
            .limit(MAILS)
        )
        return db.session.scalars(query).all()

    def _latest_claims(self, state: MembershipState) -> Sequence[Membership]:
        query = select(Membership).where(Membership.state == state)
        return db.session.scalars(query.order_by(Membership.requested_at.desc()).limit(MAILS - 1)).all()

    @contextmanager
    def _sent(self, at: datetime, *, handed: bool) -> Iterator[None]:
        """The messages queued inside are as old as ``at``; ``handed``: and were passed on the day after."""
        newest = db.session.scalar(select(func.max(OutboxMessage.id))) or 0
        yield
        for message in db.session.scalars(select(OutboxMessage).where(OutboxMessage.id > newest)):
            message.created_at = message.next_try_at = at
            if handed:
                settle(message, MessageState.HANDED)
                message.settled_at = min(self.now, at + timedelta(days=1))
        db.session.flush()

    def _proposals(self) -> None:
        """Two cooperatives propose themselves: one that is new, and one that the register has under another spelling."""
        known = db.session.scalars(
            select(Cooperative)
            .where(
                Cooperative.id.in_(self._unclaimed()),
                Cooperative.nama_koperasi.startswith("Koperasi Serba Usaha"),
            )
            .order_by(Cooperative.id)
            .limit(1)
        ).one_or_none()
        if known:
            self._propose(
                known.nama_koperasi.replace("Koperasi Serba Usaha", "KSU"),
                known.nomor_badan_hukum,
                known.kode_kelurahan,
                known.jenis_koperasi,
            )
        village = sorted(self.region.kelurahan)[len(self.region.kelurahan) // 2]
        number = f"AHU-{names.FICTIONAL}99001.AH.01.29.TAHUN {self.now.year}"
        self._propose("Koperasi Konsumen Lentera Pagi Contoh", number, village, "Konsumen")

    def _propose(self, name: str, number: str | None, village: str | None, jenis: str | None) -> None:
        chance = dice("proposal", name)
        user = accounts.create_user(
            name=names.person_name(chance),
            email=names.email(f"usul {name.split()[1]}", 1),
            password_hash=self.hashes.nobody_knows,
            is_demo=True,
        )
        values = {
            "nama_koperasi": name,
            "nomor_badan_hukum": number,
            "kode_kelurahan": village,
            "alamat": names.street(chance),
            "nama_ketua": names.person_name(chance),
            "jenis_koperasi": jenis,
        }
        membership = cooperatives.propose(
            user,
            values,
            position=Position.SECRETARY.value,
            note="Kami belum menemukan koperasi kami di daftar.",
        )
        membership.cooperative.is_demo = True
        db.session.flush()
