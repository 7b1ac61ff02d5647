"""Everything that is due on a day; running it twice changes nothing."""

import json
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

import consultations.actions
import feedback.actions
import proposals.actions
from cppcc_portal.office.notices import Notice

APPS = (proposals.actions, consultations.actions, feedback.actions)


class Rehearsed(Exception):
    """Ends a dry run: everything was written, and is taken back."""


class Command(BaseCommand):
    """Write the reminders of a day (default: today), or only show them."""

    help = "Write the reminders that are due; --dry-run prints what would go out and why."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--on", type=date.fromisoformat, default=None, metavar="DATE")
        parser.add_argument("--dry-run", action="store_true")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        on = options["on"] or timezone.localdate()
        made: list[dict[str, Any]] = []
        try:
            with transaction.atomic():
                last = Notice.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
                for actions in APPS:
                    actions.remind(on)
                made = [self.shown(notice) for notice in self.new(last)]
                if options["dry_run"]:
                    raise Rehearsed
        except Rehearsed:
            pass
        if options["json"]:
            self.stdout.write(json.dumps({"notices": made}, ensure_ascii=False, indent=2))
            return
        for notice in made:
            self.stdout.write(
                f"{notice['to']}\t{notice['title']}\t{notice['kind']} "
                f"step {notice['step']} round {notice['round']} due {notice['due_on']}"
            )
        head = _("演练，没有写入") if options["dry_run"] else _("已写入")
        self.stdout.write(
            _("%(head)s：%(on)s 共 %(n)s 条提醒") % {"head": head, "on": on, "n": len(made)}
        )

    def new(self, last: int) -> Any:
        return Notice.objects.filter(pk__gt=last).select_related("person").order_by("pk")

    def shown(self, notice: Notice) -> dict[str, Any]:
        return {
            "to": notice.person.name,
            "kind": notice.kind,
            "subject": notice.subject,
            "title": notice.title,
            "body": notice.body,
            "step": notice.step,
            "round": notice.round,
            "due_on": notice.due_on.isoformat() if notice.due_on else None,
            "dedupe_key": notice.dedupe_key,
        }
