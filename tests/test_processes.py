"""The commands that the containers run, run without containers, configured as an office would."""

import os
import secrets
import shlex
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from tests import migrated, servers

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
PATIENCE = 60  # seconds; a busy machine with two cores starts Django in five


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of a production installation on a machine of its own, database migrated."""
    home = tmp_path_factory.mktemp("office")
    env = {name: value for name, value in os.environ.items() if name != "REDIS_URL"} | {
        "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
        "PORTAL_ENV": "production",
        "SECRET_KEY": secrets.token_urlsafe(60),
        "FIELD_KEY": secrets.token_urlsafe(60),
        "DATABASE_URL": f"sqlite:///{home}/portal.sqlite3",
        "ALLOWED_HOSTS": "portal.example.org",
        "PUBLIC_URL": "https://portal.example.org",
        "MEDIA_ROOT": f"{home}/media",
        "STATIC_ROOT": f"{home}/static",
        "VAR_DIR": f"{home}/var",
        "TRUSTED_PROXIES": "127.0.0.1",
        "BIND": f"127.0.0.1:{servers.free_port()}",
    }
    migrated.put(home / "portal.sqlite3")  # the command below finds it done
    for command in ["python manage.py collectstatic --no-input -v 0", documented("migrate", env)]:
        done = subprocess.run(
            shlex.split(command), cwd=ROOT, env=env, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
    return env


def documented(name: str, env: dict[str, str]) -> str:
    """The command of one container, listening where the test may."""
    command = shlex.join(COMPOSE["services"][name]["command"])
    return command.replace("0.0.0.0:8000", env["BIND"])


@pytest.fixture
def process(
    office: dict[str, str], request: pytest.FixtureRequest
) -> Iterator[subprocess.Popen[str]]:
    """One process of the portal, ended whatever the test says."""
    running = subprocess.Popen(
        shlex.split(documented(request.param, office)),
        cwd=ROOT,
        env=office,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield running
    finally:
        if running.poll() is None:
            running.kill()
        running.wait()
        if running.stdout:
            running.stdout.close()


def healthy(office: dict[str, str], part: str) -> bool:
    """What the container's health check says; it is the same program."""
    check = [sys.executable, "deploy/health.py", part]
    return (
        subprocess.run(check, cwd=ROOT, env=office, capture_output=True, check=False).returncode
        == 0
    )


def wait_until_healthy(process: subprocess.Popen[str], office: dict[str, str], part: str) -> None:
    give_up = time.monotonic() + PATIENCE
    while not healthy(office, part):
        assert process.poll() is None, process.communicate()[0]
        assert time.monotonic() < give_up, f"{part} did not become healthy"
        time.sleep(0.2)


def end(process: subprocess.Popen[str]) -> str:
    process.send_signal(signal.SIGTERM)
    output = process.communicate(timeout=PATIENCE)[0]
    assert process.returncode == 0, output
    return output


@pytest.mark.parametrize("process", ["web"], indirect=True)
def test_web_answers_as_production_and_ends_on_term(
    process: subprocess.Popen[str], office: dict[str, str]
) -> None:
    wait_until_healthy(process, office, "web")

    page = urllib.request.Request(
        f"http://{office['BIND']}/",
        headers={"Host": "portal.example.org", "X-Forwarded-Proto": "https"},
    )
    with urllib.request.urlopen(page, timeout=20) as answer:
        assert answer.status == 200
        assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
        assert "max-age" in answer.headers["Strict-Transport-Security"]
    stranger = urllib.request.Request(f"http://{office['BIND']}/", headers={"Host": "evil.example"})
    with pytest.raises(urllib.error.HTTPError, match="400"):
        urllib.request.urlopen(stranger, timeout=20)
    end(process)


@pytest.mark.parametrize("process", ["worker"], indirect=True)
def test_worker_starts_and_ends_on_term(
    process: subprocess.Popen[str], office: dict[str, str]
) -> None:
    # At its log level the worker says nothing: that it has opened the broker shows that it works.
    control = Path(office["VAR_DIR"]) / "broker" / "control"
    give_up = time.monotonic() + PATIENCE
    while not any(control.iterdir() if control.exists() else ()):
        assert process.poll() is None, process.communicate()[0]
        assert time.monotonic() < give_up
        time.sleep(0.2)
    end(process)


@pytest.mark.parametrize("process", ["beat"], indirect=True)
def test_beat_keeps_its_state_and_ends_on_term(
    process: subprocess.Popen[str], office: dict[str, str]
) -> None:
    wait_until_healthy(process, office, "beat")
    end(process)


@pytest.mark.parametrize("name", ["SECRET_KEY", "FIELD_KEY", "DATABASE_URL", "ALLOWED_HOSTS"])
def test_production_does_not_start_half_configured(office: dict[str, str], name: str) -> None:
    env = {key: value for key, value in office.items() if key != name}

    done = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode != 0
    assert f"{name}:" in done.stderr
