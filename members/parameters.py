"""What the office can set about gatherings; each with a default and bounds."""

from django.utils.translation import gettext_lazy as _

from cppcc_portal.office.parameters import define

GROUP = _("会议活动")

for name, default, label, help_text in (
    ("check_in_before", 30, _("签到提前开放（分钟）"), _("开始前多久可以扫码签到。")),
    (
        "check_in_after",
        60,
        _("签到截止（分钟）"),
        _("开始后多久停止扫码签到；之后由工作人员登记。"),
    ),
    ("late_after", 15, _("迟到界限（分钟）"), _("开始后多久签到算迟到。")),
):
    define(
        f"members.{name}",
        kind="int",
        default=default,
        minimum=0,
        maximum=480,
        group=GROUP,
        label=label,
        help=help_text,
    )
