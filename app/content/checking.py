"""Finding links that lead nowhere and attachments that have expired, and keeping what was found for the editor's list."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import urlsplit

from flask import current_app
from sqlalchemy import Select, delete, exists, func, select, update

from app.content.links import links_of
from app.content.models import ContentAttachment, ContentFinding, ContentPage, Trouble
from app.content.outside import Visitor, Wrong
from app.content.rules import State
from app.core.database import now, today
from app.core.extensions import db
from app.core.writing import writing

EVERY = timedelta(days=30)
MOST = 300  # addresses of other sites that are asked in one run
LONGEST = 480.0  # seconds that asking other sites may take
Ask = Callable[[str], Wrong | None]


@dataclass
class Outcome:
    """What a run looked at and found. ``unreached``: no other site answered, so that nothing is known about theirs."""

    pages: int = 0
    inside: int = 0
    outside: int = 0
    broken: int = 0
    expired: int = 0
    left: int = 0
    unreached: bool = False
    found: list[tuple[str, str, str]] = field(default_factory=list)  # page's title, address, note

    def summary(self) -> str:
        """One line for a terminal or the list of jobs."""
        text = (
            f"{self.pages} halaman, {self.inside} tautan dalam dan {self.outside} tautan luar diperiksa: "
            f"{self.broken} putus, {self.expired} berkas kedaluwarsa"
        )
        if self.unreached:
            text += "; situs lain tidak terjangkau dari sini, jadi tautan luar tidak dinilai"
        if self.left:
            text += f"; {self.left} tautan luar menunggu giliran berikutnya"
        return text


def check(*, offline: bool = False, ask: Ask | None = None) -> Outcome:
    """Look at every link of the published pages. Outside of any write unit; the result is kept page by page.

    With ``offline`` only our own pages are asked. ``ask`` takes the place of the visits to other sites.
    """
    pages = {page.id: (page.title, links_of(page)) for page in db.session.scalars(_published())}
    wanted = {link for _title, links in pages.values() for link in links}
    inside = {link for link in wanted if own_path(link) is not None}
    outcome = Outcome(pages=len(pages), inside=len(inside), expired=_expired())
    db.session.rollback()  # what follows takes long, and reads nothing
    wrong: dict[str, Wrong] = {link: no for link in sorted(inside) if (no := ask_ourselves(link)) is not None}
    asked = set(inside)
    if not offline:
        elsewhere = _ask_all(
            sorted(wanted - inside), ask or Visitor(current_app.config["BASE_URL"]).ask, outcome
        )
        asked |= elsewhere.keys()
        wrong |= {link: no for link, no in elsewhere.items() if no is not None}
    for number, (title, links) in pages.items():
        _keep(number, links & asked, {link: wrong[link] for link in sorted(links & wrong.keys())})
        outcome.found += [(title, link, wrong[link].note) for link in sorted(links & wrong.keys())]
    outcome.broken = len(outcome.found)
    return outcome


def own_path(link: str) -> str | None:
    """The part of ``link`` after our own name; None when it leads elsewhere."""
    if link.startswith("/"):
        return link
    ours, theirs = urlsplit(current_app.config["BASE_URL"]), urlsplit(link)
    if (ours.scheme, ours.netloc) != (theirs.scheme, theirs.netloc):
        return None
    return link[len(f"{theirs.scheme}://{theirs.netloc}") :] or "/"


def ask_ourselves(link: str) -> Wrong | None:
    """What is wrong with a link to our own site: it is asked as a visitor would."""
    path = own_path(link) or "/"
    status = current_app.test_client().head(path).status_code
    if status in (404, 410):
        return Wrong(Trouble.GONE, str(status))
    return Wrong(Trouble.SILENT, str(status)) if status >= 500 else None


def _ask_all(links: list[str], ask: Ask, outcome: Outcome) -> dict[str, Wrong | None]:
    """The answers of other sites, as many as a run may ask. Where none answered, nobody is accused: it may be our line."""
    answers: dict[str, Wrong | None] = {}
    until = time.monotonic() + LONGEST
    for link in links[:MOST]:
        if time.monotonic() > until:
            break
        answers[link] = ask(link)
    outcome.left = len(links) - len(answers)
    outcome.outside = len(answers)
    if answers and all(no is not None and no.trouble is not Trouble.GONE for no in answers.values()):
        outcome.unreached, outcome.outside = True, 0
        return {}
    return answers


def _keep(page_id: int, asked: set[str], wrong: dict[str, Wrong]) -> None:
    """Replace what was known about the links of a page that were asked now; since when one is broken is kept."""
    with writing() as session:
        if session.get(ContentPage, page_id) is None:
            return
        known = {
            row.target: row for row in session.scalars(select(ContentFinding).filter_by(page_id=page_id))
        }
        mended = [row.id for target, row in known.items() if target in asked and target not in wrong]
        session.execute(delete(ContentFinding).where(ContentFinding.id.in_(mended)))
        for target, no in wrong.items():
            if target in known:
                known[target].trouble, known[target].note = no.trouble, no.note
            else:
                session.add(ContentFinding(page_id=page_id, target=target, trouble=no.trouble, note=no.note))
        session.execute(
            update(ContentPage)
            .where(ContentPage.id == page_id)
            .values(links_checked_at=now())
            .execution_options(synchronize_session=False)
        )


def _published() -> Select[ContentPage]:
    return select(ContentPage).where(ContentPage.state == State.PUBLISHED).order_by(ContentPage.id)


def _expired() -> int:
    """How many attachments of published pages have expired."""
    query = (
        select(func.count())
        .select_from(ContentAttachment)
        .join(ContentPage, ContentPage.id == ContentAttachment.page_id)
        .where(ContentPage.state == State.PUBLISHED, ContentAttachment.expires_on < today())
    )
    return db.session.scalar(query) or 0


def is_due() -> bool:
    """Whether a published page has not had its links looked at for a month."""
    long_ago = now() - EVERY
    return bool(
        db.session.scalar(
            select(
                exists().where(
                    ContentPage.state == State.PUBLISHED,
                    func.coalesce(ContentPage.links_checked_at, ContentPage.created_at) < long_ago,
                )
            )
        )
    )


def work() -> str:
    """The job of the clock."""
    return check().summary()
