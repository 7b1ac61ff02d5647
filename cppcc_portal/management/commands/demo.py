"""Three plenary years of a district's life, ending today; the same day gives the same data."""

import os
import secrets
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

import consultations.actions
import feedback.actions
from cppcc_portal.demo import (
    collectives,
    imports,
    meetings,
    merging,
    opinions,
    publishing,
    replying,
    requests,
    reviewing,
    second_path,
    seconding,
    topics,
)
from cppcc_portal.demo import district as districts
from cppcc_portal.demo import keys as key_proposals
from cppcc_portal.demo.plans import plan_all
from cppcc_portal.demo.rows import Rows
from cppcc_portal.demo.stories import write
from cppcc_portal.demo.subjects import SUBJECTS
from cppcc_portal.demo.teller import Teller
from cppcc_portal.office import audit, notices
from members.models import Plenary, Term, User
from proposals import actions
from proposals.models import Category, Proposal

PROPOSALS = 600
CHUNK = 500
SEED = 20260101


class Command(BaseCommand):
    """Make the demonstration data and its accounts."""

    help = "Fill the empty database with three plenary years of an invented district."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--scale", type=int, default=1, help="N times the size (default 1)")
        parser.add_argument("--today", type=date.fromisoformat, default=None)
        parser.add_argument("--flush", action="store_true", help="empty the database first")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["scale"] < 1:
            raise CommandError(_("--scale 须为 1 或更大的整数。"))
        if settings.PRODUCTION:
            raise CommandError(_("正式环境不能写入演示数据。请在 PORTAL_ENV=demo 下运行。"))
        if options["flush"]:
            with audit.open_gate("flush", job="demo"):
                call_command("flush", interactive=False, verbosity=0)
        elif Term.objects.exists():
            raise CommandError(
                _("数据库里已有数据，没有改动。要重新生成请加 --flush（会清空全部数据）。")
            )
        today = options["today"] or timezone.localdate()
        password = os.environ.get("DEMO_PASSWORD") or secrets.token_urlsafe(9)
        self.build(today, options["scale"], password)
        self.write_accounts(password)

    @transaction.atomic
    def build(self, today: date, scale: int, password: str) -> None:
        """One transaction: either the whole district stands, or nothing."""
        call_command("lay_down_defaults", verbosity=0)
        self.categories()
        rng = Random(f"{SEED}:{today.isoformat()}")  # noqa: S311  the same day, the same data
        district = districts.build(rng, today=today, password=password)
        now = timezone.make_aware(datetime.combine(today, time(18)))
        if today == timezone.localdate():
            now = min(now, timezone.now())
        plans = plan_all(rng, district.plenaries, now=now, count=PROPOSALS * scale)
        rows = Rows()
        teller = Teller(district, rows, now)
        keys: dict[int, int] = {}
        for start in range(0, len(plans), CHUNK):
            for plan in plans[start : start + CHUNK]:
                keys[plan.index] = write(teller, plan, SEED, beyond=len(plans)).pk
            rows.write()
        rows.close()
        for plenary in district.plenaries:
            last = max((p.serial or 0 for p in plans if p.plenary.pk == plenary.pk), default=0)
            Plenary.objects.filter(pk=plenary.pk).update(last_serial=last)
        rng = Random(f"{SEED}:{today.isoformat()}:topics")  # noqa: S311  as above
        second_path.tell(district, rng, today=today, now=now, scale=scale)
        rng = Random(f"{SEED}:{today.isoformat()}:requests")  # noqa: S311  as above
        requests.tell(rng, today=today, now=now)
        alike = [(keys[plan.index], keys[plan.twin.index]) for plan in plans if plan.twin]
        office = User.objects.get(username="office")
        merging.tell(office, alike, now=now)
        rng = Random(f"{SEED}:{today.isoformat()}:reviewing")  # noqa: S311  as above
        reviewing.tell(district, rng, now=now)
        rng = Random(f"{SEED}:{today.isoformat()}:opinions")  # noqa: S311  as above
        opinions.tell(district, rng, today=today, now=now)
        rng = Random(f"{SEED}:{today.isoformat()}:collectives")  # noqa: S311  as above
        collectives.tell(district, rng, now=now)
        rng = Random(f"{SEED}:{today.isoformat()}:imports")  # noqa: S311  as above
        imports.tell(rng, today=today, now=now)
        topics.tell()
        key_proposals.tell(district, today=today, now=now)
        replying.tell(today=today, now=now)
        meetings.tell(district, today=today, now=now)
        publishing.tell(office, now=now)
        rng = Random(f"{SEED}:{today.isoformat()}:seconding")  # noqa: S311  as above
        seconding.tell(district, rng, now=now)
        # What is due by now was sent in its time; the clock goes on from here.
        actions.remind(today)
        consultations.actions.remind(today)
        feedback.actions.remind(today)
        notices.count_as_sent(timezone.now() + timedelta(minutes=1))
        while audit.seal():
            pass
        self.stdout.write(
            _("演示数据已生成：%(proposals)s 件提案，%(people)s 个账号，截至 %(today)s")
            % {
                "proposals": Proposal.objects.count(),
                "people": User.objects.count(),
                "today": today,
            }
        )

    def categories(self) -> None:
        """The second level of subjects, under the five the office begins with."""
        for order, subject in enumerate(SUBJECTS):
            parent = Category.objects.get(code=subject.parent) if subject.parent else None
            Category.objects.get_or_create(
                code=subject.code,
                defaults={"name": subject.name, "order": order, "parent": parent},
            )

    def write_accounts(self, password: str) -> None:
        """Names and password for whoever tries the demonstration, readable by the owner only."""
        path = Path(settings.VAR_DIR) / "demo-accounts.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        lines = [f"{account}\t{post}" for account, (_roles, post) in districts.ACCOUNTS.items()]
        handle = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(
                _("密码（所有演示账号相同）：%s") % password + "\n" + "\n".join(lines) + "\n"
            )
        path.chmod(0o600)
        self.stdout.write(_("演示账号和密码见 %s") % path)
