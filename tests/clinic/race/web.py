"""A browser's part of HTTP: an address of its own, the session's cookie, and the token of the page's forms."""

import http.client
import re
from dataclasses import dataclass
from urllib.parse import urlencode

PATIENCE = 300.0  # seconds; many people, few processors
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
TIME = re.compile(r'name="waktu" value="([^"]+)"')


class Lost(Exception):
    """No whole answer came: whether the request was carried out, nobody can know."""


@dataclass(frozen=True)
class Page:
    """What came back."""

    status: int
    location: str
    text: str

    @property
    def times(self) -> list[str]:
        """The keys of the times that it offers."""
        return TIME.findall(self.text)


class Web:
    """One browser. ``number`` decides from which network of this machine it comes, for limits count by address and by network."""

    def __init__(self, port: int, number: int) -> None:
        self.port, self.cookie, self.token = port, "", ""
        self.address = f"127.{number // 250 + 1}.{number % 250}.1"
        self.statuses: list[int] = []

    def get(self, path: str) -> Page:
        """Look at a page; its forms' token is kept."""
        return self._ask("GET", path, None)

    def post(self, path: str, **form: str) -> Page:
        """Send a form of the page that was looked at last."""
        return self._ask("POST", path, form | {"csrf_token": self.token})

    def _ask(self, method: str, path: str, form: dict[str, str] | None) -> Page:
        head = {"Cookie": self.cookie} if self.cookie else {}
        if form is not None:
            head["Content-Type"] = "application/x-www-form-urlencoded"
        line = http.client.HTTPConnection(
            "127.0.0.1", self.port, timeout=PATIENCE, source_address=(self.address, 0)
        )
        try:
            line.request(method, path, urlencode(form) if form is not None else None, head)
            answer = line.getresponse()
            text = answer.read().decode()
        except (OSError, http.client.HTTPException) as broken:
            raise Lost(str(broken)) from None
        finally:
            line.close()
        self.statuses.append(answer.status)
        for kept in answer.headers.get_all("Set-Cookie", []):
            if kept.startswith("simpul="):
                self.cookie = kept.partition(";")[0]
        if found := TOKEN.search(text):
            self.token = found[1]
        return Page(answer.status, answer.headers.get("Location", ""), text)
