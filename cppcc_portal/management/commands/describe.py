"""The portal's own contract, made from the code and never by hand."""

import json
from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from inspect import getdoc, getmembers, isclass
from typing import Any

from django import forms
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import Permission
from django.core.management.base import BaseCommand, CommandParser
from django.urls import URLPattern, URLResolver, get_resolver

from cppcc_portal.access import MATRIX, ROLES
from cppcc_portal.office import deadlines, notices, parameters
from cppcc_portal.office.workflow import Workflow
from members.roles import ROLE_PERMISSIONS, Role

FORM_MODULES = (
    "members.account_forms",
    "proposals.forms",
    "proposals.request_forms",
    "proposals.key_forms",
    "proposals.publication_forms",
    "proposals.public_forms",
    "proposals.review_forms",
    "proposals.filing_forms",
    "proposals.hand_over_forms",
    "proposals.opinion_forms",
    "proposals.opinion_desk_forms",
    "consultations.forms",
    "feedback.forms",
)


def pages(patterns: Any = None, prefix: str = "/", space: str = "") -> Iterator[dict[str, str]]:
    """Every named address, with its path as Django writes it."""
    for entry in get_resolver().url_patterns if patterns is None else patterns:
        path = f"{prefix}{entry.pattern}"
        if isinstance(entry, URLResolver):
            inner = f"{space}{entry.namespace}:" if entry.namespace else space
            yield from pages(entry.url_patterns, path, inner)
        elif isinstance(entry, URLPattern) and entry.name:
            yield {"name": f"{space}{entry.name}", "path": path}


def defined_in(form: type, module: str) -> bool:
    """Whether a form is the module's own, or that of a module of its package."""
    return form.__module__ == module or form.__module__.startswith(f"{module}.")


def described_forms() -> Iterator[dict[str, Any]]:
    """Every form a person fills in, with its fields."""
    for module in (name for name in FORM_MODULES if find_spec(name)):
        for name, form in getmembers(import_module(module), isclass):
            if not issubclass(form, forms.BaseForm) or not defined_in(form, module):
                continue
            fields = getattr(form, "base_fields", {})
            yield {
                "name": f"{module}.{name}",
                "about": (getdoc(form) or "").split("\n")[0],
                "fields": [
                    {
                        "name": field_name,
                        "label": str(field.label or field_name),
                        "required": field.required,
                        "limit": getattr(field, "max_length", None)
                        or getattr(field, "limit", None),
                    }
                    for field_name, field in fields.items()
                ],
            }


def workflows() -> Iterator[dict[str, Any]]:
    """Everything with a life: its states, and each move with who may and what must be true."""
    for model in apps.get_models():
        if not issubclass(model, Workflow) or not model.MOVES:
            continue
        status: Any = {field.name: field for field in model._meta.fields}["status"]
        choices = dict(status.choices or ())
        yield {
            "name": model._meta.label,
            "label": str(model._meta.verbose_name),
            "states": {str(code): str(label) for code, label in choices.items()},
            "moves": [
                {
                    "verb": verb,
                    "label": str(move.label),
                    "from": sorted(str(state) for state in move.old),
                    "to": str(move.new),
                    "who": str(move.who),
                    "by_itself": move.by_itself,
                    "guard": move.guard.__name__,
                }
                for verb, move in model.MOVES.items()
            ],
        }


def contract() -> dict[str, Any]:
    """The whole contract as one structure."""
    labels = {
        f"{permission.content_type.app_label}.{permission.codename}": permission.name
        for permission in Permission.objects.select_related("content_type")
    }
    return {
        "pages": sorted(pages(), key=lambda page: page["path"]),
        "forms": list(described_forms()),
        "workflows": list(workflows()),
        "roles": [
            {
                "code": str(role),
                "label": str(Role(role).label),
                "permissions": {name: labels.get(name, name) for name in permissions},
            }
            for role, permissions in ROLE_PERMISSIONS.items()
        ],
        "access": {
            "roles": ROLES,
            "rows": [
                {
                    "what": row.what,
                    "answers": dict(zip(ROLES, row.answers, strict=True)),
                    "since": row.since,
                    "deviation": row.deviation,
                }
                for row in MATRIX
            ],
        },
        "limits": [
            {
                "key": definition.key,
                "label": str(definition.label),
                "default": definition.default,
                "minimum": definition.minimum,
                "maximum": definition.maximum,
                "help": str(definition.help),
            }
            for definition in parameters.DEFINITIONS.values()
            if not definition.key.startswith("notice.")
        ],
        "deadlines": [
            {
                "code": code,
                "label": str(rule["label"]),
                "from": str(rule["start_label"]),
                "amount": rule.get("amount"),
                "unit": str(rule["unit"]),
                "source": str(rule.get("note", "")),
            }
            for code, rule in deadlines.DEFAULT_RULES.items()
        ],
        "jobs": {
            name: {"task": entry["task"], "every_seconds": entry["schedule"]}
            for name, entry in settings.CELERY_BEAT_SCHEDULE.items()
        },
        "notices": [
            {"code": kind.code, "label": str(kind.label), "title": kind.title, "body": kind.body}
            for kind in notices.KINDS.values()
        ],
    }


def as_markdown(said: dict[str, Any]) -> str:
    """States and moves, deadlines, jobs and the access matrix as `docs/domain.md` shows them."""
    lines: list[str] = []
    for flow in said["workflows"]:
        lines += [f"### {flow['label']} `{flow['name']}`", "", "```mermaid", "stateDiagram-v2"]
        for move in flow["moves"]:
            lines += [
                f"    {old} --> {move['to']}: {move['verb']} {move['label']}"
                for old in move["from"]
            ]
        lines += ["```", "", "| verb | button | from | to | who |", "|---|---|---|---|---|"]
        states = flow["states"]
        for move in flow["moves"]:
            old = "、".join(states[state] for state in move["from"])
            who = move["who"] or "（随事实自动）"
            lines.append(
                f"| `{move['verb']}` | {move['label']} | {old} | {states[move['to']]} | {who} |"
            )
        lines.append("")
    lines += [
        "### Deadlines",
        "",
        "| code | label | from | amount | source |",
        "|---|---|---|---|---|",
    ]
    lines += [
        f"| `{rule['code']}` | {rule['label']} | {rule['from']} | {rule['amount']} {rule['unit']} | {rule['source']} |"
        for rule in said["deadlines"]
    ]
    lines += [
        "",
        "### Jobs",
        "",
        "What runs by itself; each may run again, late, or twice at once without doing anything twice.",
        "",
        "| job | task | every |",
        "|---|---|---|",
    ]
    lines += [
        f"| `{name}` | `{job['task']}` | {job['every_seconds']} s |"
        for name, job in said["jobs"].items()
    ]
    roles = said["access"]["roles"]
    lines += [
        "",
        "### Who may what",
        "",
        "A allowed, D denied (403 or 404), o own or assigned only, m masked. Rows with a release are for later.",
        "",
        "| what | " + " | ".join(roles) + " | note |",
        "|---|" + "---|" * (len(roles) + 1),
    ]
    for row in said["access"]["rows"]:
        note = row["deviation"] or (f"from {row['since']}" if row["since"] else "")
        answers = " | ".join(row["answers"][role] for role in roles)
        lines.append(f"| {row['what']} | {answers} | {note} |")
    return "\n".join(lines) + "\n"


class Command(BaseCommand):
    """Print the contract as JSON, or the part of it that docs/domain.md shows."""

    help = (
        "Print the portal's contract: pages, forms, states, moves, roles, limits, deadlines, jobs."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true")
        parser.add_argument("--markdown", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        said = contract()
        if options["markdown"]:
            self.stdout.write(as_markdown(said), ending="")
            return
        self.stdout.write(json.dumps(said, ensure_ascii=False, indent=2, default=str))
