"""The wording of notices about ratings that change and about what follows a reply; the office may reword them."""

from django.utils.translation import gettext_lazy as _

from cppcc_portal.office.notices import notice_kind

notice_kind(
    "dissatisfied_no_more",
    label=_("提案人改变评价"),
    title=_("提案 {number} 的提案人已改变评价，不用再决定是否重新办理"),
    body=_("承办单位：{unit}。修改前后的评价都留在记录里。"),
)
notice_kind(
    "supplement_sent",
    label=_("跟踪答复"),
    title=_("提案 {number} 有新的跟踪答复（{unit}）"),
    body=_("现在的办理结果类别：{class}。请打开提案阅读。"),
)
notice_kind(
    "progress_reminder",
    label=_("承诺进展提醒"),
    title=_("请报告提案 {number} 承诺事项的进展"),
    body=_("{unit}的承诺还没有了结，请在 {until} 前到承办工作台报告进展。"),
)
notice_kind(
    "plenary_progress_reminder",
    label=_("全会前承诺进展提醒"),
    title=_("全会将于 {until} 开幕，请报告提案 {number} 承诺事项的进展"),
    body=_("{unit}的承诺还没有了结，请到承办工作台报告进展，或作补充答复。"),
)
