"""The wording of notices about ratings that change and about what follows a reply; the office may reword them."""

from django.utils.translation import gettext_lazy as _

from cppcc_portal.office.notices import notice_kind

notice_kind(
    "dissatisfied_no_more",
    label=_("提案人改变评价"),
    title=_("提案 {number} 的提案人已改变评价，不用再决定是否重新办理"),
    body=_("承办单位：{unit}。修改前后的评价都留在记录里。"),
)
