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
