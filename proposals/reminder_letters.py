"""The words of reminders of the time before the hand-over, and of steps that nobody was told of before."""

from django.utils.translation import gettext_lazy as _

from cppcc_portal.office.notices import notice_kind

notice_kind(
    "revision_reminder",
    label=_("退回修改提醒"),
    title=_("退回的提案（流水号 {serial}）还没有改好再提交"),
    body=_("修改期限 {until}；过了期限仍可提交，平时提案随交随审。"),
)
notice_kind(
    "review_reminder",
    label=_("审查提醒"),
    title=_("提案（流水号 {serial}）等待审查"),
    body=_("审查期限 {until}，请立案、退回或不予立案。"),
)
notice_kind(
    "hand_over_reminder",
    label=_("交办提醒"),
    title=_("{plenary}还有 {count} 件已立案提案没有交办"),
    body=_("交办期限 {until}，请核定承办单位后交办。"),
)
