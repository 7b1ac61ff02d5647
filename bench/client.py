"""A browser without a window: one person on one server, with cookies and a kept connection."""

import http.client
import re
import time
from dataclasses import dataclass
from http.cookies import SimpleCookie
from urllib.parse import quote, urlencode


@dataclass(frozen=True)
class Answer:
    """What came back, and after how many milliseconds."""

    status: int
    body: bytes
    location: str
    queries: int | None
    ms: float


class Failed(Exception):
    """A page did not answer as it must; there is nothing to measure then."""


class Client:
    """One person; every request is timed until the last byte."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.cookies: dict[str, str] = {}

    def get(self, path: str, *, count: bool = False, status: int = 200) -> Answer:
        answer = self.ask("GET", path, headers={"X-Count": "1"} if count else {})
        if answer.status != status:
            raise Failed(f"{path} answered {answer.status} {answer.location}")
        return answer

    def post(self, path: str, *, count: bool = False, **fields: object) -> Answer:
        """Post a form; an answer other than a redirect means that it was refused."""
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "X-CSRFToken": self.cookies.get("csrftoken", ""),
        }
        if count:
            headers["X-Count"] = "1"
        answer = self.ask(
            "POST", path, body=urlencode(fields, doseq=True).encode(), headers=headers
        )
        if answer.status != http.client.FOUND:
            raise Failed(f"POST {path} answered {answer.status}:\n{words(answer.body)}")
        return answer

    def ask(
        self, method: str, path: str, *, headers: dict[str, str], body: bytes | None = None
    ) -> Answer:
        if self.cookies:
            pairs = [f"{name}={value}" for name, value in self.cookies.items()]
            headers["Cookie"] = "; ".join(pairs)
        address = quote(path, safe="/?=&%:-_")
        begun = time.perf_counter()
        try:
            self.connection.request(method, address, body, headers)
            response = self.connection.getresponse()
        except (ConnectionError, http.client.BadStatusLine):
            # The server closed the idle connection; a new one is opened by the next request.
            self.connection.close()
            begun = time.perf_counter()
            self.connection.request(method, address, body, headers)
            response = self.connection.getresponse()
        text = response.read()
        ms = 1000 * (time.perf_counter() - begun)
        for line in response.headers.get_all("Set-Cookie") or []:
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel.value
        queries = response.headers.get("X-Queries")
        return Answer(
            response.status,
            text,
            response.headers.get("Location", ""),
            int(queries) if queries else None,
            ms,
        )

    def log_in(self, account: str, password: str) -> Answer:
        """Through the one door, as everybody does."""
        self.get("/account/login/")
        return self.post("/account/login/", login=account, password=password)

    def close(self) -> None:
        self.connection.close()


def words(body: bytes) -> str:
    """What a page that refused says, without its tags."""
    main = body.decode(errors="replace").partition("<main")[2]
    plain = re.sub(r"<[^>]*>", " ", main.partition("</main>")[0])
    return re.sub(r"\s+", " ", plain)[:600]
