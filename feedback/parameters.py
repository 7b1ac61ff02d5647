"""What the office can set about adoption and the look-back; each with a default and bounds."""

from django.utils.translation import gettext_lazy as _

from cppcc_portal.office.parameters import define

GROUP = _("成果转化")

for name, default, least, most, label, help_text in (
    (
        "reason_length",
        20,
        1,
        500,
        _("未采纳理由最少字数"),
        _("未采纳、留作参考的理由至少写这么多字。"),
    ),
    (
        "challenges",
        2,
        0,
        10,
        _("要求重新研究的次数"),
        _("专委会对同一条答复最多要求重新研究几次。"),
    ),
    ("lookback_least", 1, 0, 10, _("回头看最少议题数"), _("每年至少选几个上年重点议题回头看。")),
    ("lookback_most", 2, 1, 10, _("回头看最多议题数"), _("每年最多选几个上年重点议题回头看。")),
    ("lookback_checkers", 3, 1, 50, _("回头看最少委员数"), _("每个回头看至少有几名委员参加。")),
):
    define(
        f"feedback.{name}",
        kind="int",
        default=default,
        minimum=least,
        maximum=most,
        group=GROUP,
        label=label,
        help=help_text,
    )
define(
    "feedback.remind_answer",
    kind="days",
    default=[-10, -3, 0, 1],
    group=GROUP,
    label=_("意见建议答复提醒"),
    help=_("相对答复期限的天数，提醒经办人；逾期7天提醒单位负责人，14天提醒秘书长和督查室。"),
)
define(
    "feedback.remind_verify",
    kind="days",
    default=[-5, 0, 1],
    group=GROUP,
    label=_("核实提醒"),
    help=_("相对核实期限的天数，提醒专委会主任。"),
)
define(
    "feedback.lookback_days",
    kind="list",
    default=["02-01", "03-01", "03-15", "03-31"],
    group=GROUP,
    label=_("回头看提醒日期"),
    help=_("第一个日期列出候选议题；之后每周提醒，直到选满最少数。"),
)
define(
    "feedback.remind_self_report",
    kind="days",
    default=[-10, -5, 0, 5],
    group=GROUP,
    label=_("自查报告提醒"),
    help=_("相对自查期限的天数，提醒承办单位。"),
)
