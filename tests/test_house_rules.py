"""Promises of the whole project, kept by looking at the whole project."""

import ast
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

ROOT = Path(__file__).resolve().parent.parent
APPS = ("cppcc_portal", "members", "proposals", "consultations", "feedback")
OPEN_TO_VISITORS = {
    "account_login",
    "account_inactive",
    "healthz",
    "readyz",
    "look:large_type",
    "public:proposals",
    "public:feed",
    "public:list",
    "public:sitemap",
}


def modules() -> Iterator[Path]:
    for app in APPS:
        for path in (ROOT / app).rglob("*.py"):
            if "migrations" not in path.parts:
                yield path


def trees() -> Iterator[tuple[Path, ast.Module]]:
    for path in modules():
        yield path, ast.parse(path.read_text())


def templates() -> list[Path]:
    return sorted((ROOT / "templates").rglob("*.html"))


def plain_addresses(
    entries: list[object] | None = None, space: str = "", prefix: str = "/"
) -> Iterator[tuple[str, str]]:
    """Every named address that takes no arguments."""
    for entry in get_resolver().url_patterns if entries is None else entries:
        path = prefix + str(entry.pattern)  # type: ignore[attr-defined]
        if isinstance(entry, URLResolver):
            inner = f"{space}{entry.namespace}:" if entry.namespace else space
            yield from plain_addresses(entry.url_patterns, inner, path)
        elif isinstance(entry, URLPattern) and entry.name and not re.search(r"[<(^?$]", path):
            yield f"{space}{entry.name}", path


@pytest.mark.django_db
def test_every_page_asks_who_you_are() -> None:
    client = Client()
    asked = 0

    for name, path in plain_addresses():
        if name in OPEN_TO_VISITORS or name == "set_language":
            continue
        for answer in (client.get(path), client.post(path)):
            where = answer.headers.get("Location", "")
            sent_to_login = answer.status_code == 302 and (
                "/account/" in where or where.startswith("/admin/login/")
            )
            assert sent_to_login or answer.status_code in (403, 404, 405), (
                name,
                answer.status_code,
            )
        asked += 1

    assert asked > 30


@pytest.mark.django_db
def test_models_and_migrations_agree() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_only_the_workflow_writes_a_status() -> None:
    writers = []
    for path, tree in trees():
        if path.name == "workflow.py" or "demo" in path.parts:
            continue
        workflow_app = path.parts[len(ROOT.parts)] in ("members", "proposals")
        for node in ast.walk(tree):
            targets = node.targets if isinstance(node, ast.Assign) else []
            if workflow_app and any(
                isinstance(target, ast.Attribute) and target.attr == "status" for target in targets
            ):
                writers.append((str(path), node.lineno))
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr == "update"
                and any(word.arg == "status" for word in node.keywords)
            ):
                writers.append((str(path), node.lineno))
    assert writers == []


# Actions of one subject each, beside the package that holds the rest.
ACTIONS = {"members/duty.py", "members/gatherings.py"}


def test_moves_are_made_in_actions_only() -> None:
    movers = {
        str(path.relative_to(ROOT))
        for path, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr == "move_to"
    }
    wrong = [
        path
        for path in movers
        if "actions" not in path
        and "importing" not in path
        and "demo" not in path
        and path not in ACTIONS
    ]
    assert wrong == []


def test_every_scheduled_task_exists() -> None:
    for entry in settings.CELERY_BEAT_SCHEDULE.values():
        module, _, name = entry["task"].rpartition(".")
        assert hasattr(import_module(module), name), entry["task"]


def test_there_is_no_drawer_for_anything() -> None:
    drawers = {"utils", "helpers", "common", "signals", "services", "base", "core", "misc"}
    assert [path for path in modules() if path.stem in drawers] == []


def test_templates_carry_no_script_or_style_of_their_own() -> None:
    inline = re.compile(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|javascript:", re.I)
    assert [path for path in templates() if inline.search(path.read_text())] == []


def test_nothing_is_fetched_from_elsewhere() -> None:
    elsewhere = re.compile(r"(?:src|href|action)=[\"']?(?:https?:)?//", re.I)
    assert [path for path in templates() if elsewhere.search(path.read_text())] == []


def test_escaping_is_switched_off_nowhere_but_for_help_texts() -> None:
    # Help texts and Django's own form media come from the code, never from a person.
    allowed = {
        "components/field.html",
        "admin/guardian/model/obj_perms_manage.html",
        "admin/import_export/export.html",
    }
    found = {
        path.relative_to(ROOT / "templates").as_posix()
        for path in templates()
        if re.search(r"\|\s*safe\b|autoescape off", path.read_text())
    }
    assert found <= allowed
    assert [path for path in modules() if "mark_safe(" in path.read_text()] == []


def test_templates_mark_every_word_for_translation() -> None:
    """Chinese outside of a translation tag could never become English."""
    tags = re.compile(
        r"{%\s*blocktranslate.*?{%\s*endblocktranslate\s*%}|{%\s*comment.*?endcomment\s*%}|{{.*?}}|{%.*?%}|{#.*?#}|<!--.*?-->",
        re.S,
    )
    chinese = re.compile(r"[\u4e00-\u9fff]")
    bare = [
        (path.relative_to(ROOT).as_posix(), chinese.search(tags.sub("", path.read_text())))
        for path in templates()
        if "documents" not in path.parts and path.name != "plain.html"
    ]
    assert [path for path, found in bare if found] == []
