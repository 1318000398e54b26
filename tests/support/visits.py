"""Which pages there are, for whom, and an address of each on the demonstration data.

The list comes from the application's own map of addresses, so a new page is in it by itself. When a page needs an example
that is not known here, that is an error which says so.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from flask import Flask, url_for
from sqlalchemy import ColumnElement, String, cast, exists, select
from werkzeug.routing import Rule

from app.accounts.models import Handover, User
from app.audit.models import TrailEntry
from app.content.models import ContentPage
from app.content.queries import is_public
from app.content.rules import Kind
from app.cooperatives.models import Cooperative, Listing, Membership, MembershipState
from app.core.access import Role
from app.core.extensions import db
from app.demo.accounts import SIGN_INS
from app.desk.models import ServiceRequest
from app.notifications.models import OutboxMessage
from app.pages.guide import GUIDES
from app.programs.application_models import ProgramApplication
from app.programs.models import Program
from app.programs.rules import State as ProgramState
from app.questionnaire.feed import feed_of
from app.questionnaire.models import Receipt, Report, ReportEvent
from app.questionnaire.queries import current_year, edition_of
from app.questionnaire.rules import EventKind, Origin, Status
from app.review.models import CleanBatch
from tests.support.examples import clinic, enterprises, programs
from tests.support.examples.common import Values, first
from tests.support.examples.views import VIEWS

PUBLIC, SIGNED_IN = "public", "signed_in"
EVERYBODY = (None, *Role)
FOREIGN = {"clinic.desk_class": (Role.OPERATOR,)}  # the example is another consultant's: who may open it
MANAGER = next(one for one in SIGN_INS if one.role is Role.COOPERATIVE)


@dataclass(frozen=True)
class Visit:
    """A page as one kind of reader opens it; ``who`` is None for those who have not signed in."""

    who: Role | None
    endpoint: str
    address: str
    is_public: bool
    is_everyones: bool = False  # of all who have signed in


class Examples:
    """Values for the parts of addresses, from the demonstration data. ``one_time`` is the token of an invitation that still
    works, ``link`` that of an owner's link."""

    def __init__(self, one_time: str, link: str) -> None:
        self.one_time, self.link = one_time, link
        self.year = current_year()

    def of(self, rule: Rule) -> list[Values]:
        """The parameters of ``rule``, for each state of the page that is worth a look."""
        for feature in (clinic, enterprises, programs):
            if (found := feature.examples(rule, self.link)) is not None:
                return list(found)
        if rule.endpoint == "pages.guide_page":
            return [{"slug": guide.slug} for guide in GUIDES]
        if rule.endpoint == "cooperatives.end_form":
            return [self._membership()]
        if rule.endpoint == "questionnaire.receipt":
            return list(self._own(exists().where(Receipt.report_id == Report.id)))[:1]
        if rule.endpoint == "accounts.handover":
            return [{"person_id": first(select(Handover.person_id))}]
        if rule.endpoint.startswith("content.") and rule.arguments:
            return list(self._pages(rule))
        if rule.endpoint.startswith(("desk.", "requests.")) and rule.arguments:
            return list(self._requests(rule))
        if rule.endpoint.startswith("files.") or rule.endpoint == "operations.read_metrics":
            return []  # what is handed out is no page
        if rule.endpoint == "accounts.second":
            return []  # stands between password and session: tests/accounts/test_two_step.py
        name = "_".join(sorted(rule.arguments)) or "nothing"
        found = getattr(self, {"year": "editions_year"}.get(name, name), None)
        if found is None:
            raise LookupError(
                f"{rule.rule}: tests/support/visits.py knows no example of {sorted(rule.arguments)}"
            )
        return list(found())

    def application_id(self) -> Iterator[Values]:
        """The manager's own."""
        own = select(ProgramApplication.id).join(User).where(User.email == MANAGER.email)
        yield {"application_id": first(own)}

    def program_id(self) -> Iterator[Values]:
        """A draft, and one that everybody reads."""
        for state in (ProgramState.DRAFT, ProgramState.PUBLISHED):
            yield {"program_id": first(select(Program.id).where(Program.state == state))}

    def _pages(self, rule: Rule) -> Iterator[Values]:
        """A public page of the kind that stands there; for the editor a service and a draft of news."""
        kinds = {
            "content.service": Kind.SERVICE,
            "content.story": Kind.NEWS,
            "content.entry": Kind.INFORMATION,
        }
        if rule.endpoint in kinds:
            pages = select(ContentPage.slug).where(ContentPage.kind == kinds[rule.endpoint], is_public())
            yield {"slug": first(pages.order_by(ContentPage.id))}
        else:
            yield {"page_id": first(select(ContentPage.id).where(ContentPage.kind == Kind.SERVICE))}
            drafts = select(ContentPage.id).where(ContentPage.state == "draft")
            yield {"page_id": first(drafts.where(ContentPage.kind == Kind.NEWS))}

    def _requests(self, rule: Rule) -> Iterator[Values]:
        """Open, overdue, closed and of both kinds; what opens with number and code alone is nobody's page."""
        if rule.endpoint == "desk.ask":
            yield {"slug": first(select(ContentPage.slug).where(ContentPage.kind == "service"))}
        elif "request_id" in rule.arguments:
            of_kind = select(ServiceRequest.id).where(ServiceRequest.kind == "information")
            yield {"request_id": first(select(ServiceRequest.id).where(ServiceRequest.outcome.is_(None)))}
            yield {"request_id": first(of_kind.where(ServiceRequest.outcome == "refused"))}
            yield {"request_id": first(of_kind.where(ServiceRequest.outcome.is_(None)))}

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

    def number(self) -> Iterator[Values]:
        """The first part of the site map."""
        yield {"number": 1}

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
                Visit(who, rule.endpoint, one, access == PUBLIC, access == SIGNED_IN)
                for who in FOREIGN.get(rule.endpoint, readers_of(access))
                for one in views
            ]
    return found


def readers_of(access: object) -> tuple[Role | None, ...]:
    """Who may enter, by the marker of the view."""
    if access == PUBLIC:
        return EVERYBODY
    if access == SIGNED_IN:
        return tuple(Role)
    if isinstance(access, frozenset):
        return tuple(role for role in Role if role in access)
    if access == "own_enterprise":
        return (Role.ENTERPRISE,)
    return (Role.COOPERATIVE,)  # one's own cooperative's
