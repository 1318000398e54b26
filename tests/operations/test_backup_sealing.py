"""A backup under a passphrase: nobody reads it without, and nothing of it can be changed unnoticed."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import RuleBroken
from app.operations.backup import sealing
from app.operations.backup.sealing import HEAD, HEADER, MAGIC, PIECE, SEAL, Damaged, Sealer, Unsealer

START = len(MAGIC) + HEAD.size + HEADER


@pytest.fixture(autouse=True)
def cheap(monkeypatch):
    monkeypatch.setattr(sealing, "ROUNDS", 1)
    monkeypatch.setattr(sealing, "MEBIBYTES", 1)


def sealed(content, passphrase="kuda hijau", step=100_000):
    out = io.BytesIO()
    sealer = Sealer(out, passphrase)
    for start in range(0, len(content), step):
        sealer.write(content[start : start + step])
    sealer.finish()
    return out.getvalue()


def opened(content, passphrase="kuda hijau"):
    return Unsealer(io.BytesIO(content), passphrase).read()


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE, 200_000])
def test_what_is_sealed_comes_back_as_it_was(size):
    content = bytes(range(256)) * (size // 256 + 1)
    assert opened(sealed(content[:size])) == content[:size]


def test_nothing_of_it_can_be_read_without_the_passphrase():
    content = b"Koperasi Melati" * 1000
    assert b"Melati" not in sealed(content)
    with pytest.raises(RuleBroken, match="Sandi cadangan ini salah"):
        opened(sealed(content), "kuda merah")


CONTENT = bytes(range(256)) * 600


@pytest.mark.parametrize(
    "change",
    [
        lambda whole: whole[:-1],
        lambda whole: whole[: START + PIECE + SEAL],
        lambda whole: whole[:START],
        lambda whole: whole[: START - 1],
        lambda whole: whole + b"x",
        lambda whole: whole[:START] + whole[START + PIECE + SEAL :],
        lambda whole: b"SIMPUL SEALED 2\n" + whole[16:],
    ],
    ids=[
        "last byte",
        "at a piece",
        "all pieces",
        "in the head",
        "one byte more",
        "first piece",
        "other format",
    ],
)
def test_what_is_cut_or_left_out_is_noticed(change):
    with pytest.raises(Damaged):
        opened(change(sealed(CONTENT)))


@given(place=st.integers(0, START + 2 * (PIECE + SEAL)), bit=st.integers(0, 7))
def test_no_bit_can_be_changed_unnoticed(place, bit):
    whole = bytearray(sealed(CONTENT))
    whole[place % len(whole)] ^= 1 << bit
    with pytest.raises(RuleBroken):
        opened(bytes(whole))


def test_a_false_head_cannot_take_the_memory_of_the_machine():
    whole = sealed(CONTENT)
    greedy = MAGIC + HEAD.pack(3, 1 << 20, bytes(16), bytes(16)) + whole[START - HEADER :]
    with pytest.raises(Damaged):
        opened(greedy)
