"""Measures the portal's pages side by side with plain ones and holds them against the goals.

    make bench                                 a PostgreSQL of its own, 1,000 and 50,000 proposals
    make bench ARGS="--sizes 1000,5000"        quicker
    DATABASE_URL=postgres://… make bench       databases bench_1000 and bench_50000 there, used again
    make bench ARGS="--sqlite"                 on SQLite files in VAR_DIR, used again

The table goes to the screen, everything measured to bench/out/. Nothing but this machine is asked.
"""

import argparse
import contextlib
import json
import os
import platform
import secrets
import signal
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import psycopg2  # type: ignore[import-untyped]

from bench import goals, load, memory, posts
from bench.client import Client, Failed
from tests import servers

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "bench" / "out"
PARTS = ("pages", "posts", "load", "demo")
COMPARED = {
    "empty view": "/bench/empty/",
    "min20": "/bench/min20/",
    "std20": "/bench/std20/",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--sizes", default="1000,50000", help="numbers of proposals")
    parser.add_argument("--rounds", type=int, default=25, help="requests of each page")
    parser.add_argument("--parts", default=",".join(PARTS), help=f"some of {','.join(PARTS)}")
    parser.add_argument("--sqlite", action="store_true", help="SQLite, not PostgreSQL")
    asked = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    sizes = sorted({int(size) for size in asked.sizes.split(",")})
    parts = asked.parts.split(",")
    found: dict[str, Any] = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": f"{os.cpu_count()} cores, Python {platform.python_version()}",
        "sizes": sizes,
    }
    with contextlib.ExitStack() as running:
        bench = Bench(running, sqlite=asked.sqlite, sizes=sizes)
        found["database"] = bench.vendor
        found["prepared"] = bench.prepared
        if "pages" in parts:
            found["compared"], found["pages"] = bench.measure_pages(asked.rounds)
        if "posts" in parts:
            found["posts"] = bench.measure_posts(max(5, asked.rounds // 2))
        if "load" in parts:
            found["load"] = bench.measure_load()
        found["workers"] = bench.measure_workers()
    if "demo" in parts:
        found["demo"] = memory.of_the_demonstration(ROOT)
    OUT.mkdir(exist_ok=True)
    file = OUT / f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{found['database']}.json"
    file.write_text(json.dumps(found, ensure_ascii=False, indent=1))
    print(goals.table(found))
    print(f"\nAll figures: {file.relative_to(ROOT)}")


def say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


# The servers ---------------------------------------------------------------------------------


class Bench:
    """The databases, each filled to its size, and one web server on each."""

    def __init__(self, running: contextlib.ExitStack, *, sqlite: bool, sizes: list[int]) -> None:
        self.sizes, self.password = sizes, secrets.token_urlsafe(12)
        self.var = Path(os.environ.get("VAR_DIR", OUT / "var"))
        self.var.mkdir(parents=True, exist_ok=True)
        urls = self.databases(running, sqlite=sqlite)
        self.vendor = "sqlite" if urls[sizes[0]].startswith("sqlite") else "postgresql"
        self.prepared = self.prepare(urls)
        self.ports: dict[int, int] = {}
        self.people: dict[tuple[int, str], Client] = {}
        self.masters: dict[int, Any] = {}
        for size in sizes:
            self.ports[size] = running.enter_context(self.web(urls[size]))
        self.logins: dict[int, list[float]] = defaultdict(list)

    def databases(self, running: contextlib.ExitStack, *, sqlite: bool) -> dict[int, str]:
        """The DATABASE_URL of each size; made if it is not there."""
        given = os.environ.get("DATABASE_URL", "")
        if sqlite or given.startswith("sqlite") or not (given or servers.find_postgres()):
            if not sqlite and not given:
                say("PostgreSQL is not installed: measured on SQLite.")
            return {size: f"sqlite:///{self.var}/bench_{size}.sqlite3" for size in self.sizes}
        if not given:
            say("Starting a PostgreSQL of its own …")
            given = running.enter_context(servers.postgres())
        base = given.rpartition("/")[0]
        urls = {size: f"{base}/bench_{size}" for size in self.sizes}
        connection = psycopg2.connect(f"{base}/postgres".replace("postgres://", "postgresql://"))
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("SELECT datname FROM pg_database")
            present = {name for (name,) in cursor.fetchall()}
            for size in self.sizes:
                if f"bench_{size}" not in present:
                    cursor.execute(f"CREATE DATABASE bench_{size} TEMPLATE template0")
        connection.close()
        return urls

    def environment(self, url: str) -> dict[str, str]:
        return {
            **os.environ,
            "DATABASE_URL": url,
            "VAR_DIR": str(self.var),
            "DEMO_PASSWORD": self.password,
            "DJANGO_SETTINGS_MODULE": "bench.settings",
            "PORTAL_ENV": "demo",
            "PYTHONPATH": str(ROOT),
        }

    def prepare(self, urls: dict[int, str]) -> dict[int, Any]:
        """Fill all databases, at the same time."""
        say("Filling the databases, or finding them filled …")
        command = [sys.executable, "manage.py", "prepare"]
        at_work = {
            size: subprocess.Popen(
                [*command, str(size)],
                cwd=ROOT,
                env=self.environment(url),
                stdout=subprocess.PIPE,
                text=True,
                preexec_fn=servers.end_with_parent,
            )
            for size, url in urls.items()
        }
        said = {}
        try:
            for size, process in at_work.items():
                out, _nothing = process.communicate()
                if process.returncode:
                    raise SystemExit(f"The database of {size} proposals could not be filled.")
                said[size] = json.loads(out.splitlines()[-1])
        finally:
            for process in at_work.values():
                if process.poll() is None:
                    process.terminate()
                    process.wait()
        return said

    @contextlib.contextmanager
    def web(self, url: str) -> Iterator[int]:
        """The portal as an office runs it, and the comparison views in the same processes."""
        port = servers.free_port()
        command = [sys.executable, "-m", "gunicorn", "--preload", "cppcc_portal.wsgi"]
        command += ["--chdir", str(ROOT), "--bind", f"127.0.0.1:{port}"]
        command += ["--worker-class", "gthread", "--workers", "2"]
        command += ["--threads", "4", "--keep-alive", "60", "--log-level", "warning"]
        command += ["--no-control-socket"]
        with servers.server(
            command,
            answers=lambda: servers.listens(port),
            end_by=signal.SIGTERM,
            env=self.environment(url) | {"BIND": f"127.0.0.1:{port}"},
            cwd=ROOT,
        ):
            yield port

    def person(self, size: int, account: str) -> Client:
        """The person with this account on the server of this size, logged in once."""
        if (size, account) not in self.people:
            client = Client(self.ports[size])
            if account:
                self.logins[size].append(client.log_in(account, self.password).ms)
            self.people[size, account] = client
        return self.people[size, account]

    # Measuring -------------------------------------------------------------------------------

    def measure_pages(self, rounds: int) -> tuple[Any, Any]:
        """Every page in turn, on the server of each size, `rounds` times: medians in milliseconds."""
        say(f"Asking for every page {rounds} times …")
        pages = self.prepared[self.sizes[0]]["pages"]
        times: dict[tuple[str, str, int], list[float]] = defaultdict(list)
        queries: dict[tuple[str, str, int], int | None] = {}
        broken: dict[tuple[str, str], str] = {}
        asked: list[tuple[tuple[str, str, int], Callable[..., Any]]] = []
        for position, page in enumerate(pages):
            for size in self.sizes:
                its = self.prepared[size]["pages"][position]
                client = self.person(size, its["role"])
                asked.append(((page["role"], page["name"], size), bound(client, its["path"])))
        for name, path in COMPARED.items():
            for size in self.sizes:
                client = self.person(size, "office" if name == "std20" else "")
                asked.append((("", name, size), bound(client, path)))
        for key, ask in asked:
            try:
                ask()  # once to warm up
                # Now and then a request also keeps the session alive: the lower count is the page's.
                queries[key] = min(ask(count=True).queries for _twice in range(2))
            except Failed as failure:
                broken[key[:2]] = str(failure)
        for _round in range(rounds):
            for key, ask in asked:
                if key[:2] not in broken:
                    times[key].append(ask().ms)
        said = [
            {**page, **self.figures(page["role"], page["name"], times, queries)} for page in pages
        ]
        for page in said:
            page["failed"] = broken.get((page["role"], page["name"]), "")
        compared = {name: self.figures("", name, times, queries) for name in COMPARED}
        return compared, said

    def figures(self, role: str, name: str, times: Any, queries: Any) -> dict[str, Any]:
        return {
            "ms": {size: middle(times[role, name, size]) for size in self.sizes},
            "queries": {size: queries.get((role, name, size)) for size in self.sizes},
        }

    def measure_posts(self, rounds: int) -> dict[str, Any]:
        """The whole path of a proposal, step by step, `rounds` times, each beside a std20."""
        say(f"Taking {rounds} proposals along the whole path …")
        times: dict[tuple[str, int], list[float]] = defaultdict(list)
        queries: dict[tuple[str, int], int | None] = {}
        for turn in range(rounds + 1):
            for size in self.sizes:
                walk = posts.Walk(
                    partial(self.person, size), self.prepared[size]["posting"], count=turn == 0
                )
                for step, answer in walk.steps():
                    if turn == 0:  # the first one warms up and counts
                        queries[step, size] = answer.queries
                        continue
                    times[step, size].append(answer.ms)
                    beside = self.person(size, "office").get(COMPARED["std20"])
                    times["std20", size].append(beside.ms)
        for size in self.sizes:
            for _round in range(rounds):
                client = Client(self.ports[size])
                times["login", size].append(client.log_in("member", self.password).ms)
                client.close()
        names = list(dict.fromkeys(name for name, _size in times))
        return {
            name: {
                "ms": {size: middle(times[name, size]) for size in self.sizes},
                "queries": {size: queries.get((name, size)) for size in self.sizes},
            }
            for name in names
        }

    def measure_load(self) -> dict[str, Any]:
        """Eight people at once on the list and on std20; then two hundred, who must all be served."""
        say("Eight people at once, then two hundred …")
        size = self.sizes[-1]
        cookies = self.person(size, "office").cookies
        member = self.person(size, "member").cookies
        port = self.ports[size]
        runs: dict[str, list[float]] = defaultdict(list)
        pages = {
            "std20": (COMPARED["std20"], cookies),
            "proposals list": ("/proposals/?scope=all", cookies),
            "my proposals": ("/proposals/?scope=mine", member),
        }
        for _turn in range(3):
            for name, (path, cookie) in pages.items():
                rate, _errors = load.press(port, path, cookie, people=8, seconds=4)
                runs[name].append(rate)
        rate, errors = load.press(port, "/proposals/?scope=mine", member, people=200, seconds=8)
        return {
            "per_second": {name: middle(rates) for name, rates in runs.items()},
            "readers": {"people": 200, "per_second": round(rate, 1), "errors": errors},
        }

    def measure_workers(self) -> dict[int, Any]:
        """Megabytes of each web worker after all that was asked of it."""
        return {size: memory.of_workers(port) for size, port in self.ports.items()}


def bound(client: Client, path: str) -> Callable[..., Any]:
    return lambda **options: client.get(path, **options)


def middle(times: list[float]) -> float | None:
    return round(statistics.median(times), 2) if times else None


if __name__ == "__main__":
    begun = time.monotonic()
    main()
    say(f"{time.monotonic() - begun:.0f} s")
