"""What the office can set about supervision consultations."""

from django.utils.translation import gettext_lazy as _

from cppcc_portal.office.parameters import define
from proposals.parameters import GROUP

define(
    "proposals.report_days_before",
    kind="int",
    default=5,
    minimum=0,
    maximum=30,
    group=GROUP,
    label=_("督办协商前几天报告进展"),
    help=_("承办单位最迟在会议召开前多少天提交进展报告；临时召开的，通知当天即到期。"),
)
define(
    "proposals.remind_report",
    kind="days",
    default=[-2, 0, 1],
    group=GROUP,
    label=_("进展报告提醒"),
    help=_("相对报告期限的天数，提醒承办单位经办人；逾期后同时提醒负责人和提案委办公室。"),
)
define(
    "proposals.remind_meeting",
    kind="days",
    default=[-1],
    group=GROUP,
    label=_("督办协商提醒"),
    help=_("相对召开日期的天数，提醒没有请假的受邀人。"),
)
