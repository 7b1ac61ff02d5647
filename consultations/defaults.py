"""The lists an installation begins with; the office edits the rows, never this table."""

from django.db import transaction

from consultations.models import DeclineReason, SessionForm

# The forms that the newsletter and the rules of the trade name; all of them require research.
FORMS = (
    ("standing", "专题议政性常委会会议"),
    ("topical", "专题协商会"),
    ("chair", "专题协商主席会议"),
    ("counterpart", "对口协商"),
    ("sector", "界别协商"),
    ("proposal", "提案办理协商"),
    ("supervision", "协商式监督"),
    ("grass_roots", "有事好商量"),
)
DECLINE_REASONS = (
    ("routine", "属于部门日常工作"),
    ("outside", "不属于政协协商范围"),
    ("done", "已经部署或解决"),
    ("passed_on", "已转提案或社情民意"),
)


@transaction.atomic
def lay_down_lists() -> None:
    """Make the entries that are missing; what the office edited stays as it is. Safe to run again."""
    for order, (code, name) in enumerate(FORMS):
        SessionForm.objects.get_or_create(code=code, defaults={"name": name, "order": order})
    for order, (code, name) in enumerate(DECLINE_REASONS):
        DeclineReason.objects.get_or_create(code=code, defaults={"name": name, "order": order})
