"""Who may enter which page of accounts: every role, signed out, and every address."""

import pytest
from flask import url_for

from app.core.access import Role

NOBODY = "nobody"
EVERYBODY = frozenset(Role) | {NOBODY}
SIGNED_IN = frozenset(Role)
DESK = frozenset({Role.OPERATOR, Role.ADMIN})
ADMIN = frozenset({Role.ADMIN})

MAY = {
    "sign_in": EVERYBODY,
    "check_in": EVERYBODY,
    "sign_out": EVERYBODY,
    "forgot": EVERYBODY,
    "ask_link": EVERYBODY,
    "code": EVERYBODY,
    "exchange": EVERYBODY,
    "redeem": EVERYBODY,
    "set_password": EVERYBODY,
    "second": EVERYBODY,
    "check_second": EVERYBODY,
    "ask_second_passkey": EVERYBODY,
    "check_second_passkey": EVERYBODY,
    "sign_out_all": SIGNED_IN,
    "end_session": SIGNED_IN,
    "end_other_sessions": SIGNED_IN,
    "prove": SIGNED_IN,
    "own_data_page": SIGNED_IN,
    "own_data_file": SIGNED_IN,
    "ask_erasure": SIGNED_IN,
    "withdraw_erasure": SIGNED_IN,
    "two_step": SIGNED_IN,
    "start_two_step": SIGNED_IN,
    "set_up_two_step": SIGNED_IN,
    "confirm_two_step": SIGNED_IN,
    "renew_recovery_codes": SIGNED_IN,
    "new_passkey": SIGNED_IN,
    "ask_new_passkey": SIGNED_IN,
    "add_passkey": SIGNED_IN,
    "remove_passkey": SIGNED_IN,
    "ask_proof": SIGNED_IN,
    "turn_two_step_off": SIGNED_IN,
    "account": SIGNED_IN,
    "save_contacts": SIGNED_IN,
    "save_password": SIGNED_IN,
    "kept": SIGNED_IN,
    "throw_away": SIGNED_IN,
    "inbox": SIGNED_IN,
    "open_message": SIGNED_IN,
    "read_all": SIGNED_IN,
    "save_channels": SIGNED_IN,
    "people": DESK,
    "person": DESK,
    "save_person": DESK,
    "make_link": DESK,
    "reset_two_step": DESK,
    "erase_person": ADMIN,
    "invite": ADMIN,
    "send_invitation": ADMIN,
    "save_roles": ADMIN,
    "deactivate": ADMIN,
    "reactivate": ADMIN,
    "handover": ADMIN,
    "outbox": DESK,
    "message": DESK,
    "read_out": DESK,
    "send_again": DESK,
    "hand_over": DESK,
}
LET_IN = {200, 302, 303, 404, 409, 410, 422}
FILLED_IN = {
    "person_id": 2_147_483_600,
    "form_id": 2_147_483_600,
    "message_id": 2_147_483_600,
    "session_id": 2_147_483_600,
    "passkey_id": 2_147_483_600,
    "token": "x" * 43,
}


def rules_of(app):
    return {
        rule.endpoint.removeprefix("accounts."): rule
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("accounts.")
    }


def test_every_address_of_accounts_stands_in_this_list(app):
    assert set(rules_of(app)) == set(MAY)


@pytest.mark.parametrize("role", [*Role, NOBODY])
def test_each_role_enters_where_it_may_and_nowhere_else(app, client_as, make_user, role):
    wrong = []
    for endpoint, rule in rules_of(app).items():
        browser = app.test_client() if role == NOBODY else client_as(make_user(role))
        with app.test_request_context():
            address = url_for(rule.endpoint, **{name: FILLED_IN[name] for name in rule.arguments})
        answer = browser.get(address) if "GET" in rule.methods else browser.post(address)
        if not answered_rightly(answer, endpoint, role):
            wrong.append((address, answer.status))
    assert wrong == []


def answered_rightly(answer, endpoint, role):
    """Let in, sent to the door with the way back, or refused, as the list says."""
    if role in MAY[endpoint]:
        return answer.status_code in LET_IN and not (answer.location or "").startswith("/masuk?")
    if role == NOBODY:
        return (answer.location or "").split("?")[0] == "/masuk"
    return answer.status_code == 403
