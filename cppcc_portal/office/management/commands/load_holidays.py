"""manage.py load_holidays [FILE]: bring the table of holidays and make-up work days up to date."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from cppcc_portal.office import deadlines, working_days


class Command(BaseCommand):
    help = (
        "Load holidays and make-up work days from a CSV file (date,kind,name,status,comment); "
        "without FILE the packaged one for 2024 to 2027. Safe to run again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, default=working_days.HOLIDAYS_FILE)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            rows = working_days.read_holidays(options["file"].read_bytes())
        except OSError as error:
            raise CommandError(
                _("读不到文件：%(file)s（%(why)s）")
                % {"file": options["file"], "why": error.strerror}
            ) from error
        except working_days.HolidayFileError as error:
            raise CommandError(str(error)) from error
        done = working_days.load_holidays(rows, job="load_holidays")
        self.stdout.write(
            _("节假日：新增 %(added)d 天，更改 %(changed)d 天，移除 %(removed)d 天。")
            % {"added": done.added, "changed": done.changed, "removed": done.removed}
        )
        for year in done.kept_years:
            self.stdout.write(_("%(year)d年已有公布的安排，未用暂定数据覆盖。") % {"year": year})
        moved = deadlines.recalculate_guesses(on=timezone.localdate(), job="load_holidays")
        if moved:
            self.stdout.write(_("按新安排重新推算了 %(count)d 项期限。") % {"count": len(moved)})
