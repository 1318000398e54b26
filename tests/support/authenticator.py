"""A device with a passkey, in software: answers a site's questions as a browser would post them (WebAuthn level 2)."""

import hashlib
import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

PRESENT, VERIFIED, WITH_KEY = 0x01, 0x04, 0x40


@dataclass
class Authenticator:
    """One device that holds one key. ``count`` is what it says next; None: it does not count, and says 0."""

    origin: str = "http://localhost"
    name: str = "localhost"
    count: int | None = None
    credential_id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def make(self, question: dict[str, Any]) -> str:
        """What ``navigator.credentials.create`` gives for ``question``."""
        numbers = self.key.public_key().public_numbers()
        public = cbor2.dumps({1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32), -3: numbers.y.to_bytes(32)})
        held = bytes(16) + len(self.credential_id).to_bytes(2) + self.credential_id + public
        about = self._about(WITH_KEY) + held
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": about})
        client = self._client("webauthn.create", question)
        return self._answer(clientDataJSON=client, attestationObject=attestation, transports=["internal"])

    def sign(self, question: dict[str, Any]) -> str:
        """What ``navigator.credentials.get`` gives for ``question``."""
        client, about = self._client("webauthn.get", question), self._about()
        signed = self.key.sign(about + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return self._answer(clientDataJSON=client, authenticatorData=about, signature=signed)

    def _client(self, kind: str, question: dict[str, Any]) -> bytes:
        return json.dumps({"type": kind, "challenge": question["challenge"], "origin": self.origin}).encode()

    def _about(self, more: int = 0) -> bytes:
        said = 0
        if self.count is not None:
            said, self.count = self.count, self.count + 1
        flags = PRESENT | VERIFIED | more
        return hashlib.sha256(self.name.encode()).digest() + bytes([flags]) + said.to_bytes(4)

    def _answer(self, **parts: Any) -> str:
        response = {name: text(part) if isinstance(part, bytes) else part for name, part in parts.items()}
        named = text(self.credential_id)
        return json.dumps({"id": named, "rawId": named, "type": "public-key", "response": response})


def text(raw: bytes) -> str:
    """Bytes as base64url without padding."""
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def raw(typed: str) -> bytes:
    """The bytes of :func:`text`."""
    return urlsafe_b64decode(typed + "=" * (-len(typed) % 4))
