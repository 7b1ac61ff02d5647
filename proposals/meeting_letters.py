"""The words of every notice about supervision consultations; numbers and names of units, never the text."""

from django.utils.translation import gettext_lazy as _

from cppcc_portal.office.notices import notice_kind

notice_kind(
    "meeting_notified",
    label=_("督办协商邀请"),
    title=_("请参加督办协商：{when}"),
    body=_("地点：{place}。协商提案：{numbers}。请打开答复参加或请假。"),
)
notice_kind(
    "meeting_reminder",
    label=_("督办协商提醒"),
    title=_("督办协商：{when}"),
    body=_("地点：{place}。协商提案：{numbers}。还没有答复的请答复参加或请假。"),
)
notice_kind(
    "meeting_moved",
    label=_("督办协商改期"),
    title=_("原定 {when} 的督办协商改期"),
    body=_("协商提案：{numbers}。请不要按原时间前往，新的时间另行通知；原因请打开查看。"),
)
notice_kind(
    "meeting_cancelled",
    label=_("督办协商取消"),
    title=_("{when} 的督办协商取消"),
    body=_("协商提案：{numbers}。原因请打开查看。"),
)
notice_kind(
    "meeting_held",
    label=_("督办协商结果"),
    title=_("{when} 的督办协商已登记结果"),
    body=_("协商提案：{numbers}，形成结果 {count} 项。请打开查看。"),
)
notice_kind(
    "meeting_leave_asked",
    label=_("督办协商请假"),
    title=_("{who}请假：{when} 的督办协商"),
    body=_("请批准，或说明不准假的理由。"),
)
notice_kind(
    "meeting_leave_answered",
    label=_("督办协商请假答复"),
    title=_("您的请假{answer}：{when} 的督办协商"),
    body=_("请打开查看。"),
)
notice_kind(
    "report_asked",
    label=_("督办协商进展报告"),
    title=_("请在 {until} 前报告提案 {number} 的办理进展"),
    body=_("{when} 召开督办协商（{numbers}），请在会前报告。"),
)
notice_kind(
    "report_reminder",
    label=_("进展报告提醒"),
    title=_("提案 {number} 的进展报告期限 {until}"),
    body=_("{unit}还没有报告；{when} 召开督办协商。"),
)
notice_kind(
    "report_given",
    label=_("进展报告已到"),
    title=_("{unit}已报告提案 {number} 的办理进展"),
    body=_("{when} 召开督办协商，请会前阅读。"),
)
