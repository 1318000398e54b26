"""Which pages there are: for the public, for the editor's list, for the search of the whole site."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from flask import url_for
from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from app.accounts.models import User, UserRole
from app.audit.models import TrailEntry
from app.content.models import ContentAttachment, ContentFinding, ContentPage
from app.content.reading import read
from app.content.rules import ACCESSIBILITY, SOON, Kind, State
from app.core.access import Role
from app.core.database import now, office_zone, today
from app.core.extensions import db
from app.core.formatting import long_date
from app.core.hits import Hit, PublicPage
from app.core.i18n import locale
from app.core.paging import Page, paginate
from app.core.search import find

TABLE = "content_page"


def is_public() -> ColumnElement[bool]:
    """The condition that everybody may read a page now."""
    return and_(ContentPage.state == State.PUBLISHED, ContentPage.publish_at <= now())


def public_pages_of(kind: Kind) -> list[ContentPage]:
    """The public pages of a kind in the order of their position."""
    query = select(ContentPage).where(ContentPage.kind == kind, is_public())
    return list(db.session.scalars(query.order_by(ContentPage.position, ContentPage.title, ContentPage.id)))


def public_page(kind: Kind, slug: str) -> ContentPage | None:
    """The public page of a kind at this address, with its attachments."""
    query = select(ContentPage).where(ContentPage.kind == kind, ContentPage.slug == slug, is_public())
    return db.session.scalars(query.options(selectinload(ContentPage.attachments))).one_or_none()


def service_by_slug(slug: str) -> ContentPage | None:
    """The public service page at this address: what a request may be about."""
    return public_page(Kind.SERVICE, slug)


def services() -> list[ContentPage]:
    """Every public service page, in the order of the list."""
    return public_pages_of(Kind.SERVICE)


def accessibility_page() -> ContentPage | None:
    """What the site says about its own accessibility."""
    query = select(ContentPage).where(
        ContentPage.kind == Kind.ABOUT, ContentPage.section == ACCESSIBILITY, is_public()
    )
    return db.session.scalars(query.order_by(ContentPage.id).limit(1)).one_or_none()


def news() -> Page[ContentPage]:
    """A page of the news, newest first, as the request asks for it."""
    query = select(ContentPage).where(ContentPage.kind == Kind.NEWS, is_public())
    return paginate(
        query,
        by=(ContentPage.publish_at, ContentPage.id),
        key=lambda row: (row.publish_at, row.id),
        descending=True,
        size=20,
    )


def latest_news(limit: int = 20) -> list[ContentPage]:
    """The newest news, at most ``limit``."""
    query = select(ContentPage).where(ContentPage.kind == Kind.NEWS, is_public())
    return list(
        db.session.scalars(query.order_by(ContentPage.publish_at.desc(), ContentPage.id.desc()).limit(limit))
    )


def revision() -> str:
    """Changes whenever a page does (every change is on the trail), when one is due to appear, and with the day."""
    latest = select(TrailEntry.digest).order_by(TrailEntry.id.desc()).limit(1).scalar_subquery()
    shown = select(func.max(ContentPage.publish_at)).where(is_public()).scalar_subquery()
    digest, moment = db.session.execute(select(latest, shown)).one()
    return f"{digest} {moment} {today()}"


# For the editor


@dataclass(frozen=True)
class Wanted:
    """What the editor's list shows: all that needs a look (``perlu``), all, drafts, or pages nobody keeps."""

    show: str = "perlu"
    kind: Kind | None = None
    q: str = ""


SHOWN = ("perlu", "semua", "draf", "tanpa-pemilik")


def ownerless() -> ColumnElement[bool]:
    """The condition that nobody who still edits here keeps a page."""
    editors = select(UserRole.user_id).where(UserRole.role == Role.EDITOR)
    active = select(User.id).where(User.deactivated_at.is_(None), User.id.in_(editors))
    return or_(ContentPage.owner_id.is_(None), ContentPage.owner_id.not_in(active))


def expired(day: date) -> ColumnElement[bool]:
    """The condition that an attachment of a page has expired before ``day``."""
    return exists().where(ContentAttachment.page_id == ContentPage.id, ContentAttachment.expires_on < day)


def needs_a_look(day: date) -> ColumnElement[bool]:
    """Due within 30 days, with a link that leads nowhere, or with an attachment that has expired; drafts apart."""
    return and_(
        ContentPage.state == State.PUBLISHED,
        or_(
            ContentPage.due_on <= day + SOON,
            exists().where(ContentFinding.page_id == ContentPage.id),
            expired(day),
        ),
    )


def _shown(wanted: Wanted) -> Select[ContentPage]:
    query = select(ContentPage)
    match wanted.show:
        case "perlu":
            query = query.where(needs_a_look(today()))
        case "draf":
            query = query.where(ContentPage.state != State.PUBLISHED)
        case "tanpa-pemilik":
            query = query.where(ownerless(), ContentPage.kind != Kind.NEWS)
    if wanted.kind:
        query = query.where(ContentPage.kind == wanted.kind)
    if wanted.q:
        query = query.where(ContentPage.id.in_(find(TABLE, wanted.q)))
    return query


def desk_list(wanted: Wanted) -> Page[ContentPage]:
    """The pages that the editor's list shows, what is due first."""
    query = _shown(wanted).options(
        joinedload(ContentPage.owner),
        selectinload(ContentPage.findings),
        selectinload(ContentPage.attachments),
    )
    return paginate(query, by=(ContentPage.due_on, ContentPage.id), key=lambda row: (row.due_on, row.id))


def desk_counts() -> dict[str, int]:
    """How many pages stand behind each view of the editor's list."""
    counts = {
        name: _shown(Wanted(show=name))
        .with_only_columns(func.count(), maintain_column_froms=True)
        .scalar_subquery()
        for name in SHOWN
    }
    found = db.session.execute(
        select(*(count.label(name.replace("-", "_")) for name, count in counts.items()))
    )
    return dict(zip(counts, found.one(), strict=True))


def waiting_pages_number() -> Select[int]:
    """How many pages want a look now, for the number beside the menu's entry; to be asked with others."""
    return select(func.count()).select_from(ContentPage).where(needs_a_look(today()))


def waiting_pages() -> int:
    """How many pages want a look now, for the number beside the menu's entry."""
    return db.session.scalar(waiting_pages_number()) or 0


def page_by_id(page_id: int) -> ContentPage | None:
    """The page with this number, with what hangs on it."""
    query = select(ContentPage).where(ContentPage.id == page_id)
    query = query.options(selectinload(ContentPage.findings), selectinload(ContentPage.attachments))
    return db.session.scalars(query.execution_options(populate_existing=True)).one_or_none()


def editors() -> list[User]:
    """Who may keep a page: active editors, by name."""
    query = (
        select(User)
        .join(UserRole, UserRole.user_id == User.id)
        .where(UserRole.role == Role.EDITOR, User.deactivated_at.is_(None))
        .order_by(User.name, User.id)
    )
    return list(db.session.scalars(query))


def pages_of(person: User) -> list[ContentPage]:
    """The pages that ``person`` keeps, what is due first."""
    query = select(ContentPage).where(ContentPage.owner_id == person.id)
    return list(db.session.scalars(query.order_by(ContentPage.due_on, ContentPage.id)))


# For the whole site

ADDRESSES = {
    Kind.SERVICE: "content.service",
    Kind.NEWS: "content.story",
    Kind.INFORMATION: "content.entry",
}


def address_of(page: ContentPage) -> str:
    """Where the public reads ``page``."""
    if page.section == ACCESSIBILITY:
        return url_for("content.accessibility")
    if page.kind is Kind.ABOUT:
        return url_for("content.about", _anchor=page.slug)
    return url_for(ADDRESSES[page.kind], slug=page.slug)


def hits(q: str, limit: int) -> list[Hit]:
    """What of the office's pages ``q`` may mean, best first, in the reader's language."""
    ids = find(TABLE, q, where=(is_public(),), limit=limit)
    rows = {row.id: row for row in db.session.scalars(select(ContentPage).where(ContentPage.id.in_(ids)))}
    return [_hit(rows[id_]) for id_ in ids if id_ in rows]


def _hit(page: ContentPage) -> Hit:
    text = read(page, locale())
    day = day_of(page)
    return Hit(
        kind=page.kind.value,
        title=text.title,
        url=address_of(page),
        text=text.summary,
        note=long_date(day) if page.kind is Kind.NEWS and day else "",
        keywords=page.search_text,
    )


def day_of(page: ContentPage) -> date | None:
    """The office's day on which ``page`` appeared."""
    return page.publish_at.astimezone(office_zone()).date() if page.publish_at else None


def public_pages() -> Iterable[PublicPage]:
    """The addresses that search engines may know."""
    for endpoint in ("content.services", "content.stories", "content.about", "content.information"):
        yield PublicPage(url_for(endpoint))
    query = select(ContentPage).where(is_public(), ContentPage.kind != Kind.ABOUT).order_by(ContentPage.id)
    for page in db.session.scalars(query):
        yield PublicPage(address_of(page), page.updated_at.astimezone(office_zone()).date())
    if page_about := accessibility_page():
        yield PublicPage(address_of(page_about), page_about.updated_at.astimezone(office_zone()).date())
