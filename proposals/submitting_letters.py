"""The words of notices about invitations that lapse, texts taken back, cut-off hours, and who else must know."""

from django.utils.translation import gettext_lazy as _

from cppcc_portal.office.notices import notice_kind

notice_kind(
    "cosign_expired",
    label=_("联名邀请过期"),
    title=_("{who}的联名邀请已过截止日期"),
    body=_(
        "截止日期 {until} 前您没有答复，邀请已过期，不列为提案人。仍想联名的，请与第一提案人联系。"
    ),
)
notice_kind(
    "cosign_unanswered",
    label=_("受邀委员没有答复"),
    title=_("联名已截止，{count} 位委员没有答复"),
    body=_(
        "没有答复：{names}。截止日期 {until}，邀请已过期，不计入联名人；可以再次邀请，也可以直接提交。"
    ),
)
notice_kind(
    "withdrawn",
    label=_("撤回提案"),
    title=_("{who}撤回了{what}"),
    body=_("不再征求联名，也不再审查；文字和经过留存备查。"),
)
notice_kind(
    "revoked_key",
    label=_("撤案（督办领导）"),
    title=_("重点提案 {number} 已撤案"),
    body=_("提案人书面申请撤案，不用再督办。理由请打开提案查看。"),
)
notice_kind(
    "reply_copied",
    label=_("答复抄送会办单位"),
    title=_("提案 {number} 已由{unit}答复提案人"),
    body=_("办理结果类别 {class}。全文请打开承办工作台查看。"),
)
notice_kind(
    "extension_told",
    label=_("延期决定（提案人）"),
    title=_("{unit}申请延期答复提案 {number}：{decision}"),
    body=_("答复期限 {until}。有疑问请与承办单位联系。"),
)
notice_kind(
    "cut_off_hours",
    label=_("截稿前几小时提醒"),
    title=_("提案征集 {until} 截稿，您还有草稿没有提交"),
    body=_("请打开草稿提交。截稿后仍可提交，按平时提案处理。"),
)
notice_kind(
    "signed_on_paper",
    label=_("登记纸质联名"),
    title=_("{who}在纸质提案上的联名已登记"),
    body=_("由办公室凭签名扫描件代录；有误的，请与提案委办公室联系。"),
)
