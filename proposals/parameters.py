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
    "proposals.joint_opinions_block",
    kind="bool",
    default=True,
    group=GROUP,
    label=_("会办意见到齐前不能答复"),
    help=_("开启时，会办期限未过而意见未到，主办单位不能答复。"),
)
SCOPE = (("none", _("都不需要")), ("key", _("重点提案需要")), ("all", _("全部需要")))

define(
    "proposals.countersign",
    kind="choice",
    choices=SCOPE,
    default="key",
    group=GROUP,
    label=_("答复稿送会办单位会签"),
    help=_("会办单位看过答复稿后同意或写明不同意见；期限过后未会签的，主办单位可以继续。"),
)
define(
    "proposals.sign_off",
    kind="choice",
    choices=SCOPE,
    default="key",
    group=GROUP,
    label=_("答复由单位负责人在门户签发"),
    help=_("重点提案由主要负责人签发；线下已签发的，附上答复函扫描件即可。"),
)
define(
    "proposals.check_reply",
    kind="choice",
    choices=SCOPE,
    default="key",
    group=GROUP,
    label=_("答复发出前由督查部门审核"),
    help=_("审核人可以退回，也可以说明理由更改办理结果类别；审核期间答复期限暂停计算。"),
)
define(
    "proposals.remind_check",
    kind="days",
    default=[-1, 0, 1],
    group=GROUP,
    label=_("答复审核提醒"),
    help=_("相对审核期限的天数，提醒督查室和提案委办公室；逾期后每周一次。"),
)
define(
    "proposals.remind_countersign",
    kind="days",
    default=[-1, 0],
    group=GROUP,
    label=_("会签提醒"),
    help=_("相对会签期限的天数，提醒会办单位。"),
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
    "proposals.key_body",
    kind="text",
    default="chair_meeting",
    maximum=40,
    group=GROUP,
    label=_("决定重点提案和表彰的机构"),
    help=_("决定机构的代码；重点提案、优秀提案和先进承办单位须有它通过的会议决定。"),
)
define(
    "proposals.supervision_days",
    kind="int",
    default=30,
    minimum=7,
    maximum=180,
    group=GROUP,
    label=_("重点提案多少天没有督办记录即提醒"),
    help=_("从上一次督办（没有督办过的从列为重点或交办之日）算起。"),
)
define(
    "proposals.remind_supervision",
    kind="days",
    default=[0],
    group=GROUP,
    label=_("督办提醒"),
    help=_("相对应当督办之日的天数，提醒提案委办公室和督办专委会；逾期后每周一次。"),
)
define(
    "proposals.excellent_share",
    kind="int",
    default=10,
    minimum=1,
    maximum=100,
    group=GROUP,
    label=_("优秀提案占立案数的比例上限（%）"),
    help=_("超过时只提醒，不拦截。"),
)
define(
    "proposals.advanced_share",
    kind="int",
    default=20,
    minimum=1,
    maximum=100,
    group=GROUP,
    label=_("先进承办单位占承办单位数的比例上限（%）"),
    help=_("超过时只提醒，不拦截。"),
)
define(
    "proposals.archive_needs_scan",
    kind="bool",
    default=False,
    group=GROUP,
    label=_("归档须有答复函扫描件"),
    help=_("开启时，每个主办、分办单位的答复都须附有扫描件才能归档；关闭时以系统内的答复函为准。"),
)
