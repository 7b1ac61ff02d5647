"""Fills one database to a size and says which addresses to ask for."""

import io
import json
import math
import os
import time
from datetime import timedelta
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.db import connection
from django.db.models import Count, Max
from django.urls import reverse
from django.utils import timezone

from bench.multiply import multiply
from cppcc_portal.office.audit import AuditEvent
from cppcc_portal.office.notices import Notice
from members.models import Membership, Unit, User
from proposals.models import Category, Handling, Proposal, ResultClass

ROLES = (
    "member", "cosigner", "office", "unit", "unit2", "supervision", "leader", "chair", "auditor",
)  # fmt: skip
AUDIT_ROWS_EACH = 20  # a million at fifty thousand proposals
PROPOSALS_OF_ONE_SCALE = 600
LIVES = 4200  # made one by one; what is more is repeated


class Command(BaseCommand):
    """A database that is already filled is used again; the last line of the output is JSON."""

    help = "Fill the database of DATABASE_URL with SIZE proposals to be measured."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("size", type=int)

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", verbosity=0, interactive=False)
        begun = time.monotonic()
        filled = fill(options["size"])
        took = time.monotonic() - begun
        open_doors(os.environ["DEMO_PASSWORD"])
        found = {
            "filled_in": round(took, 1) if filled else None,
            "counts": counts(),
            "pages": pages(),
            "posting": posting(),
        }
        self.stdout.write(json.dumps(found))


def fill(size: int) -> bool:
    """Demonstration data, repeated up to the size, and as many audit rows as go with it."""
    if Proposal.objects.exists():
        return False
    scale = max(1, min(LIVES, size) // PROPOSALS_OF_ONE_SCALE)
    call_command("demo", scale=scale, verbosity=0, stdout=io.StringIO())
    multiply(math.ceil(size / (scale * PROPOSALS_OF_ONE_SCALE)) - 1)
    more_audit_rows(AUDIT_ROWS_EACH * size)
    with connection.cursor() as cursor:
        # Autovacuum does this within minutes of a real life; here nothing waits for it.
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
    return True


def more_audit_rows(wanted: int) -> None:
    """Copies of the rows that are there, so that the log has the length of years of reading."""

    fields = [field.column for field in AuditEvent._meta.concrete_fields if field.column != "id"]
    names = ", ".join(f'"{name}"' for name in fields)
    table = AuditEvent._meta.db_table
    while (missing := wanted - AuditEvent.objects.count()) > 0:
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {table} ({names}) SELECT {names} FROM {table} ORDER BY id LIMIT %s",  # noqa: S608 - names from the model
                [missing],
            )


def open_doors(password: str) -> None:
    """The password of this run for the accounts that are used."""

    for user in User.objects.filter(username__in=ROLES):
        user.set_password(password)
        user.must_change_password = False
        user.save(update_fields=["password", "must_change_password"])


def counts() -> dict[str, int]:

    return {
        "proposals": Proposal.objects.count(),
        "handlings": Handling.objects.count(),
        "notices": Notice.objects.count(),
        "audit": AuditEvent.objects.count(),
    }


def last_page(rows: Any) -> str:
    """The `before` of the page that shows the oldest rows."""
    keys = list(rows.order_by("pk").values_list("pk", flat=True)[:20])
    return f"before={keys[-1] + 1}" if keys else "before=1"


def like_each_other(rows: Any) -> Proposal:
    """The newest answered once, with a promise, by two units to two proposers: one life at any size."""
    alike = rows.annotate(
        shares=Count("handlings", distinct=True),
        people=Count("proposers", distinct=True),
        contacts=Count("handlings__contacts", distinct=True),
        rounds=Max("handlings__round"),
    )
    # A small demonstration may have no such proposal of one member: the nearest then.
    for wanted in ({"shares": 2, "people": 2}, {"shares": 2}, {}):
        answered = alike.filter(status="tracking", rounds=1, contacts__gt=0, **wanted)
        found: Proposal | None = answered.order_by("-pk").first()
        if found is not None:
            return found
    return rows.order_by("-pk")[0]


def pages() -> list[dict[str, str]]:
    """Every page that is timed: who asks, which address, to which goals it belongs."""

    users = {user.username: user for user in User.objects.filter(username__in=ROLES)}
    found: list[dict[str, str]] = []

    def page(goal: str, name: str, role: str, path: str) -> None:
        found.append({"goal": goal, "name": name, "role": role, "path": path})

    everything = Proposal.objects.visible_to(users["office"])
    whole = like_each_other(everything)
    label = everything.exclude(label="").order_by("-pk")[0].label
    index, desk, notices = (
        reverse(name) for name in ("proposals:index", "desk:index", "notices:index")
    )
    changelist = reverse("admin:proposals_proposal_changelist")

    member = users["member"]
    own = Proposal.objects.visible_to(member).mine(member)
    page("home", "home", "member", reverse("home"))
    page("mine", "my proposals, first page", "member", f"{index}?scope=mine")
    page("mine", "my proposals, last page", "member", f"{index}?scope=mine&{last_page(own)}")
    page("detail", "a proposal of mine", "member", like_each_other(own).get_absolute_url())
    page("list", "notices, first page", "member", notices)
    told = last_page(Notice.objects.visible_to(member))
    page("list", "notices, last page", "member", f"{notices}?{told}")

    page("home", "home", "office", reverse("home"))
    page("list", "proposals, first page", "office", f"{index}?scope=all")
    page("list", "proposals, last page", "office", f"{index}?scope=all&{last_page(everything)}")
    page("list", "proposals, status filter", "office", f"{index}?scope=all&status=tracking")
    page("list", "proposals, late ones", "office", f"{index}?scope=all&status=late")
    page("list", "search by number", "office", f"{index}?scope=all&q={label}")
    page("list", "search by words of the title", "office", f"{index}?scope=all&q=小区")
    page("list", "search by words found nowhere", "office", f"{index}?scope=all&q=查无此事")
    page("list", "search by initials of a name", "office", f"{index}?scope=all&q=zs")
    page("list", "search by a name", "office", f"{index}?scope=all&q={member.name}")
    page("detail", "a proposal with all that hangs on it", "office", whole.get_absolute_url())
    page("list", "proposals, first page", "leader", f"{index}?scope=all")
    page("list", "proposals of the committee", "chair", f"{index}?scope=all")
    page("list", "proposals handed over", "supervision", f"{index}?scope=all")
    page("list", "desk of all units", "supervision", desk)
    page("list", "desk of all units, done, last page", "supervision", f"{desk}?done=1&before=25")

    shares = Handling.objects.visible_to(users["unit"])
    done = shares.filter(status__in=["replied", "opinion_given"])
    page("home", "home", "unit", reverse("home"))
    page("list", "desk", "unit", desk)
    page("list", "desk, done, first page", "unit", f"{desk}?done=1")
    page("list", "desk, done, last page", "unit", f"{desk}?done=1&{last_page(done)}")
    page("list", "proposals of the unit", "unit", f"{index}?scope=all")
    page("detail", "desk, one share", "unit", done.order_by("-pk")[0].get_absolute_url())

    page("home", "first page of the workplace", "office", reverse("admin:index"))
    # Opened without a query the list shows itself as it was left, by a redirect.
    page("admin", "admin list", "office", f"{changelist}?p=1")
    page("admin_find", "admin, status filter", "office", f"{changelist}?status__exact=tracking")
    page("admin_find", "admin, queue filter", "office", f"{changelist}?queue=closable")
    page("admin_find", "admin, search by words", "office", f"{changelist}?q=小区")
    page("admin_find", "admin, search by a name", "office", f"{changelist}?q={member.name}")
    change = reverse("admin:proposals_proposal_change", args=[whole.pk])
    page("admin", "admin change page", "office", change)
    log = reverse("admin:office_auditevent_changelist")
    page("admin", "audit log", "auditor", log)
    page("admin_find", "audit log, search by object", "auditor", f"{log}?q=proposals.proposal:7")
    return found


def posting() -> dict[str, Any]:
    """What the posted forms need: keys of lists and units, dates that lie ahead."""

    def unit_of(account: str) -> int:
        bodies = User.objects.get(username=account).body_ids
        return Unit.objects.get(pk__in=bodies).pk

    cosigner = Membership.objects.get(person__user__username="cosigner")
    return {
        "category": Category.objects.filter(active=True, parent__isnull=False)[0].pk,
        "lead": unit_of("unit"),
        "joint": unit_of("unit2"),
        "class": ResultClass.objects.get(code="B").pk,
        "cosigner": cosigner.pk,
        "promised_on": (timezone.localdate() + timedelta(days=90)).isoformat(),
        "drafts": reverse("proposals:new"),
        "admin": reverse("admin:proposals_proposal_changelist"),
    }
