"""What the office can set about publication: reminders, and what a public page names."""

from django.utils.translation import gettext_lazy as _

from cppcc_portal.office.parameters import define

GROUP = _("提案公开")

define(
    "proposals.public_names",
    kind="choice",
    default="first",
    choices=(
        ("first", _("第一提案人等几名委员")),
        ("all", _("全部提案人")),
        ("none", _("不写姓名")),
    ),
    group=GROUP,
    label=_("公开页面上的提案人"),
    help=_("只写姓名，不写单位、职务和联系方式。"),
)
define(
    "proposals.public_class",
    kind="bool",
    default=False,
    group=GROUP,
    label=_("公开办理结果类别"),
    help=_("开启时，公开页面写明答复是 A、B、C 哪一类。"),
)
define(
    "proposals.remind_publication",
    kind="days",
    default=[-3, 0],
    group=GROUP,
    label=_("公开期限提醒"),
    help=_("相对公开期限的天数，提醒提案委办公室；逾期后每周一次。"),
)
