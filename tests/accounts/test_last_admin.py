"""The site is never left without an admin who can sign in."""

import itertools

import pytest
from sqlalchemy import select

from app.accounts.models import User
from app.accounts.services import deactivate, set_roles
from app.core.access import Role
from app.core.errors import RuleBroken
from app.core.extensions import db
from app.core.writing import writing
from tests.support.parallel import endings


def admins():
    people = db.session.scalars(select(User).execution_options(populate_existing=True))
    return [user for user in people if user.is_active and user.has_role(Role.ADMIN)]


def test_the_last_admin_is_neither_closed_nor_stripped(make_user):
    admin = make_user(Role.ADMIN)
    for act in (
        lambda user: deactivate(user, reason="uji coba"),
        lambda user: set_roles(user, [Role.EDITOR]),
    ):
        with pytest.raises(RuleBroken, match="admin terakhir"), writing():
            act(db.session.get_one(User, admin.id))
    assert len(admins()) == 1


def test_an_admin_who_has_not_chosen_a_password_does_not_count(make_user):
    admin = make_user(Role.ADMIN)
    make_user(Role.ADMIN, password_hash=None)
    with pytest.raises(RuleBroken, match="admin terakhir"), writing():
        set_roles(db.session.get_one(User, admin.id), [])


def test_an_admin_who_was_closed_does_not_count(make_user):
    admin, gone = make_user(Role.ADMIN), make_user(Role.ADMIN)
    with writing():
        deactivate(db.session.get_one(User, gone.id), reason="pindah")
    with pytest.raises(RuleBroken, match="admin terakhir"), writing():
        deactivate(db.session.get_one(User, admin.id), reason="pindah")


def test_an_invited_admin_can_be_taken_back(make_user):
    make_user(Role.ADMIN)
    invited = make_user(Role.ADMIN, password_hash=None)
    with writing():
        deactivate(db.session.get_one(User, invited.id), reason="salah undang")
    assert len(admins()) == 1


def test_an_admin_does_not_lock_oneself_out_by_accident(client_as, make_user):
    admin = make_user(Role.ADMIN)
    make_user(Role.ADMIN)
    desk = client_as(admin)
    assert "Nonaktifkan akun" not in desk.get(f"/dinas/pengguna/{admin.id}").text
    closed = desk.post(f"/dinas/pengguna/{admin.id}/nonaktif", data={"reason": "uji coba"})
    assert closed.status_code == 422
    assert "Anda tidak dapat menonaktifkan akun sendiri" in closed.text
    stripped = desk.post(f"/dinas/pengguna/{admin.id}/peran", data={"roles": ["editor"]})
    assert stripped.status_code == 422
    assert "Anda tidak dapat melepas peran admin" in stripped.text
    assert len(admins()) == 2


def test_an_admin_may_give_oneself_a_further_role(client_as, make_user):
    admin = make_user(Role.ADMIN)
    client_as(admin).post(f"/dinas/pengguna/{admin.id}/peran", data={"roles": ["admin", "operator"]})
    assert admins()[0].roles == {Role.ADMIN, Role.OPERATOR}


def close(user_id):
    return lambda: deactivate(db.session.get_one(User, user_id), reason="uji coba")


def strip(user_id):
    return lambda: set_roles(db.session.get_one(User, user_id), [Role.OPERATOR])


@pytest.mark.parametrize(
    "acts",
    list(itertools.product((close, strip), repeat=2)),
    ids=lambda acts: "-".join(act.__name__ for act in acts),
)
@pytest.mark.parametrize("turn", range(5))
def test_two_admins_who_remove_each_other_at_once_leave_one(app, make_user, acts, turn):
    one, other = make_user(Role.ADMIN).id, make_user(Role.ADMIN).id
    outcomes = endings(app, acts[0](one), acts[1](other))
    assert sorted(outcome == "done" for outcome in outcomes) == [False, True]
    assert len(admins()) == 1


def test_a_crowd_that_removes_every_admin_at_once_leaves_one(app, make_user):
    ids = [make_user(Role.ADMIN).id for _ in range(6)]
    outcomes = endings(app, *((close, strip)[n % 2](user_id) for n, user_id in enumerate(ids)))
    assert outcomes.count("done") == 5
    assert len(admins()) == 1


def test_two_who_strip_one_admin_at_once_do_it_once(app, make_user):
    make_user(Role.ADMIN)
    second = make_user(Role.ADMIN).id
    assert endings(app, strip(second), strip(second)) == ["done", "done"]
    assert len(admins()) == 1


def test_while_somebody_is_deactivated_rows_that_name_them_may_still_be_added(app, make_user):
    """What a clinic's write adds refers to people; it must not wait for whoever waits for the clinic."""
    admin, leaving = make_user(Role.ADMIN).id, make_user(Role.CONSULTANT).id
    with writing() as session:
        deactivate(session.get_one(User, leaving), by=session.get_one(User, admin))
        named = select(User.id).where(User.id.in_((admin, leaving))).order_by(User.id)
        with db.engine.connect() as other:
            found = (
                other.execute(named.with_for_update(read=True, key_share=True, nowait=True)).scalars().all()
            )
    assert found == sorted((admin, leaving))
