"""Sessions that survive a clock set back.

A session is signed with the time of day, and one from the future counts as broken. But clocks are set right while people
work, by a second or by an hour, and each answer signs the session anew: whoever had just asked would be signed out.
"""

from typing import Any

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import SignatureExpired, TimestampSigner, URLSafeTimedSerializer

AHEAD = 24 * 3600
"""Seconds by which a session may come from the future."""


class PatientSigner(TimestampSigner):
    """Takes what was signed up to a day ahead as signed now; what is too old stays too old."""

    def unsign(
        self, signed_value: str | bytes, max_age: int | None = None, return_timestamp: bool = False
    ) -> Any:
        try:
            return super().unsign(signed_value, max_age, return_timestamp)  # type: ignore[call-overload]
        except SignatureExpired as refused:
            signed = refused.date_signed
            if signed is None or not 0 < signed.timestamp() - self.get_timestamp() <= AHEAD:
                raise
            return super().unsign(signed_value, None, return_timestamp)  # type: ignore[call-overload]


class Sessions(SecureCookieSessionInterface):
    """Flask's own, with that signer."""

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        made = super().get_signing_serializer(app)
        if made is not None:
            made.signer = PatientSigner
        return made
