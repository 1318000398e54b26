"""How the site stands, at one glance: each thing in order, worth a look, or broken, with what to do about it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app, url_for

from app.core.database import now, today
from app.core.errors import RuleBroken
from app.core.formatting import moment, number
from app.core.text import N_, Text
from app.notifications import queries as mail
from app.notifications.delivery import is_configured
from app.notifications.models import MessageState
from app.operations import health, lease, queries
from app.operations.backup import words
from app.operations.backup.folder import Backup, backup_folder, backups, same_disk
from app.operations.backup.rules import DRILL_OLD, OLD, SLACK, TOO_OLD
from app.operations.backup.working import DRILL_JOB, JOB
from app.operations.models import BackupDrill, Outcome, TroubleKind
from app.operations.rules import LEAST_FREE, LOOK_BACK, Light, readable_size, worst
from app.operations.scheduler import jobs_of

ROOMY = 2 << 30
"""Bytes: below this the disk is worth a look."""
LATE = timedelta(hours=2)
"""After which mail that still waits says that something is wrong."""


@dataclass(frozen=True)
class Sign:
    """One thing that an admin looks at. ``todo`` is empty where nothing is to be done; ``url`` leads to where it is done."""

    light: Light
    title: str
    text: Text
    todo: Text | None = None
    url: str = ""


def signs(found: list[Backup] | None, refusal: Text | None) -> list[Sign]:
    """Everything that is looked at. ``found`` are the backups, None where their folder cannot be used (``refusal``)."""
    return [
        *_time(),
        _database(),
        _disk(),
        _backup(found, refusal),
        _drill(found),
        _mail(),
        _clock(),
        _errors(),
        _slow(),
    ]


def the_worst(shown: list[Sign]) -> Light:
    """How the whole stands."""
    return worst(sign.light for sign in shown)


def known_backups() -> tuple[list[Backup] | None, Text | None]:
    """The backups, newest first; or None and why their folder cannot be used."""
    try:
        return backups(backup_folder()), None
    except RuleBroken as refusal:
        return None, refusal.text


def _time() -> list[Sign]:
    """Only where the clock must be wrong, or was: due days, codes and backups then count from a day that is none."""
    newest = queries.newest_change()
    if newest is None or newest <= now() + SLACK:
        return []
    about = {"newest": moment(newest), "now": moment(now())}
    text = Text(N_("catatan terbaru bertanggal %(newest)s, padahal jam ini menunjukkan %(now)s"), about)
    todo = N_("Betulkan tanggal dan jam komputer. Kalau jam ini benar, dulu ia terlalu cepat: abaikan sampai tanggal itu lewat.")  # fmt: skip
    return [Sign(Light.WARN, N_("Jam komputer"), text, Text(todo))]


def _database() -> Sign:
    title = N_("Basis data")
    kind, size = health.database_kind(), readable_size(health.database_size())
    current, expected = health.current_revisions(), health.expected_revisions()
    about = {"kind": kind, "size": size, "current": ", ".join(sorted(current)) or "–", "expected": ", ".join(sorted(expected))}  # fmt: skip
    if current and current == expected:
        return Sign(Light.GOOD, title, Text(N_("%(kind)s, %(size)s; tabel mutakhir (%(current)s)"), about))
    return Sign(
        Light.BAD,
        title,
        Text(N_("%(kind)s, %(size)s; tabel belum mutakhir: %(current)s, seharusnya %(expected)s"), about),
        Text(N_("Matikan situs, lalu jalankan ./run, atau: flask --app wsgi db upgrade")),
    )


def _disk() -> Sign:
    room = health.disk()
    light = Light.BAD if room.free < LEAST_FREE else Light.WARN if room.free < ROOMY else Light.GOOD
    text = Text(N_("sisa %(free)s dari %(total)s"), {"free": readable_size(room.free), "total": readable_size(room.total)})  # fmt: skip
    todo = Text(N_("Kosongkan disk sebelum situs berhenti menyimpan.")) if light is not Light.GOOD else None
    return Sign(light, N_("Ruang disk"), text, todo)


def age(since: datetime) -> Text:
    """``3 jam lalu``, ``2 hari lalu``; ``12 Maret 2026, 14.02 WIB`` long ago, and by a clock that was ahead."""
    passed = now() - since
    if passed < -SLACK:
        return Text(moment(since))
    if passed < timedelta(minutes=2):
        return Text(N_("baru saja"))
    if passed < timedelta(hours=1):
        return Text(N_("%(count)s menit lalu"), {"count": passed.seconds // 60})
    if passed < timedelta(hours=24):
        return Text(N_("%(count)s jam lalu"), {"count": passed.seconds // 3600})
    if passed < timedelta(days=60):
        return Text(N_("%(count)s hari lalu"), {"count": passed.days})
    return Text(moment(since))


def _backup(found: list[Backup] | None, refusal: Text | None) -> Sign:
    title = N_("Cadangan")
    now_or_so = Text(N_("Tekan “Cadangkan sekarang” di bawah."))
    if found is None:
        return Sign(
            Light.BAD,
            title,
            refusal or Text(N_("folder cadangan tidak dapat dibaca")),
            Text(N_("Sesudah itu tekan “Cadangkan sekarang”.")),
        )
    if not found:
        return Sign(Light.BAD, title, Text(N_("belum ada")), now_or_so)
    newest = found[0]
    text = Text(N_("terakhir %(age)s"), {"age": age(newest.named.made_at)})
    passed = now() - newest.named.made_at
    if passed > OLD or passed < -SLACK:
        light = Light.WARN if timedelta() < passed <= TOO_OLD else Light.BAD
        return Sign(light, title, text, now_or_so)
    if (
        (run := queries.last_run(JOB))
        and run.outcome is Outcome.FAILED
        and run.started_at > newest.named.made_at
    ):
        return Sign(Light.WARN, title, Text(N_("terakhir %(age)s; sesudah itu gagal: %(why)s"), {**text.params, "why": run.summary}), now_or_so)  # fmt: skip
    if same_disk(newest.path.parent):
        return Sign(
            Light.WARN,
            title,
            Text(N_("terakhir %(age)s, di disk yang sama dengan datanya"), text.params),
            Text(N_("Kalau disk ini rusak, keduanya hilang. Isi SIMPUL_BACKUP_DIR dengan folder di stik atau disk lain, atau unduh sekali seminggu.")),
        )  # fmt: skip
    return Sign(Light.GOOD, title, text)


def _drill(found: list[Backup] | None) -> Sign:
    title, last = N_("Uji pulih"), queries.last_drill()
    press = Text(N_("Tekan “Uji pulih sekarang” di bawah.")) if found else Text(N_("Buat cadangan dulu."))
    if last is None:
        run = queries.last_run(DRILL_JOB)
        if run and run.outcome is Outcome.FAILED:
            return Sign(
                Light.WARN, title, Text(N_("belum berhasil dicoba: %(why)s"), {"why": run.summary}), press
            )
        return Sign(Light.WARN, title, Text(N_("belum pernah dicoba")), press)
    if not last.passed:
        why = {"age": age(last.at), "name": last.backup, "why": last.fault}
        return Sign(Light.BAD, title, Text(N_("%(age)s: %(name)s tidak dapat dipulihkan. %(why)s"), why),
                    Text(N_("Tekan “Cadangkan sekarang”, lalu “Uji pulih sekarang”. Jangan hapus cadangan lama.")))  # fmt: skip
    text = Text(N_("%(age)s: %(counted)s, utuh; isian terakhir %(newest)s"), held(last))
    old = not -SLACK <= now() - last.at <= DRILL_OLD
    return Sign(Light.WARN if old else Light.GOOD, title, text, press if old else None)


def held(drill: BackupDrill) -> dict[str, object]:
    """What a drill found, in words."""
    return {
        "age": age(drill.at),
        "counted": words.for_reader(drill.tables),
        "newest": moment(drill.newest_at),
    }


def _mail() -> Sign:
    title, counts = N_("Surel keluar"), mail.counts()
    url = url_for("accounts.outbox", keadaan=MessageState.FAILED if counts[MessageState.FAILED] else MessageState.WAITING)  # fmt: skip
    about = {"waiting": number(counts[MessageState.WAITING]), "failed": number(counts[MessageState.FAILED])}
    text = Text(N_("%(waiting)s menunggu, %(failed)s gagal"), about)
    if counts[MessageState.FAILED]:
        return Sign(
            Light.WARN, title, text, Text(N_("Buka kotak keluar: kirim lagi, atau sampaikan sendiri.")), url
        )
    if counts[MessageState.WAITING] and not current_app.config["SMTP_URL"]:
        return Sign(Light.WARN, title, text, Text(N_("Server surel belum diatur (SIMPUL_SMTP_URL): sampaikan sendiri, atau atur.")), url)  # fmt: skip
    if counts[MessageState.WAITING] and not is_configured():
        return Sign(
            Light.WARN, title, text, Text(N_("Alamat pengirim surel belum diisi (SIMPUL_MAIL_FROM).")), url
        )
    if (oldest := queries.mail_waits_since()) and now() - oldest > LATE:
        return Sign(Light.WARN, title, text, Text(N_("Ada yang menunggu lebih dari dua jam: periksa SIMPUL_SMTP_URL dan sambungan.")), url)  # fmt: skip
    return Sign(Light.GOOD, title, text, url=url)


def _clock() -> Sign:
    title, held_by = N_("Penjadwal"), lease.holder()
    if held_by and lease.is_held(held_by[1]):
        if failed := queries.failing():
            names = Text(
                N_("berjalan; terakhir gagal: %(jobs)s"), {"jobs": ", ".join(title_of(job) for job in failed)}
            )
            return Sign(Light.WARN, title, names, Text(N_("Lihat sebabnya di daftar pekerjaan di bawah.")))
        return Sign(Light.GOOD, title, Text(N_("berjalan")))
    if str(current_app.config["SCHEDULER"]) == "0":
        return Sign(Light.WARN, title, Text(N_("dimatikan (SIMPUL_SCHEDULER=0)")), Text(N_("Pastikan cron menjalankan backup create, backup drill, outbox send, program tell, remind, dan retention.")))  # fmt: skip
    return Sign(Light.WARN, title, Text(N_("tidak berjalan")), Text(N_("Muat ulang halaman ini dua menit lagi. Kalau masih begini, jalankan ulang situs.")))  # fmt: skip


def title_of(job: str) -> str:
    """What people call a job."""
    known = jobs_of(current_app).get(job)
    return known.title if known else job


def _errors() -> Sign:
    title, since = N_("Galat"), today() - LOOK_BACK
    total, last = queries.troubles_since(TroubleKind.ERROR, since)
    if not total:
        return Sign(Light.GOOD, title, Text(N_("tidak ada dalam 7 hari")))
    fresh = last is not None and now() - last < timedelta(hours=24)
    about = {"count": number(total), "last": age(last) if last else ""}
    return Sign(Light.WARN if fresh else Light.GOOD, title, Text(N_("%(count)s dalam 7 hari, terakhir %(last)s"), about),
                Text(N_("Lihat daftarnya di bawah. Cari kode permintaannya di catatan situs, lalu kirim keduanya ke yang merawat situs.")) if fresh else None)  # fmt: skip


def _slow() -> Sign:
    title, since = N_("Halaman lambat"), today() - LOOK_BACK
    slow, _last = queries.troubles_since(TroubleKind.SLOW, since)
    share = slow / max(1, queries.answers_total())
    if not slow:
        return Sign(Light.GOOD, title, Text(N_("tidak ada yang lebih dari 1 detik dalam 7 hari")))
    text = Text(N_("%(count)s jawaban lebih dari 1 detik dalam 7 hari"), {"count": number(slow)})
    if share < 0.01 or slow < 20:
        return Sign(Light.GOOD, title, text)
    return Sign(Light.WARN, title, text, Text(N_("Lihat daftarnya di bawah. Kalau selalu begitu: komputer yang lebih cepat, atau PostgreSQL (docs/operasi.md).")))  # fmt: skip
