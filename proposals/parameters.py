"""What the office can set about proposals; each with a default and bounds."""

from django.utils.translation import gettext_lazy as _

from cppcc_portal.office.decisions import DEFAULT_BODIES
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
    "proposals.review_stages_required",
    kind="bool",
    default=False,
    group=GROUP,
    label=_("审查意见到齐才能决定"),
    help=_("开启时，在用的每个审查环节都提出意见后，才能立案、不予立案或并案。"),
)
define(
    "proposals.review_by_others",
    kind="bool",
    default=True,
    group=GROUP,
    label=_("各审查环节由不同的人提出意见"),
    help=_("开启时，同一件提案的初审、复审、终审意见不能由同一个人提出。"),
)
define(
    "proposals.committee",
    kind="text",
    default="提案委员会",
    minimum=2,
    maximum=60,
    group=GROUP,
    label=_("提案委员会的名称"),
    help=_("与“专委会”中的名称或简称一致；其主任可以看审查意见并提出意见。"),
)
define(
    "proposals.filing_needs_decision",
    kind="bool",
    default=False,
    group=GROUP,
    label=_("立案须有会议通过的决定"),
    help=_("开启时，没有登记通过的决定就不能立案；决定登记在立案审查清单上。"),
)
define(
    "proposals.filing_body",
    kind="choice",
    default="chair_meeting",
    choices=tuple(DEFAULT_BODIES.items()),
    group=GROUP,
    label=_("审定立案结果的机构"),
    help=_("立案审查清单报哪个机构审定。"),
)
define(
    "proposals.hand_over_by",
    kind="choice",
    default="office",
    choices=(("office", _("提案委办公室")), ("supervision", _("党委政府督查室"))),
    group=GROUP,
    label=_("由谁交办"),
    help=_("选督查室时，办公室只作预交办，由督查室在承办工作台核定单位并交办。"),
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
define(
    "proposals.remind_consultation",
    kind="days",
    default=[-2, 0, 1],
    group=GROUP,
    label=_("预交办征求意见提醒"),
    help=_("相对答复期限的天数，提醒被征求意见的单位；逾期后同时告知交办方。"),
)
