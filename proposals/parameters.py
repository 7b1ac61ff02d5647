"""What the office can set about proposals; each with a default and bounds."""

from django.utils.translation import gettext_lazy as _

from cppcc_portal.office.parameters import define

GROUP = _("提案")

define(
    "proposals.title_limit",
    kind="int",
    default=100,
    minimum=20,
    maximum=200,
    group=GROUP,
    label=_("案由字数上限"),
    help=_("超过时请提案人缩短后再提交。"),
)
define(
    "proposals.length_warn",
    kind="int",
    default=1500,
    minimum=500,
    maximum=5000,
    group=GROUP,
    label=_("正文建议字数"),
    help=_("情况、分析、建议合计超过时只提醒，不拦截。"),
)
define(
    "proposals.writers_most",
    kind="int",
    default=3,
    minimum=1,
    maximum=10,
    group=GROUP,
    label=_("集体提案主笔人上限"),
    help=_("组织提出的提案最多列几位主笔人。"),
)
define(
    "proposals.joint_opinions_block",
    kind="bool",
    default=True,
    group=GROUP,
    label=_("会办意见到齐前不能答复"),
    help=_("开启时，会办期限未过而意见未到，主办单位不能答复。"),
)
define(
    "proposals.remind_cosign",
    kind="days",
    default=[-3, -1],
    group=GROUP,
    label=_("联名截止提醒"),
    help=_("截止前几天提醒尚未答复的受邀委员，负数为之前。"),
)
define(
    "proposals.remind_cut_off",
    kind="days",
    default=[-3, -1],
    group=GROUP,
    label=_("截稿提醒"),
    help=_("大会截稿前几天提醒还有草稿的委员。"),
)
define(
    "proposals.remind_sign_in",
    kind="days",
    default=[-1, 0],
    group=GROUP,
    label=_("签收提醒"),
    help=_("相对签收期限的天数，提醒承办单位经办人；逾期后同时提醒负责人。"),
)
define(
    "proposals.remind_contact",
    kind="days",
    default=[-7, 0],
    group=GROUP,
    label=_("首次联系提醒"),
    help=_("相对首次联系期限的天数，提醒主办、分办单位。"),
)
define(
    "proposals.remind_opinion",
    kind="days",
    default=[-5, 0, 3],
    group=GROUP,
    label=_("会办意见提醒"),
    help=_("相对会办期限的天数，提醒会办单位；逾期后同时告知主办单位。"),
)
define(
    "proposals.remind_reply",
    kind="days",
    default=[-30, -15, -7, -1, 0, 1],
    group=GROUP,
    label=_("答复提醒"),
    help=_("相对答复期限的天数，提醒经办人；逾期后每周一次并提醒负责人。"),
)
define(
    "proposals.remind_rehandling",
    kind="days",
    default=[-10, -3, 0],
    group=GROUP,
    label=_("重新办理提醒"),
    help=_("相对重新办理期限的天数，提醒单位负责人；逾期后每周一次。"),
)
define(
    "proposals.remind_evaluation",
    kind="days",
    default=[-11, -4, 0],
    group=GROUP,
    label=_("评价提醒"),
    help=_("相对评价期限的天数，提醒尚未评价的提案人。"),
)
define(
    "proposals.remind_decision",
    kind="days",
    default=[-2, 0, 1],
    group=GROUP,
    label=_("重新办理决定提醒"),
    help=_("相对决定期限的天数，提醒提案委办公室。"),
)
define(
    "proposals.remind_commitment",
    kind="days",
    default=[-30, -7, 0],
    group=GROUP,
    label=_("承诺到期提醒"),
    help=_("相对承诺期限的天数，提醒承诺单位；逾期后每月一次。"),
)
define(
    "proposals.remind_request",
    kind="days",
    default=[-2, 0],
    group=GROUP,
    label=_("退办延期申请提醒"),
    help=_("相对决定期限的天数，提醒督查室和提案委办公室；逾期后每周一次。"),
)
