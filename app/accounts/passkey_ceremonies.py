"""What the ``webauthn`` library does for passkeys: questions to a browser, and whether its answers are true.

The library is an extra (requirements-passkey.txt). Without it :func:`installed` is False, and nobody calls the rest.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from typing import Any

from app.accounts.passkey_models import LONGEST_ID, Passkey
from app.accounts.passkey_site import Party

LONGEST_ANSWER = 40_000
"""Characters; a device's answer has about a thousand, with a certificate some thousand more."""
TRANSPORTS = frozenset({"usb", "nfc", "ble", "smart-card", "hybrid", "internal", "cable"})


class Untrue(Exception):
    """An answer that does not fit the question, the site or the key. Why is for the log, not for the person."""


@dataclass(frozen=True)
class Owner:
    """Whom a device is to make a key for. ``handle``: bytes that name the account and tell nothing about the person."""

    handle: bytes
    account: str
    name: str


@dataclass(frozen=True)
class NewKey:
    """What a device says of the key that it has made."""

    credential_id: str
    public_key: bytes
    sign_count: int
    transports: list[str]


@cache
def installed() -> bool:
    """Whether this site has the extra."""
    return find_spec("webauthn") is not None


def question_for_new(
    party: Party, owner: Owner, *, challenge: bytes, site: str, known: Sequence[Passkey]
) -> dict[str, Any]:
    """For ``navigator.credentials.create``; a device that holds one of ``known`` already says so."""
    from webauthn import generate_registration_options, options_to_json
    from webauthn.helpers.structs import (
        AuthenticatorSelectionCriteria,
        ResidentKeyRequirement,
        UserVerificationRequirement,
    )

    options = generate_registration_options(
        rp_id=party.name,
        rp_name=site,
        user_id=owner.handle,
        user_name=owner.account,
        user_display_name=owner.name,
        challenge=challenge,
        exclude_credentials=_descriptors(known),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED,
            user_verification=UserVerificationRequirement.PREFERRED,
        ),
    )
    asked: dict[str, Any] = json.loads(options_to_json(options))
    return asked


def question_for_known(party: Party, *, challenge: bytes, known: Sequence[Passkey]) -> dict[str, Any]:
    """For ``navigator.credentials.get``: one of ``known`` has to answer."""
    from webauthn import generate_authentication_options, options_to_json

    options = generate_authentication_options(
        rp_id=party.name, challenge=challenge, allow_credentials=_descriptors(known)
    )
    asked: dict[str, Any] = json.loads(options_to_json(options))
    return asked


def read_new(answer: str, party: Party, *, challenge: bytes) -> NewKey:
    """The key that ``answer`` brings. Raises Untrue."""
    from webauthn import verify_registration_response
    from webauthn.helpers import bytes_to_base64url

    sent = _read(answer)
    try:
        made = verify_registration_response(
            credential=sent,
            expected_challenge=challenge,
            expected_rp_id=party.name,
            expected_origin=party.origin,
        )
    except (
        Exception
    ) as wrong:  # the library parses what a stranger sent: whatever it trips over, the answer is no good
        raise Untrue(str(wrong)) from wrong
    credential_id = bytes_to_base64url(made.credential_id)
    if len(credential_id) > LONGEST_ID:
        raise Untrue("the id of the key is too long")
    return NewKey(credential_id, made.credential_public_key, made.sign_count, _transports(sent))


def credential_of(answer: str) -> str:
    """The id of the key that ``answer`` claims to be signed with. Raises Untrue."""
    named = _read(answer).get("id")
    if not isinstance(named, str) or not 0 < len(named) <= LONGEST_ID:
        raise Untrue("names no key")
    return named


def read_count(answer: str, party: Party, *, challenge: bytes, public_key: bytes) -> int:
    """How often the device says it has signed, once the signature is found to be right. Raises Untrue.

    Whether that is more than last time is for the caller to judge: it holds the last figure.
    """
    from webauthn import verify_authentication_response

    try:
        checked = verify_authentication_response(
            credential=_read(answer),
            expected_challenge=challenge,
            expected_rp_id=party.name,
            expected_origin=party.origin,
            credential_public_key=public_key,
            credential_current_sign_count=0,
        )
    except Exception as wrong:  # as above
        raise Untrue(str(wrong)) from wrong
    return int(checked.new_sign_count)


def _read(answer: str) -> dict[str, Any]:
    try:
        sent = json.loads(answer) if len(answer) <= LONGEST_ANSWER else None
    except (ValueError, RecursionError) as wrong:
        raise Untrue("no JSON") from wrong
    if not isinstance(sent, dict):
        raise Untrue("no JSON object")
    return sent


def _transports(sent: dict[str, Any]) -> list[str]:
    response = sent.get("response")
    told = response.get("transports") if isinstance(response, dict) else None
    named = told if isinstance(told, list) else []
    return sorted(TRANSPORTS.intersection(one for one in named if isinstance(one, str)))


def _descriptors(known: Sequence[Passkey]) -> list[Any]:
    from webauthn.helpers import base64url_to_bytes
    from webauthn.helpers.structs import AuthenticatorTransport, PublicKeyCredentialDescriptor

    return [
        PublicKeyCredentialDescriptor(
            id=base64url_to_bytes(key.credential_id),
            transports=[AuthenticatorTransport(one) for one in key.transports] or None,
        )
        for key in known
    ]
