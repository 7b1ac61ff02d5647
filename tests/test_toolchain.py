"""What stands around the code: locks, tasks, containers. None of it can be tried by opening a page."""

import json
import os
import re
import shlex
import socket
import subprocess
import sys
import tomllib
from pathlib import Path

import jsonschema
import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ["requirements.lock", "requirements-dev.lock"]
TASKS = [
    "help",
    "setup",
    "demo",
    "run",
    "test",
    "check",
    "fix",
    "migrations",
    "messages",
    "bench",
    "faults",
]
PORTAL_PROCESSES = ["migrate", "defaults", "web", "worker", "beat"]


def text(name: str) -> str:
    return (ROOT / name).read_text()


def locked(name: str) -> dict[str, str]:
    """Package names and versions of a lock file."""
    return dict(re.findall(r"^([a-z0-9._-]+)==([^ ;\\]+)", text(name), re.MULTILINE))


def package(requirement: str) -> str:
    """'Django-Allauth[mfa]>=65' -> 'django-allauth'"""
    match = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert match
    return re.sub(r"[-_.]+", "-", match[0]).lower()


@pytest.fixture(scope="module")
def compose() -> dict[str, dict[str, dict[str, object]]]:
    return yaml.safe_load(text("docker-compose.yml"))


# Locks ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", LOCKS)
def test_lock_names_no_address(name: str) -> None:
    assert "://" not in text(name)
    assert not re.search(r"--(extra-)?index-url|--find-links|--trusted-host", text(name))


@pytest.mark.parametrize("name", LOCKS)
def test_lock_pins_every_package_by_hash(name: str) -> None:
    entries = re.split(r"\n(?=[a-z0-9])", re.sub(r"^ *#.*\n", "", text(name), flags=re.MULTILINE))
    assert len(entries) > 30
    assert [entry for entry in entries if "--hash=sha256:" not in entry or "==" not in entry] == []


def test_locks_hold_what_pyproject_names() -> None:
    project = tomllib.loads(text("pyproject.toml"))
    core = {package(word) for word in project["project"]["dependencies"]}
    dev = {package(word) for word in project["dependency-groups"]["dev"]}

    assert core <= set(locked("requirements.lock"))
    assert core | dev <= set(locked("requirements-dev.lock"))


def test_development_lock_is_the_core_and_more() -> None:
    core, dev = locked("requirements.lock"), locked("requirements-dev.lock")

    assert {name: dev.get(name) for name in core} == core


def test_locks_keep_to_one_postgresql_driver() -> None:
    # Django silently prefers psycopg 3: the tests would then run on another driver than the office.
    assert not {"psycopg", "psycopg-binary", "pytest-postgresql"} & set(locked(LOCKS[1]))


# Tasks ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("task", TASKS)
def test_makefile_has_the_task(task: str) -> None:
    answer = subprocess.run(
        ["make", "--dry-run", "--no-print-directory", task, f"PYTHON={sys.executable}"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        # A make that runs the tests must not lend this one its job server.
        env={k: v for k, v in os.environ.items() if not k.startswith(("MAKE", "MFLAGS"))},
    )
    assert answer.stdout.strip() == f"{sys.executable} tasks.py {task}"


def test_help_names_every_task() -> None:
    answer = subprocess.run(
        [sys.executable, "tasks.py"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert [line.split()[1] for line in answer.stdout.splitlines()][: len(TASKS)] == TASKS


def test_tasks_stand_on_pythons_own_library() -> None:
    # Before the environment is made there is nothing else: -S takes the installed packages away.
    command = [sys.executable, "-S", "-W", "error", "tasks.py", "help"]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)


@pytest.mark.parametrize("task", ["demo", "run"])
def test_busy_port_is_said_before_anything_starts(task: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as busy:
        bind = f"127.0.0.1:{busy.getsockname()[1]}"
        answer = subprocess.run(
            [sys.executable, "tasks.py", task],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "BIND": bind},
        )
    assert answer.returncode == 1
    assert answer.stdout == ""
    assert answer.stderr.startswith(f"Nothing was started: {bind} cannot be used")


def test_ci_is_a_program_that_bash_understands() -> None:
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
    subprocess.run(["bash", "-n", ".ci/run"], cwd=ROOT, check=True)


# Containers -----------------------------------------------------------------------------------


def test_compose_file_keeps_to_its_schema(compose: dict) -> None:
    schema = json.loads(text("tests/data/compose.schema.json"))
    validator = jsonschema.Draft202012Validator(schema)

    faults = [f"{fault.json_path}: {fault.message}" for fault in validator.iter_errors(compose)]

    assert faults == []


def test_compose_schema_notices_a_fault(compose: dict) -> None:
    schema = json.loads(text("tests/data/compose.schema.json"))
    broken = {**compose, "services": {"web": {**compose["services"]["web"], "restrat": "no"}}}

    with pytest.raises(jsonschema.ValidationError, match="restrat"):
        jsonschema.Draft202012Validator(schema).validate(broken)


def test_compose_runs_every_part_of_the_portal(compose: dict) -> None:
    assert set(compose["services"]) == {*PORTAL_PROCESSES, "postgres", "redis", "proxy"}
    images = {compose["services"][name]["image"] for name in PORTAL_PROCESSES}
    assert images == {"cppcc-portal:${PORTAL_VERSION:-0.1.0}"}


def test_compose_waits_for_database_broker_and_migration(compose: dict) -> None:
    for name in ["web", "worker", "beat"]:
        assert compose["services"][name]["depends_on"] == {
            "postgres": {"condition": "service_healthy"},
            "redis": {"condition": "service_healthy"},
            "defaults": {"condition": "service_completed_successfully"},
        }


def test_compose_names_only_volumes_and_networks_it_has(compose: dict) -> None:
    for service in compose["services"].values():
        assert set(service["networks"]) <= set(compose["networks"])
        for source in (volume.split(":")[0] for volume in service.get("volumes", [])):
            assert source in compose["volumes"] or (ROOT / source).exists()


def test_compose_shows_only_the_proxy_to_the_outside(compose: dict) -> None:
    services = compose["services"]
    assert [name for name, service in services.items() if "ports" in service] == ["proxy"]
    assert compose["networks"]["inside"]["internal"]
    inside = services["proxy"]["networks"]["inside"]["ipv4_address"]
    assert services["web"]["environment"]["TRUSTED_PROXIES"] == inside


def test_redis_keeps_what_is_queued(compose: dict) -> None:
    command = shlex.join(compose["services"]["redis"]["command"])
    assert "--appendonly yes" in command
    assert "--maxmemory-policy noeviction" in command


def test_portal_containers_have_no_privileges(compose: dict) -> None:
    for name in PORTAL_PROCESSES:
        assert compose["services"][name]["cap_drop"] == ["ALL"]
        assert compose["services"][name]["security_opt"] == ["no-new-privileges:true"]
    instructions = text("Dockerfile").splitlines()
    assert "USER portal" in instructions
    assert instructions.index("USER portal") > max(
        number for number, line in enumerate(instructions) if line.startswith(("RUN", "COPY"))
    )


def test_compose_keeps_secrets_out_of_the_file(compose: dict) -> None:
    example = text(".env.example")
    for name in ["POSTGRES_PASSWORD", "SECRET_KEY", "FIELD_KEY"]:
        assert f"\n{name}=\n" in example
    asked = set(re.findall(r"\$\{([A-Z_]+)(?=:\?)", text("docker-compose.yml")))
    assert {name for name in asked if f"\n{name}=" not in example} == set()


@pytest.mark.parametrize("name", PORTAL_PROCESSES)
def test_documented_command_is_the_one_containers_run(compose: dict, name: str) -> None:
    command = shlex.join(compose["services"][name]["command"])
    documented = text("docs/operations.md").replace(" \\\n    ", " ")

    assert command.replace("0.0.0.0", "127.0.0.1") in documented  # noqa: S104


def test_image_runs_the_command_of_the_web_container(compose: dict) -> None:
    default = re.search(r"^CMD (\[.*?\])$", text("Dockerfile").replace("\\\n", ""), re.MULTILINE)
    assert default
    assert json.loads(default[1]) == compose["services"]["web"]["command"]


def test_operations_page_names_every_variable() -> None:
    operations = text("docs/operations.md")
    settings = text("cppcc_portal/settings.py")
    read = set(re.findall(r'env\.(?:str|list|dj_db_url|dj_email_url)\("([A-Z_]+)"', settings))

    assert {name for name in read if f"`{name}`" not in operations} == set()


# Documents ------------------------------------------------------------------------------------


def test_version_is_the_same_everywhere() -> None:
    version = tomllib.loads(text("pyproject.toml"))["project"]["version"]

    assert f"## {version}" in text("CHANGELOG.md")
    assert f"PORTAL_VERSION:-{version}" in text("docker-compose.yml")


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md", "docs/operations.md"])
def test_links_between_documents_lead_somewhere(name: str) -> None:
    folder = (ROOT / name).parent
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text(name))
    assert [link for link in links if not (folder / link).exists()] == []


def test_catalogues_are_compiled() -> None:
    command = [sys.executable, "locale/catalogues.py", "check"]
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr
