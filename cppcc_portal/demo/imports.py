"""Lists of proposals in the demonstration: one brought in, one that waits to be looked through."""

import io
from datetime import date, datetime, timedelta
from random import Random

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from cppcc_portal.demo.proposals import proposal_text
from members.models import Membership, User
from proposals import actions
from proposals.actions.importing import submit_imported

BEYOND = 42_000  # texts that no other proposal of the demonstration uses
HEADINGS = ("案由", "提案人", "委员证号", "情况", "分析", "建议", "是否同意公开", "提交日期")


def tell(rng: Random, *, today: date, now: datetime) -> None:
    """Texts that came by post: some submitted on their day, some drafts, and a list with a wrong name."""
    office = User.objects.get(username="office")
    silent = Membership.objects.active().of_current_term().filter(person__user=None)
    seats = list(silent.select_related("person").order_by("pk")[:6])
    day = today - timedelta(days=5)
    brought = [
        _row(rng, number, seat, day if number < 2 else None)
        for number, seat in enumerate(seats[:4])
    ]
    batch = actions.upload_proposals([_book("来信提案清单.xlsx", brought)], by=office)
    actions.write_proposals(batch, by=office, all_or_nothing=True, at=now - timedelta(days=1))
    submit_imported(batch.pk)
    waiting = [_row(rng, 4 + number, seat, None) for number, seat in enumerate(seats[4:])]
    waiting.append(
        ["关于完善社区议事机制的建议", "查无此人", "", "情况。", "", "建议。", "是", "下周"]
    )
    actions.upload_proposals([_book("镇街代收提案.xlsx", waiting)], by=office)


def _row(rng: Random, number: int, seat: Membership, day: date | None) -> list[str]:
    text = proposal_text(rng, BEYOND + number)
    return [
        text.title,
        seat.person.name,
        seat.number,
        text.situation,
        text.analysis,
        text.suggestions,
        "是",
        day.isoformat() if day else "",
    ]


def _book(name: str, rows: list[list[str]]) -> SimpleUploadedFile:
    book = Workbook()
    sheet = book.active
    sheet.title = "提案"
    for row in (HEADINGS, *rows):
        sheet.append(list(row))
    written = io.BytesIO()
    book.save(written)
    return SimpleUploadedFile(name, written.getvalue())
