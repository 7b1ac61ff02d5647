"""What the office can set about topics and sessions; each with a default and bounds."""

from django.utils.translation import gettext_lazy as _

from cppcc_portal.office.parameters import define

GROUP = _("协商")

define(
    "consultations.topic_limit",
    kind="int",
    default=1000,
    minimum=200,
    maximum=5000,
    group=GROUP,
    label=_("议题字数上限"),
    help=_("背景和建议合计；参照湖北征集议题的一千字。"),
)
define(
    "consultations.approval_route",
    kind="list",
    default=["party_group", "chair_meeting", "district_party_committee"],
    group=GROUP,
    label=_("年度计划报批程序"),
    help=_("按次序填写决定机构的代码；最后一步不是区委常委会的，须另有会议决定。"),
)
define(
    "consultations.notice_days",
    kind="int",
    default=15,
    minimum=0,
    maximum=60,
    group=GROUP,
    label=_("会前通知（工作日）"),
    help=_("少于这个天数时只提醒，不拦截。"),
)
define(
    "consultations.remind_screening",
    kind="days",
    default=[0, 3],
    group=GROUP,
    label=_("议题审核提醒"),
    help=_("相对审核期限的天数，提醒秘书处办公室。"),
)
define(
    "consultations.remind_reply",
    kind="days",
    default=[-3, -1],
    group=GROUP,
    label=_("参会答复提醒"),
    help=_("相对活动日期的天数，提醒还没有答复的受邀人。"),
)
define(
    "consultations.remind_minutes",
    kind="days",
    default=[-2, 0, 1],
    group=GROUP,
    label=_("纪要提醒"),
    help=_("相对纪要期限的天数，提醒专委会；逾期后同时提醒秘书长。"),
)
