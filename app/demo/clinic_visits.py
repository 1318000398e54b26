"""A quarter of a year of the fictional clinic's visits, a day that is going on, and half of the days to come.

What is past cannot be booked by the clinic's verbs, so all bookings are written as rows; tests/demo holds them against its rules.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import select

from app.accounts.models import User
from app.clinic.access import digest, new_form_key, new_reference, token_from
from app.clinic.booking import search_text
from app.clinic.calendar_models import ClinicConsultant
from app.clinic.happening import when_of
from app.clinic.models import ClinicBooking, ClinicEvent, ClinicFollowUp, ClinicRating
from app.clinic.rules import FollowUpOwner, Origin, State, Step, Topic
from app.clinic.slots import Slot
from app.clinic.timetable import day_of, days_between, read_timetable
from app.cooperatives.models import Cooperative, Listing
from app.core.database import now, today
from app.core.extensions import db
from app.core.working_days import add_working_days
from app.demo import names
from app.demo.chance import choose, happens
from app.demo.rows import write
from app.enterprises.models import Enterprise
from app.enterprises.rules import State as Shown

PAST, AHEAD = timedelta(days=90), timedelta(days=12)
WORKING_DAYS = 8
"""Ahead of today there are at least so many, whatever holidays come: the clinic's own sessions are on some of them."""
PHONES = 7000  # serial numbers of telephones from here on: nobody else of the demonstration has them
LEGAL, GOVERNANCE, FINANCE, MARKETING, DIGITAL, PRODUCTION, EXPORT = Topic

QUESTIONS: Mapping[str, Sequence[tuple[str, str]]] = {
    LEGAL: (
        ("Apa bedanya NIB perorangan dan NIB koperasi?", "Daftarkan NIB atas nama koperasi di OSS; bawa akta dan NPWP. Kami dampingi Kamis depan."),
        ("Bagaimana mengurus sertifikat halal untuk keripik?", "Mulai dari jalur pernyataan pelaku usaha. Siapkan daftar bahan dan foto dapur."),
    ),
    GOVERNANCE: (
        ("RAT kami belum terlaksana dua tahun. Mulai dari mana?", "Gabungkan dua tahun buku dalam satu RAT. Contoh undangan dan berita acara sudah dikirim."),
        ("Pengurus ingin diganti sebelum masa jabatannya selesai.", "Lewat rapat anggota luar biasa. Periksa syarat kuorum di anggaran dasar."),
    ),
    FINANCE: (
        ("Cara membagi SHU kalau ada pinjaman macet?", "Bentuk cadangan dulu, baru dibagi. Lihat contoh hitungannya di lembar yang kami berikan."),
        ("Usaha saya ingin mengajukan KUR 50 juta.", "Rapikan catatan enam bulan terakhir. Minta surat keterangan usaha di kelurahan."),
        ("Bagaimana mencatat simpanan wajib yang menunggak?", "Catat sebagai piutang anggota, bukan pendapatan. Cocokkan dengan buku anggota tiap bulan."),
    ),
    MARKETING: (
        ("Kemasan sambal saya bocor saat dikirim.", "Ganti tutup segel dan beri kantong kedua. Coba kirim tiga paket dulu."),
        ("Bagaimana menentukan harga untuk toko oleh-oleh?", "Hitung harga pokok, lalu sisakan 30 persen untuk toko. Tabelnya sudah dikirim."),
    ),
    DIGITAL: (
        ("Toko daring sepi sejak tiga bulan.", "Perbaiki foto dan judul lima produk terlaris. Balas ulasan dalam sehari."),
        ("Apakah perlu situs sendiri?", "Belum. Isi dulu profil usaha di peta dan lokapasar; situs menyusul."),
    ),
    PRODUCTION: (
        ("Keripik cepat melempem.", "Kurangi kadar air dan pakai kemasan berlapis. Uji simpan dua minggu."),
        ("Alat pengering mana yang cocok untuk 20 kg sehari?", "Pengering rak listrik 3 kW sudah cukup. Bandingkan dua penawaran."),
    ),
    EXPORT: (("Pembeli di Malaysia meminta contoh. Dokumen apa yang perlu?", "Faktur, daftar kemasan, dan surat asal barang."),),
}  # fmt: skip
"""For each topic what is asked, and what is advised."""


def known_parties() -> list[Cooperative | Enterprise]:
    """Cooperatives and UKM of the demonstration by turns: those who come."""
    cooperatives = select(Cooperative).where(Cooperative.is_demo, Cooperative.listing == Listing.LISTED)
    enterprises = select(Enterprise).where(Enterprise.is_demo, Enterprise.state == Shown.LISTED)
    found: list[Cooperative | Enterprise] = []
    for pair in zip(
        db.session.scalars(cooperatives.order_by(Cooperative.id).limit(30)),
        db.session.scalars(enterprises.order_by(Enterprise.id).limit(30)),
        strict=False,
    ):
        found += pair
    return found


@dataclass
class Visits:
    """Writes them. ``kecamatan`` are the codes of the office's region; ``operator`` takes the calls; ``first`` follows up."""

    kecamatan: Sequence[str]
    operator: User
    first: User
    chance: random.Random
    parties: Sequence[Cooperative | Enterprise] = ()
    serial: int = 0

    def write(self) -> None:
        """Most of the past hours were used, today goes on, and about half of what comes is taken."""
        first, moment = today() - PAST, now()
        last = max(today() + AHEAD, add_working_days(today(), WORKING_DAYS))
        table = read_timetable(first, last)
        for day in days_between(first, last):
            for id_ in table.people:
                for slot in table.slots(id_, day):
                    for seat in self._seats(slot, moment):
                        self._book(slot, seat, moment)

    def _seats(self, slot: Slot, moment: datetime) -> Iterator[int]:
        if slot.capacity > 1:
            yield from range(7)
        elif slot.topics == (Topic.EXPORT,) or happens(self.chance, self._share(slot, moment)):
            yield 0

    @staticmethod
    def _share(slot: Slot, moment: datetime) -> float:
        """How likely a seat is taken; whoever looks at the demonstration finds somebody at the desk."""
        if day_of(slot.starts_at) == day_of(moment) and slot.starts_at < moment + timedelta(hours=1):
            return 1
        return 0.72 if slot.starts_at < moment else 0.5

    def _book(self, slot: Slot, seat: int, moment: datetime) -> None:
        topic = choose(self.chance, slot.topics)
        question, advice = choose(self.chance, QUESTIONS[topic])
        party = choose(self.chance, self.parties) if self.parties and happens(self.chance, 0.7) else None
        made = slot.starts_at - timedelta(days=self.chance.randint(1, 6), minutes=self.chance.randint(5, 300))
        form_key = new_form_key()
        self.serial += 1
        booking = ClinicBooking(
            reference=new_reference(),
            form_key=form_key,
            token_digest=digest(token_from(form_key)),
            region=current_app.config["REGION"],
            is_demo=True,
            created_at=min(made, moment),
            consultant_id=slot.consultant_id,
            starts_at=slot.starts_at,
            ends_at=slot.ends_at,
            seat=seat,
            state=State.BOOKED,
            topic=topic,
            channel=choose(self.chance, slot.channels),
            place=slot.place,
            title=slot.title,
            name=names.person_name(self.chance),
            phone=names.phone(PHONES + self.serial % 900),
            question=question,
            kode_kecamatan=choose(self.chance, self.kecamatan),
            cooperative_id=party.id if isinstance(party, Cooperative) else None,
            enterprise_id=party.id if isinstance(party, Enterprise) else None,
        )
        if party is not None and party.kode_kecamatan:
            booking.kode_kecamatan = party.kode_kecamatan
        by_phone = happens(self.chance, 0.3)
        booking.origin = Origin.PHONE if by_phone else Origin.WEB
        booking.made_by_id = self.operator.id if by_phone else None
        steps = [(booking.created_at, Step.BOOKED, self.operator if by_phone else None)]
        steps += self._fate(booking, advice, moment)
        db.session.add(booking)
        db.session.flush()
        booking.search_text = search_text(booking)
        self._note(booking, steps)
        if booking.state is State.DONE:
            self._aftermath(booking)

    def _fate(
        self, booking: ClinicBooking, advice: str, moment: datetime
    ) -> list[tuple[datetime, Step, User | None]]:
        """What became of it by now, with the steps that say so."""
        if booking.starts_at > moment + timedelta(minutes=20):
            if booking.starts_at < moment + timedelta(days=2) and happens(self.chance, 0.6):
                booking.confirmed_at = moment - timedelta(hours=1)
                return [(booking.confirmed_at, Step.CONFIRMED, None)]
            return []
        fate = self.chance.random()
        came = booking.starts_at - timedelta(minutes=self.chance.randint(0, 15))
        if booking.ends_at < moment and fate < 0.1:
            booking.state = State.MISSED
            return [(booking.ends_at, Step.MISSED, self.operator)]
        if booking.ends_at < moment and fate < 0.18:
            booking.state, booking.cancelled_at = State.CANCELLED, booking.starts_at - timedelta(days=1)
            booking.cancel_reason = "Pemesan berhalangan."
            return [(booking.cancelled_at, Step.CANCELLED, None)]
        booking.state, booking.arrived_at = State.ARRIVED, min(came, moment)
        steps: list[tuple[datetime, Step, User | None]] = [(booking.arrived_at, Step.ARRIVED, self.operator)]
        if booking.starts_at + timedelta(minutes=5) < moment:
            booking.state = State.RUNNING
            booking.called_at = booking.started_at = max(booking.arrived_at, booking.starts_at)
            steps.append((booking.started_at, Step.STARTED, None))
        if booking.ends_at < moment:
            booking.state = State.DONE
            booking.finished_at = booking.ends_at - timedelta(minutes=self.chance.randint(0, 12))
            booking.advice = advice
            booking.notes = "Datang berdua, sudah membawa catatan." if happens(self.chance, 0.2) else ""
            steps.append((booking.finished_at, Step.FINISHED, None))
        return steps

    def _note(self, booking: ClinicBooking, steps: list[tuple[datetime, Step, User | None]]) -> None:
        detail = {"origin": booking.origin, "topic": booking.topic, "channel": booking.channel}
        consultant = db.session.get_one(ClinicConsultant, booking.consultant_id)
        rows = []
        for at, step, by in steps:
            who = consultant.user if step in (Step.STARTED, Step.FINISHED) else by
            rows.append(
                {
                    "booking_id": booking.id,
                    "at": at,
                    "step": step,
                    "detail": detail | {"when": when_of(booking)} if step is Step.BOOKED else {},
                    "by_user_id": who.id if who else None,
                    "by_name": who.name if who else "",
                }
            )
        write(ClinicEvent, rows)

    def _aftermath(self, booking: ClinicBooking) -> None:
        """A third are followed up, and two of three are rated."""
        finished = booking.finished_at or booking.ends_at
        if happens(self.chance, 0.35):
            office = happens(self.chance, 0.5)
            due = day_of(finished) + timedelta(days=self.chance.randint(5, 21))
            done = finished + timedelta(days=self.chance.randint(2, 14))
            db.session.add(
                ClinicFollowUp(
                    booking_id=booking.id,
                    text="Mengirim contoh berkas." if office else "Mencoba saran, lalu mengabari hasilnya.",
                    due_on=due,
                    owner=FollowUpOwner.OFFICE if office else FollowUpOwner.VISITOR,
                    user_id=self.first.id if office else None,
                    created_at=finished,
                    done_at=done if done < now() and happens(self.chance, 0.7) else None,
                )
            )
        if happens(self.chance, 0.65):
            booking.is_rated = True
            useful = self.chance.choices((5, 4, 3, 2), weights=(50, 34, 12, 4))[0]
            db.session.add(
                ClinicRating(
                    month=day_of(booking.starts_at).replace(day=1),
                    topic=booking.topic,
                    kode_kecamatan=booking.kode_kecamatan,
                    useful=useful,
                    clear=min(5, max(1, useful + self.chance.choice((-1, 0, 0, 1)))),
                    is_demo=True,
                )
            )
