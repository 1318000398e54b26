"""Requests as they come in, and a day on which the office works."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine

from app.accounts.models import User
from app.content import services as content
from app.content.models import ContentPage
from app.content.rules import Kind as PageKind
from app.core.access import Role
from app.core.extensions import db
from app.core.writing import writing
from app.desk import services
from app.desk.asking import Asking
from app.desk.forms import new_key
from app.desk.models import ServiceRequest
from app.desk.rules import AnswerBy, Channel, Copy, Kind, Requester

QUESTION = "Bagaimana cara mengubah anggaran dasar koperasi kami?"


@pytest.fixture(autouse=True)
def november() -> Iterator[None]:
    """Monday, 9 November 2026, eleven in the morning in Malang; no holiday comes until Christmas."""
    with time_machine.travel(datetime(2026, 11, 9, 4, tzinfo=UTC), tick=True):
        yield


@pytest.fixture
def operator(make_user: Callable[..., User]) -> User:
    return make_user(Role.OPERATOR, name="Operator Satu")


@pytest.fixture
def make_request(app: Any) -> Callable[..., ServiceRequest]:
    """``make_request(**of Asking)``: a request that came through the site; ``by=`` an operator, ``information=True``."""

    def make(
        *, information: bool = False, by: User | None = None, requester: User | None = None, **values: Any
    ) -> ServiceRequest:
        asked = {
            "kind": Kind.INFORMATION if information else Kind.SERVICE,
            "channel": Channel.PHONE if by else Channel.WEBSITE,
            "question": QUESTION,
            "name": "Sari Rekaan",
            "answer_by": AnswerBy.EMAIL,
            "email": "sari@contoh.co.id",
        }
        if information:
            asked |= {"requester": Requester.PERSON, "purpose": "Penelitian", "wanted_as": Copy.DIGITAL}
        people = [person.id if person else 0 for person in (by, requester)]
        with writing() as session:
            recorded_by, sent_by = (session.get(User, id_) for id_ in people)
            made = services.receive(
                Asking(**(asked | values)), form_key=new_key(), by=recorded_by, requester=sent_by
            )
            id_ = made.id
        return db.session.get_one(ServiceRequest, id_)

    return make


@pytest.fixture
def make_service(app: Any) -> Callable[[str], ContentPage]:
    """``make_service(slug)``: the public page of a service."""

    def make(slug: str) -> ContentPage:
        values = {"title": slug.replace("-", " ").capitalize(), "slug": slug, "section": "legal"}
        with writing():
            page = content.create_page(PageKind.SERVICE, values, by=None)
            content.publish(page, at=None)
        return page

    return make
