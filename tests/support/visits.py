"""Which pages there are, for whom, and an address of each on the demonstration data.

The list comes from the application's own map of addresses, so a new page is in it by itself. When a page needs an example
that is not known here, that is an error which says so.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import Flask, url_for
from sqlalchemy import ColumnElement, Select, String, cast, exists, select
from werkzeug.routing import Rule

from app.accounts.models import Handover, User
from app.audit.models import TrailEntry
from app.cooperatives.models import Cooperative, Listing, Membership, MembershipState
from app.core.access import Role
from app.core.extensions import db
from app.demo.accounts import SIGN_INS
from app.intake.models import ImportJob
from app.notifications.models import OutboxMessage
from app.pages.guide import GUIDES
from app.questionnaire.feed import feed_of
from app.questionnaire.models import Receipt, Report, ReportEvent
from app.questionnaire.queries import current_year, edition_of
from app.questionnaire.rules import EventKind, Origin, Status
from app.review.models import CleanBatch

PUBLIC = "public"
EVERYBODY = (None, *Role)
MANAGER = next(one for one in SIGN_INS if one.role is Role.COOPERATIVE)

# What else a page shows at the same address.
VIEWS = {
    "cooperatives.claims": ("tampil=diputuskan",),
    "cooperatives.directory": ("q=tidakadayangbegini", "kecamatan=35.73.01"),
    "cooperatives.join": ("q=melati", "q=tidakadayangbegini"),
    "cooperatives.letters": ("kecamatan=35.73.01", "keadaan=lewat"),
    "cooperatives.register": ("q=tidakadayangbegini",),
    "helping.helps": ("tampil=disputed", "tampil=waiting", "tampil=typing"),
    "practice.fill": ("bagian=1", "bagian=4"),
    "editions.preview": ("bagian=3", "bagian=4&layar=lebar"),
    "questionnaire.fill": ("bagian=1", "bagian=2", "bagian=3", "bagian=4&lengkap=1"),
    "review.queue": ("urut=lama", "peringatan=sampel", "asal=impor", "q=tidakadayangbegini"),
    "review.show": ("tampil=semua",),
}

Values = dict[str, Any]


@dataclass(frozen=True)
class Visit:
    """A page as one kind of reader opens it; ``who`` is None for those who have not signed in."""

    who: Role | None
    endpoint: str
    address: str
    is_public: bool


class Examples:
    """Values for the parts of addresses, from the demonstration data. ``one_time`` is a link's token that still works."""

    def __init__(self, one_time: str) -> None:
        self.one_time = one_time
        self.year = current_year()

    def of(self, rule: Rule) -> list[Values]:
        """The parameters of ``rule``, for each state of the page that is worth a look."""
        if rule.endpoint == "pages.guide_page":
            return [{"slug": guide.slug} for guide in GUIDES]
        if rule.endpoint == "cooperatives.end_form":
            return [self._membership()]
        if rule.endpoint == "questionnaire.receipt":
            return list(self._own(exists().where(Receipt.report_id == Report.id)))[:1]
        if rule.endpoint == "accounts.handover":
            return [{"person_id": first(select(Handover.person_id))}]
        name = "_".join(sorted(rule.arguments)) or "nothing"
        found = getattr(self, {"year": "editions_year"}.get(name, name), None)
        if found is None:
            raise LookupError(
                f"{rule.rule}: tests/support/visits.py knows no example of {sorted(rule.arguments)}"
            )
        return list(found())

    def nothing(self) -> Iterator[Values]:
        yield {}

    def token(self) -> Iterator[Values]:
        yield {"token": self.one_time}

    def slug(self) -> Iterator[Values]:
        yield {"slug": self._membership()["slug"]}

    def slug_year(self) -> Iterator[Values]:
        """This year's reports, in each state that there is, and a finished one."""
        yield from self._own(Report.year >= self.year - 1)

    def report_id(self) -> Iterator[Values]:
        """Waiting with findings, sent again, approved, and from a file."""
        this_year = select(Report.id).where(Report.year == self.year)
        again = exists().where(ReportEvent.report_id == Report.id, ReportEvent.kind == EventKind.RETURNED)
        doubted = this_year.where(Report.status == Status.SUBMITTED, cast(Report.findings, String) != "[]")
        yield {"report_id": first(doubted)}
        yield {"report_id": first(this_year.where(Report.status == Status.SUBMITTED, again))}
        yield {"report_id": first(this_year.where(Report.status == Status.APPROVED))}
        yield {
            "report_id": first(
                select(Report.id).where(Report.origin == Origin.IMPORTED, Report.status == Status.DRAFT)
            )
        }

    def batch_id(self) -> Iterator[Values]:
        yield {"batch_id": first(select(CleanBatch.id))}

    def membership_id(self) -> Iterator[Values]:
        waiting = select(Membership.id).join(Cooperative).where(Membership.state == MembershipState.PENDING)
        yield {"membership_id": first(waiting.where(Cooperative.listing == Listing.LISTED))}
        yield {"membership_id": first(waiting.where(Cooperative.listing == Listing.PROPOSED))}

    def other_slug(self) -> Iterator[Values]:
        """Two listed cooperatives, which may or may not be the same one."""
        listed = select(Cooperative.slug).where(
            Cooperative.listing == Listing.LISTED, Cooperative.dissolved_on.is_(None)
        )
        one, other = db.session.scalars(listed.order_by(Cooperative.id).limit(2))
        yield {"slug": one, "other": other}

    def merge_id_slug(self) -> Iterator[Values]:
        """The demonstration merges nothing."""
        return iter(())

    def person_id(self) -> Iterator[Values]:
        yield {
            "person_id": first(select(Membership.user_id).where(Membership.state == MembershipState.ACTIVE))
        }

    def message_id(self) -> Iterator[Values]:
        yield {"message_id": first(select(OutboxMessage.id))}

    def entry_id(self) -> Iterator[Values]:
        yield {"entry_id": first(select(TrailEntry.id).order_by(TrailEntry.id.desc()))}

    def job_id(self) -> Iterator[Values]:
        yield {"job_id": first(select(ImportJob.id))}

    def kode(self) -> Iterator[Values]:
        yield {"kode": first(select(Receipt.code).order_by(Receipt.id.desc()))}

    def editions_year(self) -> Iterator[Values]:
        """Next year's questions, which are being prepared, and this year's."""
        for year in ((self.year or 0) + 1, self.year):
            yield {"year": year}

    def code_year(self) -> Iterator[Values]:
        """One question of the register, one of the checks."""
        for code in ("nama_koperasi", "aset"):
            yield {"code": code, "year": (self.year or 0) + 1}

    def layout_suffix_year(self) -> Iterator[Values]:
        yield {"layout": "kementerian", "suffix": "csv", "year": self.year}

    def digest_year(self) -> Iterator[Values]:
        """The questions and checks, as a browser reads them."""
        edition = edition_of(self.year or 0)
        if edition is not None:
            year, _, digest = feed_of(edition).address.removesuffix(".json").partition("-")
            yield {"digest": digest, "year": int(year)}

    def filename(self) -> Iterator[Values]:
        """Static files are no pages."""
        return iter(())

    def _own(self, condition: ColumnElement[bool]) -> Iterator[Values]:
        """The manager's own reports, newest first."""
        own = (
            select(Membership.cooperative_id)
            .join(User, User.id == Membership.user_id)
            .where(User.email == MANAGER.email)
        )
        query = select(Cooperative.slug, Report.year).join(Report).where(Cooperative.id.in_(own), condition)
        for slug, year in db.session.execute(query.order_by(Report.year.desc(), Cooperative.slug).limit(3)):
            yield {"slug": slug, "year": year}

    def _membership(self) -> Values:
        active = (
            select(Membership.id, Cooperative.slug)
            .join(Cooperative)
            .where(Membership.state == MembershipState.ACTIVE)
        )
        number, slug = db.session.execute(active.order_by(Membership.id).limit(1)).one()
        return {"membership_id": number, "slug": slug}


def visits(app: Flask, examples: Examples) -> list[Visit]:
    """Every page with every reader who may open it, in every view."""
    found = []
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()):
            continue
        access = app.view_functions[rule.endpoint].access  # type: ignore[attr-defined]
        for values in examples.of(rule):
            with app.test_request_context():
                address = url_for(rule.endpoint, **values)
            views = [address, *(f"{address}?{view}" for view in VIEWS.get(rule.endpoint, ()))]
            found += [
                Visit(who, rule.endpoint, one, access == PUBLIC)
                for who in readers_of(access)
                for one in views
            ]
    return found


def readers_of(access: object) -> tuple[Role | None, ...]:
    """Who may enter, by the marker of the view."""
    if access == PUBLIC:
        return EVERYBODY
    if access == "signed_in":
        return tuple(Role)
    if isinstance(access, frozenset):
        return tuple(role for role in Role if role in access)
    return (Role.COOPERATIVE,)  # one's own cooperative's


def first(query: Select[Any]) -> Any:
    """The first value; an error that shows the query when the demonstration has none."""
    found = db.session.scalar(query.limit(1))
    if found is None:
        raise LookupError(f"the demonstration data lack an example: {query}")
    return found
