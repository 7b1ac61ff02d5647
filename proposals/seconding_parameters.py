"""What the office can set about seconding (附议); off until it says otherwise."""

from django.utils.translation import gettext_lazy as _

from cppcc_portal.office.parameters import define

GROUP = _("附议")

define(
    "proposals.seconding",
    kind="bool",
    default=False,
    group=GROUP,
    label=_("开启附议"),
    help=_(
        "委员可以对自己看得到的提案（主要是已公开的）表示附议；关闭后页面上不再显示，记录保留。"
    ),
)
define(
    "proposals.seconding_until",
    kind="choice",
    choices=(("filed", _("到立案为止")), ("closed", _("到办结为止"))),
    default="closed",
    group=GROUP,
    label=_("何时以前可以附议和收回"),
    help=_(
        "委员通常在提案公开（立案之后）才看得到；选“到立案为止”时，只有审查期间就看得到的委员可以附议。"
    ),
)
define(
    "proposals.seconding_on_form",
    kind="bool",
    default=False,
    group=GROUP,
    label=_("提案表列出附议委员"),
    help=_("开启时，提案表印出附议委员的姓名；附言不印。"),
)
