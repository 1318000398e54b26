"""Backups under a passphrase: a stream of sealed pieces, so that no file is ever whole in memory.

XChaCha20-Poly1305 in libsodium's *secretstream*: pieces cannot be changed, left out, reordered or cut off at the end unnoticed.
The key comes from the passphrase by Argon2id, whose cost is written in the head of the file, so that it may rise one day.
"""

import hashlib
import hmac
import secrets
import struct
from typing import Protocol

from nacl import bindings
from nacl.exceptions import CryptoError
from nacl.pwhash import argon2id

from app.core.errors import RuleBroken
from app.core.text import N_

MAGIC = b"SIMPUL SEALED 1\n"
PIECE = 1 << 16  # bytes before they are sealed
SEAL = bindings.crypto_secretstream_xchacha20poly1305_ABYTES
HEADER = bindings.crypto_secretstream_xchacha20poly1305_HEADERBYTES
MESSAGE = bindings.crypto_secretstream_xchacha20poly1305_TAG_MESSAGE
FINAL = bindings.crypto_secretstream_xchacha20poly1305_TAG_FINAL
HEAD = struct.Struct("<II16s16s")  # rounds, MiB, salt, proof of the passphrase
ROUNDS, MEBIBYTES = 3, 64
MOST_ROUNDS, MOST_MEBIBYTES = 20, 1024  # a false head must not take the machine's memory


class Writes(Protocol):
    """Where bytes may go."""

    def write(self, data: bytes, /) -> object: ...


class Reads(Protocol):
    """Where bytes come from."""

    def read(self, size: int, /) -> bytes: ...


class Damaged(RuleBroken):
    """A backup that cannot be read as it was written."""

    def __init__(self) -> None:
        super().__init__(
            N_(
                "Berkas cadangan ini rusak atau terpotong. Pakai cadangan lain; salinannya mungkin masih utuh."
            )
        )


def key_of(passphrase: str, salt: bytes, rounds: int, mebibytes: int) -> bytes:
    """The key that a passphrase makes."""
    return bytes(argon2id.kdf(32, passphrase.encode(), salt, opslimit=rounds, memlimit=mebibytes << 20))


def proof_of(key: bytes) -> bytes:
    """By which a wrong passphrase is told from a damaged file."""
    return hmac.new(key, b"simpul backup", hashlib.sha256).digest()[:16]


class Sealer:
    """Seals what is written to it. :meth:`finish` must be called, or what stands there counts as cut off."""

    def __init__(self, out: Writes, passphrase: str) -> None:
        salt = secrets.token_bytes(argon2id.SALTBYTES)
        key = key_of(passphrase, salt, ROUNDS, MEBIBYTES)
        self._out, self._waiting = out, bytearray()
        self._state = bindings.crypto_secretstream_xchacha20poly1305_state()
        header = bindings.crypto_secretstream_xchacha20poly1305_init_push(self._state, key)
        out.write(MAGIC + HEAD.pack(ROUNDS, MEBIBYTES, salt, proof_of(key)) + header)

    def write(self, data: bytes, /) -> None:
        """Take ``data``; whole pieces go on at once."""
        self._waiting += data
        while len(self._waiting) > PIECE:
            self._push(bytes(self._waiting[:PIECE]), MESSAGE)
            del self._waiting[:PIECE]

    def finish(self) -> None:
        """The last piece, marked as the last."""
        self._push(bytes(self._waiting), FINAL)
        self._waiting.clear()

    def _push(self, piece: bytes, tag: int) -> None:
        self._out.write(bindings.crypto_secretstream_xchacha20poly1305_push(self._state, piece, tag=tag))


class Unsealer:
    """Reads what :class:`Sealer` wrote. Raises :class:`Damaged`, or RuleBroken for a wrong passphrase."""

    def __init__(self, source: Reads, passphrase: str) -> None:
        head = source.read(len(MAGIC) + HEAD.size + HEADER)
        if len(head) < len(MAGIC) + HEAD.size + HEADER or not head.startswith(MAGIC):
            raise Damaged
        rounds, mebibytes, salt, proof = HEAD.unpack_from(head, len(MAGIC))
        if not (1 <= rounds <= MOST_ROUNDS and 1 <= mebibytes <= MOST_MEBIBYTES):
            raise Damaged
        key = key_of(passphrase, salt, rounds, mebibytes)
        if not hmac.compare_digest(proof, proof_of(key)):
            raise RuleBroken(
                N_(
                    "Sandi cadangan ini salah. Sandinya adalah SIMPUL_BACKUP_PASSPHRASE pada hari cadangan dibuat."
                )
            )
        self._source, self._ready, self._ended = source, bytearray(), False
        self._state = bindings.crypto_secretstream_xchacha20poly1305_state()
        bindings.crypto_secretstream_xchacha20poly1305_init_pull(self._state, head[-HEADER:], key)

    def read(self, size: int = -1, /) -> bytes:
        """At most ``size`` bytes; fewer only at the end."""
        while not self._ended and (size < 0 or len(self._ready) < size):
            self._pull()
        taken = len(self._ready) if size < 0 else size
        found = bytes(self._ready[:taken])
        del self._ready[:taken]
        return found

    def _pull(self) -> None:
        sealed = self._source.read(PIECE + SEAL)
        if len(sealed) < SEAL:
            raise Damaged
        try:
            piece, tag = bindings.crypto_secretstream_xchacha20poly1305_pull(self._state, sealed)
        except (CryptoError, RuntimeError) as wrong:
            raise Damaged from wrong
        self._ready += piece
        if tag == FINAL:
            self._ended = True
            if self._source.read(1):
                raise Damaged


def is_sealed(head: bytes) -> bool:
    """Whether a file that begins with ``head`` needs a passphrase."""
    return head.startswith(MAGIC)
