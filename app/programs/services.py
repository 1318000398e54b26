"""The verbs of a programme's life. They flush; the route's ``with writing():`` commits. Each stands in the trail."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import exists, select

from app.accounts.models import User
from app.audit.services import record
from app.core.database import now
from app.core.errors import RuleBroken
from app.core.extensions import db
from app.core.markdown import plain
from app.core.search import fold, searchable
from app.core.text import N_
from app.files import services as files
from app.files.models import StoredFile
from app.files.prepared import Prepared
from app.files.queries import files_about
from app.programs import rules
from app.programs.models import Program
from app.programs.rules import KINDS, State
from app.programs.signals import published

KIND = "program"
LONGEST_SLUG = 80
LONGEST_SEARCHED = 6000  # characters of the body by which it is found
MOST_FILES = 10
CHANGED_MEANWHILE = N_(
    "Program ini baru saja diubah orang lain. Ketikan Anda masih ada di bawah; "
    "bandingkan dengan yang tersimpan, lalu simpan lagi."
)


class Outdated(RuleBroken):
    """Somebody else was quicker: nothing was written, and the person decides again."""


def create(values: Mapping[str, Any], *, by: User) -> Program:
    """A draft with ``values`` (columns of :class:`Program`)."""
    program = Program(slug=free_slug(values["title"]), created_by_id=by.id, search_text="")
    db.session.add(program)
    _take(program, values, by)
    db.session.flush()
    _note("program.created", program)
    return program


def change(program: Program, values: Mapping[str, Any], *, seen: str, by: User) -> list[str]:
    """Give ``program`` new ``values``; the columns that changed.

    ``seen`` is the mark (:func:`mark_of`) of what the form began with. Raises Outdated when it is not what stands.
    """
    if mark_of(program) != seen:
        raise Outdated(CHANGED_MEANWHILE)
    before = {name: getattr(program, name) for name in values}
    changed = [name for name, value in values.items() if before[name] != value]
    if not changed:
        return []
    if program.publish_at is None and "title" in changed:
        program.slug = free_slug(values["title"], but=program.id)  # nobody knows its address yet
    _take(program, values, by)
    db.session.flush()
    _note(
        "program.changed",
        program,
        before={name: before[name] for name in changed},
        after={name: values[name] for name in changed},
    )
    return changed


def publish(program: Program, *, by: User) -> None:
    """Let everybody read it now, and tell those who wait for it. Raises RuleBroken while something is missing."""
    if program.is_public:
        raise RuleBroken(N_("Program ini sudah terbit."))
    _demand_complete(program)
    _move(program, State.PUBLISHED, by, publish_at=now())
    _note("program.published", program, after={"publish_at": program.publish_at})
    published.send(program=program, by=by)


def schedule(program: Program, at: datetime, *, by: User) -> None:
    """Let everybody read it from ``at`` on, by the clock alone. Raises RuleBroken for a moment that has passed."""
    if program.is_public:
        raise RuleBroken(N_("Program ini sudah terbit. Tarik dulu bila terbitnya ditunda."))
    if at <= now():
        raise RuleBroken(
            N_("Waktu terbit sudah lewat. Pilih waktu nanti, atau terbitkan sekarang."), field="terbit"
        )
    _demand_complete(program)
    _move(program, State.SCHEDULED, by, publish_at=at)
    _note("program.scheduled", program, after={"publish_at": at})


def unschedule(program: Program, *, by: User) -> None:
    """Back to a draft, before anybody has read it."""
    if program.state is not State.SCHEDULED or program.is_public:
        raise RuleBroken(N_("Program ini tidak sedang terjadwal."))
    _move(program, State.DRAFT, by, publish_at=None)
    _note("program.unscheduled", program)


def withdraw(program: Program, *, reason: str, by: User) -> None:
    """Take it from the public, who read ``reason`` at its address. Raises RuleBroken without one."""
    if not program.is_public:
        raise RuleBroken(N_("Program ini belum terbit, jadi tidak perlu ditarik."))
    if not reason:
        raise RuleBroken(N_("Tulis alasannya; pembaca melihatnya di alamat program."), field="alasan")
    _move(program, State.WITHDRAWN, by, withdrawn_reason=reason)
    _note("program.withdrawn", program, after={"reason": reason})


def duplicate(program: Program, *, by: User) -> Program:
    """A draft with the same content and picture, without dates: for the next time."""
    values = {name: getattr(program, name) for name in COPIED}
    made = create(values, by=by)
    for stored in files_about(KIND, program.id):
        if stored.is_picture:
            again = Prepared(
                stored.name, stored.mime, stored.content, stored.width, stored.height, stored.small
            )
            files.keep(again, about=(KIND, made.id), public=False, by=by)
    return made


def discard(program: Program, *, by: User) -> None:
    """Remove a draft that nobody has ever read. Raises RuleBroken for any other."""
    if program.state is not State.DRAFT or program.publish_at or program.announced_at:
        raise RuleBroken(N_("Hanya draf yang belum pernah terbit bisa dihapus."))
    for stored in files_about(KIND, program.id):
        files.remove(stored)
    _note("program.removed", program)
    db.session.delete(program)
    db.session.flush()


def add_file(program: Program, prepared: Prepared, *, by: User) -> StoredFile:
    """Keep an attachment, or the picture, which replaces the one before."""
    there = files_about(KIND, program.id)
    is_picture = prepared.small is not None
    if is_picture:
        for stored in there:
            if stored.is_picture:
                files.remove(stored)
    elif sum(not stored.is_picture for stored in there) >= MOST_FILES:
        raise RuleBroken(
            N_("Paling banyak %(most)s berkas. Hapus yang lama dulu."), field="berkas", most=MOST_FILES
        )
    kept = files.keep(prepared, about=(KIND, program.id), public=program.state in OPEN, by=by)
    _touch(program, by)
    _note("program.file_added", program, after={"filename": kept.name})
    return kept


def remove_file(program: Program, stored: StoredFile, *, by: User) -> None:
    """Take a file of ``program`` away."""
    _touch(program, by)
    _note("program.file_removed", program, before={"filename": stored.name})
    files.remove(stored)


def describe_picture(program: Program, words: str, *, by: User) -> None:
    """What the picture shows, for those who do not see it."""
    if program.picture_alt != words:
        _note(
            "program.changed",
            program,
            before={"picture_alt": program.picture_alt},
            after={"picture_alt": words},
        )
        program.picture_alt = words
        _touch(program, by)


def mark_of(program: Program) -> str:
    """Tells this content of ``program`` from any other, whatever happens beside it (files, targets, publishing)."""
    values = [str(getattr(program, name)) for name in CONTENT]
    return hashlib.sha256("\0".join(values).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def missing(program: Program) -> list[str]:
    """What has to be filled in before it can be published: message ids."""
    wanted = (
        (program.summary, N_("ringkasan")),
        (program.body, N_("isi")),
        (program.audience, N_("untuk siapa")),
        (program.contact_phone or program.contact_email, N_("telepon atau surel kontak")),
    )
    return [name for value, name in wanted if not value]


def free_slug(title: str, *, but: int = 0) -> str:
    """An address made of ``title`` that no other programme has."""
    stem = "-".join(fold(title).split())[:LONGEST_SLUG].strip("-") or KIND
    number, slug = 1, stem
    while slug in RESERVED or db.session.scalar(
        select(exists().where(Program.slug == slug, Program.id != but))
    ):
        number += 1
        slug = f"{stem}-{number}"
    return slug


OPEN = (State.SCHEDULED, State.PUBLISHED)
RESERVED = {"umpan"}
LASTING = (
    "title", "summary", "body", "kind", "audience", "kecamatan", "cost", "requirements", "place", "place_address", "map_url",
    "contact_name", "contact_phone", "contact_email", "quota", "takes_applications",
)  # fmt: skip
CONTENT = (*LASTING, "starts_at", "ends_at", "deadline")
COPIED = (*LASTING, "picture_alt", "target")


def _take(program: Program, values: Mapping[str, Any], by: User) -> None:
    for name, value in values.items():
        setattr(program, name, value)
    program.closes_at = rules.closes_at(program.deadline, program.starts_at, program.ends_at)
    body = plain(program.body or "")[:LONGEST_SEARCHED]
    kind = KINDS.get(program.kind or "", "")
    program.search_text = searchable(program.title, program.summary, kind, program.place, body)
    program.changed_at, program.changed_by_name = now(), by.name


def _move(program: Program, state: State, by: User, **values: Any) -> None:
    """Into ``state``; the files go with it."""
    program.state = state
    program.withdrawn_at = now() if state is State.WITHDRAWN else None
    program.withdrawn_reason = program.withdrawn_reason if state is State.WITHDRAWN else ""
    for name, value in values.items():
        setattr(program, name, value)
    _touch(program, by)
    files.set_public(KIND, program.id, public=state in OPEN)


def _touch(program: Program, by: User) -> None:
    program.changed_at, program.changed_by_name = now(), by.name


def _demand_complete(program: Program) -> None:
    if missing(program):
        raise RuleBroken(N_("Program ini belum lengkap. Lengkapi dulu yang ditandai di bawah."))
    if program.closes_at <= now():
        raise RuleBroken(N_("Batas atau waktu pelaksanaannya sudah lewat. Perbarui dulu tanggalnya."))


def _note(action: str, program: Program, **about: Any) -> None:
    record(action, kind=KIND, subject_id=program.id, name=program.title, **about)
