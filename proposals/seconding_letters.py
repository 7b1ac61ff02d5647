"""What people are told about seconding; the office may change the words."""

from django.utils.translation import gettext_lazy as _

from cppcc_portal.office.notices import notice_kind

notice_kind(
    "seconded",
    label=_("提案有委员附议"),
    title=_("提案 {number} 有委员附议"),
    body=_("打开可以看附议的委员和附言。同一天的附议只通知一次。"),
)
notice_kind(
    "seconding_lapsed",
    label=_("附议随文字改动失效"),
    title=_("您附议的提案 {number} 文字有改动"),
    body=_("原来的附议不再计入。仍然支持的，请看过新文字再附议。"),
)
