"""The verbs of the office's pages: write, publish, withdraw, say that it was checked, hand on. They flush, never commit."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, exists, select
from sqlalchemy.exc import IntegrityError

from app.accounts.models import User
from app.audit.services import record
from app.content.links import links_of
from app.content.models import ContentAttachment, ContentFinding, ContentPage
from app.content.rules import (
    ALWAYS_THERE,
    INTERVALS,
    PARTS,
    RESERVED,
    REVIEW_DAYS,
    Kind,
    Shape,
    State,
    due_on,
    section_of,
    slug_of,
)
from app.core.access import Role
from app.core.database import now, office_zone, today
from app.core.errors import RuleBroken
from app.core.extensions import db
from app.core.search import searchable
from app.core.text import N_
from app.files import services as files
from app.files.prepared import Prepared

ABOUT = "content_page"  # the kind of our files and of our entries in the trail
INDONESIAN = ("title", "summary", "body", "details")
ENGLISH = ("title_en", "summary_en", "body_en", "details_en")
FIELDS = ("section", "slug", "position", "check_with_office", *INDONESIAN, *ENGLISH)
SHORT = 200  # characters of a value that go on the trail: the texts themselves are public


class Overtaken(RuleBroken):
    """Somebody else saved the page meanwhile. ``changed`` are the fields in which the page differs from what was typed."""

    def __init__(self, page: ContentPage, changed: list[str]) -> None:
        super().__init__(
            N_("%(name)s menyimpan halaman ini ketika Anda mengubahnya."), name=page.updated_by or "Simpul"
        )
        self.changed = changed


def create_page(
    kind: Kind,
    values: Mapping[str, Any],
    *,
    by: User | None = None,
    seed: str | None = None,
    is_demo: bool = False,
) -> ContentPage:
    """A draft. Raises RuleBroken when the title is missing, the section is none of the kind, or the address is taken."""
    page = ContentPage(
        kind=kind,
        seed=seed,
        is_demo=is_demo,
        owner_id=by.id if by else None,
        review_every_days=REVIEW_DAYS[kind],
        due_on=due_on(None, REVIEW_DAYS[kind], today()),
        updated_by=by.name if by else "",
        search_text="",
        title="",
        slug="",
    )
    _fill(page, values)
    try:
        with db.session.begin_nested():
            db.session.add(page)
    except IntegrityError as taken:
        raise RuleBroken(N_("Alamat ini sudah dipakai halaman lain."), field="slug") from taken
    _note("content.created", page, after={"title": page.title, "kind": page.kind.value})
    return page


def locked(page_id: int) -> ContentPage | None:
    """The page as it stands now, held until the write unit ends."""
    query = select(ContentPage).where(ContentPage.id == page_id).with_for_update()
    return db.session.scalars(query.execution_options(populate_existing=True)).one_or_none()


def change_page(page: ContentPage, values: Mapping[str, Any], *, base_version: int, by: User) -> list[str]:
    """Write ``values`` (of ``FIELDS``) into ``page``; the names of what changed. Raises Overtaken or RuleBroken."""
    changed = [name for name in values if getattr(page, name) != values[name]]
    if not changed:
        return []
    if base_version != page.version:
        raise Overtaken(page, changed)
    before = {name: getattr(page, name) for name in changed}
    if "slug" in changed and page.publish_at is not None:
        raise RuleBroken(
            N_("Alamat halaman yang pernah terbit tidak diubah: tautan orang akan putus."), field="slug"
        )
    try:
        with db.session.begin_nested():
            _fill(page, values)
            page.english_behind = _english_behind(page, changed)
            page.version += 1
            page.updated_at, page.updated_by = now(), by.name
    except IntegrityError as taken:
        raise RuleBroken(N_("Alamat ini sudah dipakai halaman lain."), field="slug") from taken
    _forget_findings(page)
    _note(
        "content.changed",
        page,
        before=_short(before),
        after=_short({name: getattr(page, name) for name in changed}),
    )
    return changed


def _fill(page: ContentPage, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        setattr(page, name, value)
    if not page.title:
        raise RuleBroken(N_("Tulis judul."), field="title")
    if section_of(page.kind, page.section or "") is None:
        raise RuleBroken(N_("Pilih kelompok."), field="section")
    page.slug = page.slug or slug_of(page.title)
    if not page.slug:
        raise RuleBroken(N_("Tulis alamat dengan huruf atau angka."), field="slug")
    if page.slug in RESERVED[page.kind]:
        raise RuleBroken(
            N_("Alamat “%(slug)s” sudah dipakai halaman situs ini. Tulis alamat lain."),
            field="slug",
            slug=page.slug,
        )
    page.search_text = search_text(page)


def search_text(page: ContentPage) -> str:
    """By what a page is found: its title, then its English title, summaries and what its parts name."""
    named = [
        line["text"]
        for part in PARTS[page.kind]
        if part.shape is not Shape.TEXT
        for details in (page.details or {}, page.details_en or {})
        for line in details.get(part.code, [])
    ]
    return searchable(page.title, page.title_en, page.summary, page.summary_en, *named)


def _english_behind(page: ContentPage, changed: Iterable[str]) -> bool:
    """Whether the English text is now older than the Indonesian."""
    touched = set(changed)
    if touched & set(ENGLISH):
        return False
    return bool(page.title_en) and (page.english_behind or bool(touched & set(INDONESIAN)))


def _forget_findings(page: ContentPage) -> None:
    """A link that no longer stands in the page is no longer wrong."""
    gone = ContentFinding.page_id == page.id, ContentFinding.target.not_in(sorted(links_of(page)))
    db.session.execute(delete(ContentFinding).where(*gone))


def publish(page: ContentPage, *, at: datetime | None = None) -> None:
    """Let everybody read ``page``, now or from ``at`` on."""
    if page.state is State.PUBLISHED and at is None:
        return
    before = {"state": page.state, "publish_at": page.publish_at}
    if at is not None or page.publish_at is None or page.publish_at > now():
        page.publish_at = at or now()
    page.state = State.PUBLISHED
    page.version += 1
    files.set_public(ABOUT, page.id, public=True)
    db.session.flush()
    _note(
        "content.published", page, before=before, after={"state": page.state, "publish_at": page.publish_at}
    )


def withdraw(page: ContentPage) -> None:
    """Take ``page`` from the public; what it says is kept. Raises RuleBroken for a page to which every page links."""
    if (page.kind, page.slug) in ALWAYS_THERE:
        raise RuleBroken(N_("Halaman ini selalu ada, karena setiap halaman menautkannya. Ubah isinya saja."))
    if page.state is State.WITHDRAWN:
        return
    before, page.state = page.state, State.WITHDRAWN
    page.version += 1
    files.set_public(ABOUT, page.id, public=False)
    db.session.flush()
    _note("content.withdrawn", page, before={"state": before}, after={"state": page.state})


def mark_checked(page: ContentPage, *, by: User, at: datetime | None = None) -> None:
    """``by`` has read ``page`` and found it right today."""
    before = page.checked_at
    page.checked_at, page.checked_by_id = at or now(), by.id
    _count_due(page)
    db.session.flush()
    _note(
        "content.checked",
        page,
        before={"checked_at": before},
        after={"checked_at": page.checked_at, "person": by.name},
    )


def keep_up(page: ContentPage, *, owner: User | None, every: int | None, unit: str) -> bool:
    """Say who keeps ``page``, how often it is looked at, and which unit answers for it; whether that changed anything.

    Raises RuleBroken when the owner does not edit here, or the interval is not offered.
    """
    if owner is not None and not (owner.is_active and owner.has_role(Role.EDITOR)):
        raise RuleBroken(N_("Pilih pegawai yang masih mengurus konten."), field="pemilik")
    if every not in INTERVALS and not (every is None and page.kind is Kind.NEWS):
        raise RuleBroken(N_("Pilih berapa lama sekali halaman ini diperiksa."), field="setiap")
    before = {"owner_id": page.owner_id, "review_every_days": page.review_every_days, "unit": page.unit}
    after = {"owner_id": owner.id if owner else None, "review_every_days": every, "unit": unit}
    if before == after:
        return False
    page.owner_id, page.review_every_days, page.unit = owner.id if owner else None, every, unit
    _count_due(page)
    db.session.flush()
    _note("content.kept", page, before=before, after=after)
    return True


def _count_due(page: ContentPage) -> None:
    checked = page.checked_at.astimezone(office_zone()).date() if page.checked_at else None
    page.due_on = due_on(checked, page.review_every_days, page.created_at.astimezone(office_zone()).date())


def attach(
    page: ContentPage,
    prepared: Prepared,
    *,
    label: str,
    label_en: str = "",
    expires_on: date | None = None,
    by: User,
) -> ContentAttachment:
    """Add a form or document to ``page``. Raises RuleBroken without a label."""
    if not label:
        raise RuleBroken(N_("Beri nama berkas, misalnya Contoh berita acara rapat."), field="label")
    stored = files.keep(prepared, about=(ABOUT, page.id), public=page.state is State.PUBLISHED, by=by)
    attachment = ContentAttachment(
        page_id=page.id, file_id=stored.id, label=label, label_en=label_en, expires_on=expires_on
    )
    db.session.add(attachment)
    db.session.flush()
    _note("content.attached", page, after={"label": label, "filename": stored.name})
    return attachment


def detach(page: ContentPage, attachment: ContentAttachment) -> None:
    """Take a form or document away."""
    stored, label = attachment.file, attachment.label
    db.session.delete(attachment)
    db.session.flush()
    files.remove(stored)
    _note("content.detached", page, before={"label": label})


def hand_over(person: User, successor: User | None) -> int:
    """Give the pages of somebody who leaves to ``successor``, or to nobody; how many."""
    taker = successor if successor is not None and successor.has_role(Role.EDITOR) else None
    pages = db.session.scalars(select(ContentPage).where(ContentPage.owner_id == person.id)).all()
    for page in pages:
        page.owner_id = taker.id if taker else None
    db.session.flush()
    return len(pages)


def has_services() -> bool:
    """Whether there is any service page, which seeds would make."""
    return bool(db.session.scalar(select(exists().where(ContentPage.kind == Kind.SERVICE))))


def _note(
    action: str,
    page: ContentPage,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    record(action, kind=ABOUT, subject_id=page.id, name=page.title, before=before, after=after)


def _short(values: Mapping[str, Any]) -> dict[str, Any]:
    """Long texts cut: the trail says what changed, the page says what it now reads."""
    return {
        name: f"{text[:SHORT]}…" if len(text := str(value)) > SHORT else value
        for name, value in values.items()
    }
