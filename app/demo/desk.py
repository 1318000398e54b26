"""Fifteen requests to the fictional office, over every channel and in every state."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import delete, exists, select

from app.accounts.models import User
from app.content.queries import services
from app.cooperatives.models import Cooperative, Listing
from app.core.database import now, office_zone, today
from app.core.extensions import db
from app.core.working_days import add_working_days, is_working_day
from app.desk import handling
from app.desk.asking import Asking
from app.desk.forms import new_key
from app.desk.models import RequestEvent, RequestSeries, ServiceRequest
from app.desk.queries import events_of
from app.desk.rules import AnswerBy, Channel, Copy, Kind, Requester
from app.desk.services import rate, receive, reply, withdraw

WEB, CALL, VISIT, LETTER = Channel.WEBSITE, Channel.PHONE, Channel.VISIT, Channel.LETTER
SERVICE, INFORMATION = Kind.SERVICE, Kind.INFORMATION


@dataclass(frozen=True)
class Case:
    """One request: how many working days ago it came, what was asked, and what was done since (verb and words)."""

    ago: int
    kind: Kind
    channel: Channel
    name: str
    question: str
    steps: tuple[tuple[str, str], ...] = ()
    service: str = ""  # its slug
    cooperative: bool = False


CASES = (
    Case(0, SERVICE, WEB, "Warga Contoh Satu", "Berapa orang paling sedikit untuk mendirikan koperasi, dan surat apa saja?", service="mendirikan-koperasi"),
    Case(0, SERVICE, CALL, "Penelepon Rekaan", "Menanyakan jadwal pelatihan pembukuan untuk koperasi kecil.", (("tutup", "Jadwal dibacakan lewat telepon: Kamis pekan depan, pukul 09.00."),)),
    Case(1, SERVICE, WEB, "Pengurus Contoh", "Alamat koperasi kami pindah. Apakah anggaran dasar harus diubah?", (("ambil", ""),), service="perubahan-anggaran-dasar", cooperative=True),
    Case(1, SERVICE, VISIT, "Tamu Rekaan", "Minta surat keterangan bahwa koperasi terdaftar di Dinas.", (("ambil", ""), ("catatan", "Berkas asli sudah dilihat di loket.")), service="nik-dan-sertifikat", cooperative=True),
    Case(2, INFORMATION, WEB, "Mahasiswa Contoh", "Jumlah koperasi aktif per kecamatan dan total asetnya selama tiga tahun terakhir.", (("ambil", ""),)),
    Case(3, SERVICE, WEB, "Warga Contoh Dua", "Usaha keripik saya butuh PIRT. Mulai dari mana?", (("ambil", ""), ("pesan", "Apakah dapurnya terpisah dari dapur rumah? Balas di halaman ini."), ("balas", "Terpisah, di bangunan belakang.")), service="pirt-dan-halal"),
    Case(4, SERVICE, LETTER, "Koperasi Contoh Surat", "Permohonan pendampingan rapat anggota tahunan.", (("ambil", ""),), cooperative=True),
    Case(5, SERVICE, WEB, "Warga Contoh Tiga", "Apakah usaha warung bisa mengajukan KUR tanpa agunan?", service="kredit-usaha-rakyat"),
    Case(8, SERVICE, CALL, "Penelepon Contoh", "Nomor induk koperasi hilang, bagaimana mencarinya?", (("ambil", ""), ("pesan", "Kami sedang bertanya ke kementerian."))),
    Case(9, INFORMATION, LETTER, "Lembaga Rekaan Peduli Usaha", "Salinan daftar penerima bantuan alat usaha tahun lalu.", (("ambil", ""), ("perpanjang", "Dokumennya perlu disamarkan dulu."))),
    Case(14, SERVICE, VISIT, "Tamu Contoh", "Cara membubarkan koperasi yang sudah lama tidak berjalan.", (("ambil", ""), ("tutup", "Dijelaskan di loket. Bawa hasil rapat anggota pembubaran, lalu kami dampingi."), ("nilai", "5")), service="pembubaran-koperasi"),
    Case(16, SERVICE, WEB, "Warga Contoh Empat", "Minta dibuatkan sertifikat halal.", (("ambil", ""), ("alih", "Sertifikat halal diurus lewat BPJPH. Kami kirimkan panduannya."), ("nilai", "4"))),
    Case(18, INFORMATION, WEB, "Warga Contoh Lima", "Nomor telepon pribadi semua ketua koperasi.", (("ambil", ""), ("tolak", "Nomor pribadi tidak kami berikan. Nomor kantor koperasi ada di daftar koperasi."))),
    Case(20, INFORMATION, WEB, "Peneliti Contoh", "Laporan kinerja Dinas dua tahun terakhir.", (("ambil", ""), ("tutup", "Dokumennya kami lampirkan di halaman Informasi publik."), ("nilai", "5"))),
    Case(21, SERVICE, WEB, "Warga Contoh Enam", "Minta jadwal bertemu konsultan pemasaran.", (("cabut", ""),)),
)  # fmt: skip


def ask_some(operator: User) -> None:
    """Write the requests as if they had come in over the last weeks."""
    offered = {page.slug: page for page in services()}
    query = select(Cooperative).where(Cooperative.is_demo, Cooperative.listing == Listing.LISTED)
    cooperatives = iter(db.session.scalars(query.order_by(Cooperative.id).limit(len(CASES))).all())
    for place, case in enumerate(reversed(CASES)):
        service = offered.get(case.service)
        asking = Asking(
            kind=case.kind,
            channel=case.channel,
            question=case.question,
            name=case.name,
            answer_by=AnswerBy.LETTER if case.channel is LETTER else AnswerBy.WHATSAPP,
            phone=f"+62812000000{place:02}",
            service_slug=service.slug if service else "",
            service_name=service.title if service else "",
            received_on=_working_days_ago(case.ago),
            letter_number=f"{place:02}/CONTOH/2026" if case.channel is LETTER else "",
            organisation=case.name if case.channel is LETTER else "",
            cooperative_id=next(cooperatives).id if case.cooperative else None,
            **_of_information(case),
        )
        by = None if case.channel is WEB else operator
        request = receive(asking, form_key=new_key(), by=by, is_demo=True)
        for verb, words in case.steps:
            _do(request, verb, words, operator)
        _spread(request, events_of(request, public=False))
    db.session.flush()


def begin_numbers_anew() -> None:
    """Once no request is left, the next is the first."""
    if not db.session.scalar(select(exists().where(ServiceRequest.id > 0))):
        db.session.execute(delete(RequestSeries))


def _of_information(case: Case) -> dict[str, Any]:
    if case.kind is SERVICE:
        return {}
    body = case.channel is LETTER
    return {
        "requester": Requester.BODY if body else Requester.PERSON,
        "purpose": "Advokasi pelaku usaha" if body else "Penelitian",
        "wanted_as": Copy.DIGITAL,
    }


def _do(request: ServiceRequest, verb: str, words: str, by: User) -> None:
    if verb == "ambil":
        handling.take(request, by=by)
    elif verb == "catatan":
        handling.note(request, body=words, by=by)
    elif verb == "pesan":
        handling.message(request, body=words, by=by)
    elif verb == "balas":
        reply(request, body=words)
    elif verb == "perpanjang":
        handling.extend(request, reason=words, by=by)
    elif verb == "nilai":
        rate(request, rating=int(words), remark="")
    elif verb == "cabut":
        withdraw(request)
    else:
        handling.close(
            request,
            outcome={"tutup": "done", "alih": "referred", "tolak": "refused"}[verb],
            body=words,
            by=by,
            reason="Memuat data pribadi." if verb == "tolak" else "",
            ground="17h" if verb == "tolak" else "",
            referred_to="BPJPH" if verb == "alih" else "",
        )


def _working_days_ago(count: int) -> date:
    day = today()
    while count or not is_working_day(day):
        day -= timedelta(days=1)
        count -= is_working_day(day) and count > 0
    return day


def _spread(request: ServiceRequest, events: Sequence[RequestEvent]) -> None:
    """Give each step a moment of its own: one each working day, none after this one."""
    day, moments = request.received_on, []
    for place in range(len(events)):
        wished = datetime.combine(day, time(8, 40), office_zone()).astimezone(UTC) + place * timedelta(
            minutes=47
        )
        moments.append(min(wished, now() - (len(events) - place) * timedelta(minutes=6)))
        day = min(add_working_days(day, 1), today())
    request.created_at = moments[0]
    for event, moment in zip(reversed(events), moments, strict=True):
        event.at = moment
    if request.taken_at:
        request.taken_at = next(one.at for one in events if one.step in ("taken", "closed"))
    if request.closed_at:
        request.closed_at = next(event.at for event in events if event.step == "closed")
