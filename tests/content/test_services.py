"""Writing, publishing, checking and handing on pages."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from app.accounts import services as accounts
from app.accounts.models import User
from app.accounts.signals import work_of
from app.audit.queries import history_of
from app.content import queries, services
from app.content.models import ContentPage
from app.content.queries import Wanted, desk_list
from app.content.rules import NEVER_DUE, PLAIN_SLUG, RESERVED, SECTIONS, Kind, State
from app.core.access import Role
from app.core.database import now, today
from app.core.errors import RuleBroken
from app.core.extensions import db
from app.core.writing import writing

Make = Callable[..., ContentPage]


def test_two_pages_of_a_kind_never_share_an_address_but_kinds_do(make_page: Make) -> None:
    make_page(Kind.NEWS, title="Sama")
    make_page(Kind.SERVICE, title="Sama")
    with pytest.raises(RuleBroken) as no:
        make_page(Kind.NEWS, title="Sama")
    assert no.value.field == "slug"


@pytest.mark.parametrize(
    ("values", "field"),
    [({"title": ""}, "title"), ({"section": "bukan"}, "section"), ({"title": "?!"}, "slug")],
)
def test_a_page_needs_a_title_a_group_and_an_address(
    make_page: Make, values: dict[str, str], field: str
) -> None:
    with pytest.raises(RuleBroken) as no:
        make_page(Kind.SERVICE, **values)
    assert no.value.field == field


def test_the_database_itself_keeps_a_page_in_a_group_of_its_kind(make_page: Make) -> None:
    make_page(Kind.SERVICE)
    with pytest.raises(IntegrityError), writing():
        db.session.execute(update(ContentPage).values(section="berkala"))


def test_a_save_against_an_old_version_is_refused_with_what_differs(make_page: Make, editor: User) -> None:
    page = make_page(Kind.NEWS, title="Awal")
    seen = page.version
    with writing():
        services.change_page(page, {"title": "Dari Dahlia"}, base_version=seen, by=editor)
    with pytest.raises(services.Overtaken) as no, writing():
        services.change_page(page, {"title": "Dari lain", "body": ""}, base_version=seen, by=editor)
    assert no.value.changed == ["title"]
    assert editor.name in str(no.value.text)
    assert page.title == "Dari Dahlia"


def test_saving_what_already_stands_there_changes_nothing(make_page: Make, editor: User) -> None:
    page = make_page(Kind.NEWS, title="Awal")
    before = page.version
    with writing():
        assert services.change_page(page, {"title": "Awal"}, base_version=before - 1, by=editor) == []
    assert page.version == before


def test_the_address_of_a_page_that_was_published_stays(make_page: Make, editor: User) -> None:
    draft, page = make_page(title="Draf", published=False), make_page(title="Terbit")
    with writing():
        services.change_page(draft, {"slug": "lain"}, base_version=draft.version, by=editor)
    assert draft.slug == "lain"
    with pytest.raises(RuleBroken) as no, writing():
        services.change_page(page, {"slug": "lain-lagi"}, base_version=page.version, by=editor)
    assert no.value.field == "slug"


def test_a_changed_text_leaves_its_translation_behind_until_that_is_changed(
    make_page: Make, editor: User
) -> None:
    page = make_page(title="Awal", title_en="Beginning")
    with writing():
        services.change_page(page, {"body": "Baru"}, base_version=page.version, by=editor)
    assert page.english_behind
    with writing():
        services.change_page(page, {"body_en": "New"}, base_version=page.version, by=editor)
    assert not page.english_behind


def test_a_page_to_which_every_page_links_is_never_withdrawn(make_page: Make) -> None:
    page = make_page(Kind.ABOUT, section="accessibility", slug="aksesibilitas", title="Aksesibilitas")
    with pytest.raises(RuleBroken), writing():
        services.withdraw(page)
    assert page.state is State.PUBLISHED


def test_publishing_again_keeps_the_first_day(make_page: Make) -> None:
    page = make_page(at=now() - timedelta(days=9))
    first = page.publish_at
    with writing():
        services.withdraw(page)
        services.publish(page)
    assert page.publish_at == first


def test_checking_counts_the_interval_from_that_day(make_page: Make, editor: User) -> None:
    page = make_page(Kind.SERVICE)
    assert page.due_on == today()
    with writing():
        services.mark_checked(page, by=editor)
    assert page.due_on == today() + timedelta(days=180)
    with writing():
        services.keep_up(page, owner=editor, every=30, unit="")
    assert page.due_on == today() + timedelta(days=30)
    assert make_page(Kind.NEWS).due_on == NEVER_DUE


@pytest.mark.parametrize("roles", [(), (Role.OPERATOR,)])
def test_only_an_editor_keeps_a_page(
    make_page: Make, make_user: Callable[..., User], roles: tuple[Role, ...]
) -> None:
    page, person = make_page(Kind.SERVICE), make_user(*roles)
    with pytest.raises(RuleBroken) as no, writing():
        services.keep_up(page, owner=person, every=180, unit="")
    assert no.value.field == "pemilik"
    with pytest.raises(RuleBroken) as no, writing():
        services.keep_up(page, owner=None, every=7, unit="")
    assert no.value.field == "setiap"


def test_an_editor_who_leaves_must_hand_the_pages_on(
    make_page: Make, editor: User, make_user: Callable[..., User]
) -> None:
    admin, colleague = make_user(Role.ADMIN), make_user(Role.EDITOR)
    page = make_page(Kind.SERVICE, title="Dirawat", by=editor)
    work = [section for section in work_of(editor) if "rawat" in section.title]
    assert [line.text for line in work[0].lines] == ["Dirawat"]
    assert work[0].lines[0].url == f"/dinas/konten/{page.id}"
    with writing():
        accounts.deactivate(editor, by=admin, reason="Pindah", successor=colleague)
    assert page.owner_id == colleague.id
    with writing():
        accounts.set_roles(colleague, [Role.OPERATOR])
    assert page.owner_id is None


def test_pages_handed_to_somebody_who_does_not_edit_are_kept_by_nobody(
    app: Flask, make_page: Make, editor: User, make_user: Callable[..., User]
) -> None:
    page, operator = make_page(Kind.SERVICE, by=editor), make_user(Role.OPERATOR)
    with writing():
        services.hand_over(editor, operator)
    assert page.owner_id is None
    with app.test_request_context():
        assert [row.id for row in desk_list(Wanted(show="tanpa-pemilik")).rows] == [page.id]


def test_every_change_is_on_the_trail(make_page: Make, editor: User) -> None:
    page = make_page(title="Jejak")
    with writing():
        services.change_page(page, {"body": "x" * 5000}, base_version=page.version, by=editor)
        services.mark_checked(page, by=editor)
        services.withdraw(page)
    history = history_of(services.ABOUT, page.id)
    assert [one.action for one in history] == [
        "content.withdrawn", "content.checked", "content.changed", "content.published", "content.created",
    ]  # fmt: skip
    assert len(str(history[2].after)) < 400
    assert queries.waiting_pages() == 0


@pytest.mark.parametrize(
    ("kind", "slug"), [(kind, slug) for kind, slugs in sorted(RESERVED.items()) for slug in sorted(slugs)]
)
def test_a_page_cannot_take_an_address_of_the_site_itself(make_page, desk, kind, slug):
    for values in ({"title": "Apa saja", "slug": slug}, {"title": slug.title()}):
        with pytest.raises(RuleBroken, match=slug) as no:
            make_page(kind, **values)
        assert no.value.field == "slug"
    typed = {"title": "Apa saja", "slug": slug, "section": SECTIONS[kind][0].code}
    answer = desk.post(f"/dinas/konten/baru?jenis={kind}", data=typed)
    assert answer.status_code == 422
    assert "sudah dipakai halaman situs ini" in answer.text
    assert 'href="#slug"' in answer.text


def test_the_reserved_addresses_are_those_beside_which_the_pages_of_a_kind_stand(app):
    endpoints = {
        "content.service": Kind.SERVICE,
        "content.story": Kind.NEWS,
        "content.entry": Kind.INFORMATION,
    }
    rules = list(app.url_map.iter_rules())
    for rule in rules:
        if rule.endpoint in endpoints:
            stem = rule.rule.removesuffix("<slug>")
            beside = {
                one.rule.removeprefix(stem).partition("/")[0] for one in rules if one.rule.startswith(stem)
            }
            named = {one for one in beside if PLAIN_SLUG.fullmatch(one)}
            assert named == RESERVED[endpoints.pop(rule.endpoint)], stem
    assert not endpoints
