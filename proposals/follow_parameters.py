"""What the office can set about sums of ratings and about what follows a reply."""

from django.utils.translation import gettext_lazy as _

from cppcc_portal.office.parameters import define
from proposals.parameters import GROUP

define(
    "proposals.rating_sums_least",
    kind="int",
    default=5,
    minimum=2,
    maximum=50,
    group=GROUP,
    label=_("评价汇总至少几份才显示"),
    help=_("收回的评价少于这个数时，承办单位和督查部门看不到汇总，免得看出单份评价。"),
)
define(
    "proposals.progress_days",
    kind="int",
    default=90,
    minimum=15,
    maximum=365,
    group=GROUP,
    label=_("承诺事项多少天报告一次进展"),
    help=_("从上一次进展（没有的从答复之日）算起，即每季度一次；满期提醒承诺单位。"),
)
define(
    "proposals.remind_progress",
    kind="days",
    default=[-7, 0],
    group=GROUP,
    label=_("承诺进展提醒"),
    help=_("相对应当报告进展之日的天数，提醒承诺单位；逾期后每月一次。"),
)
define(
    "proposals.remind_progress_plenary",
    kind="days",
    default=[-30, -7],
    group=GROUP,
    label=_("全会前承诺进展提醒"),
    help=_("相对下一次全会开幕的天数，提醒还有承诺没有了结的单位报告进展。"),
)
