"""`manage.py verify_audit`: does the audit chain hold?"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from cppcc_portal.office import audit


class Command(BaseCommand):
    """Walks the audit chain; a non-zero exit names the first broken link or events left unsealed."""

    help = "Check the audit chain; non-zero with the first broken link."

    def handle(self, *args: Any, **options: Any) -> None:
        report = audit.verify()
        # Each line begins with an English word that scripts can rely on.
        for warning in report.warnings:
            self.stderr.write(f"warning: {warning}")
        if report.unsealed:
            waiting = _("%(count)d 条记录尚未封存，最早的是第 %(event)d 条。") % {
                "count": report.unsealed,
                "event": report.oldest_unsealed or 0,
            }
            self.stdout.write(f"unsealed {report.unsealed}: {waiting}")
        if report.broken:
            where = f"event {report.event}" if report.event else "chain"
            raise CommandError(f"broken at {where}: {report.broken}")
        if report.late:
            late = _("其中 %(count)d 条早该封存，请检查定时任务是否在运行。") % {
                "count": report.late
            }
            raise CommandError(f"late {report.late}: {late}")
        intact = _("审计链完好，共核对 %(count)d 条记录，链尾 %(head)s。") % {
            "count": report.checked,
            "head": report.head,
        }
        self.stdout.write(f"ok {report.checked}: {intact}")
