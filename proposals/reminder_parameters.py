"""What the office can set about who hears of it when something is late, and of what nobody was reminded before."""

from django.utils.translation import gettext_lazy as _

from cppcc_portal.office.parameters import define
from proposals.parameters import GROUP

define(
    "proposals.escalate_reply",
    kind="int",
    default=1,
    minimum=1,
    maximum=90,
    unit=_("天"),
    group=GROUP,
    label=_("答复逾期几天起告知督查室和提案委办公室"),
    help=_("从答复期限的次日算起；之后随每周一次的逾期提醒一并告知。"),
)
define(
    "proposals.remind_revision",
    kind="days",
    default=[-2, 0, 7],
    group=GROUP,
    label=_("退回修改提醒"),
    help=_("相对修改期限的天数，提醒提案人改好再提交。"),
)
define(
    "proposals.remind_review",
    kind="days",
    default=[0],
    group=GROUP,
    label=_("审查提醒"),
    help=_("相对平时提案审查期限的天数，提醒提案委办公室；逾期后每周一次。"),
)
define(
    "proposals.remind_hand_over",
    kind="days",
    default=[-7, -1, 0],
    group=GROUP,
    label=_("交办提醒"),
    help=_("相对交办期限的天数，提醒由谁交办的一方；同一天到期的合并为一条，逾期后每周一次。"),
)
define(
    "proposals.remind_before_cut_off",
    kind="int",
    default=24,
    minimum=0,
    maximum=240,
    unit=_("小时"),
    group=GROUP,
    label=_("截稿前几小时再提醒一次"),
    help=_("提醒还有草稿没有提交的提案人，每次截稿只提醒一次；填 0 则不提醒。"),
)
define(
    "proposals.light_yellow",
    kind="int",
    default=15,
    minimum=0,
    maximum=180,
    unit=_("天"),
    group=GROUP,
    label=_("距办理期限几天以内亮黄灯"),
    help=_("期限更远的亮绿灯；承办工作台和承办清单可以按灯筛选。"),
)
define(
    "proposals.light_red",
    kind="int",
    default=0,
    minimum=0,
    maximum=90,
    unit=_("天"),
    group=GROUP,
    label=_("距办理期限不足几天亮红灯"),
    help=_("0 表示逾期才亮红灯。"),
)
define(
    "proposals.escalate_sign_in",
    kind="int",
    default=5,
    minimum=1,
    maximum=60,
    unit=_("个工作日"),
    group=GROUP,
    label=_("交办几个工作日后仍未签收，告知负责人"),
    help=_(
        "到这一天告知承办单位负责人、秘书长和提案委办公室，之后每周一次；在此之前只提醒经办人。"
    ),
)
