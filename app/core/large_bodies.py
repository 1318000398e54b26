"""A body that is too large to be taken is read to its end all the same, and what it held is told: a browser reads no answer while
it sends, and whoever sent it wants to know which file it was, and to keep what was typed beside it."""

from dataclasses import dataclass, field

from flask import request
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.http import parse_options_header
from werkzeug.sansio.multipart import Data, Field, File, MultipartDecoder, NeedData

MOST_READ = 32 << 20
"""Bytes of a refused body that are still read."""
PIECE = 64 << 10
MOST_HEAD = 1 << 20
"""Bytes in which the head of a part must end."""
MOST_PARTS = 500
MOST_TYPED = 64 << 10
"""Bytes of what was typed that are kept."""


@dataclass
class LargeBody:
    """What such a body held: names and bytes of its files, and what was typed beside them."""

    files: list[tuple[str, int]] = field(default_factory=list)
    fields: list[tuple[str, str]] = field(default_factory=list)
    is_whole: bool = False


def read_to_the_end() -> LargeBody:
    """Read what is still coming. What is no form, or has no end within :data:`MOST_READ`, is read and forgotten."""
    reader, taken, source = _Reader(), 0, request.environ["wsgi.input"]
    while taken < MOST_READ and (piece := source.read(PIECE)):
        taken += len(piece)
        reader.take(piece)
    return reader.end()


class _Reader:
    def __init__(self) -> None:
        kind, options = parse_options_header(request.content_type or "")
        boundary = options.get("boundary", "").encode("utf-8", "replace")
        is_form = kind == "multipart/form-data" and 0 < len(boundary) <= 200
        self._decoder = MultipartDecoder(boundary, max_parts=MOST_PARTS) if is_form else None
        self._found = LargeBody()
        self._part: File | Field | None = None
        self._size, self._typed, self._room = 0, bytearray(), MOST_TYPED

    def take(self, piece: bytes | None) -> None:
        """One more piece; None when there are no more."""
        if self._decoder is None:
            return
        try:
            self._decoder.receive_data(piece)
            while not isinstance(event := self._decoder.next_event(), NeedData):
                if isinstance(event, File | Field):
                    self._part, self._size, self._typed = event, 0, bytearray()
                elif isinstance(event, Data):
                    self._data(event)
                elif self._decoder.complete:
                    self._found.is_whole = True
                    break
        except (ValueError, RequestEntityTooLarge):  # also bytes that are no text
            self._decoder = None
        else:
            if len(self._decoder.buffer) > MOST_HEAD:
                self._decoder = None

    def _data(self, event: Data) -> None:
        self._size += len(event.data)
        if isinstance(self._part, Field):
            self._room -= len(event.data)
            if self._room >= 0:
                self._typed += event.data
        if event.more_data:
            return
        if isinstance(self._part, File):
            if self._part.filename:
                self._found.files.append((self._part.filename, self._size))
        elif self._part is not None:
            self._found.fields.append((self._part.name, self._typed.decode("utf-8", "replace")))

    def end(self) -> LargeBody:
        """What was found; nothing where it did not end as a form ends."""
        self.take(None)
        whole = self._found.is_whole
        return self._found if whole and self._room >= 0 else LargeBody(self._found.files if whole else [])
