"""The words of notices about publication; they carry numbers, never the text."""

from django.utils.translation import gettext_lazy as _

from cppcc_portal.office.notices import notice_kind

notice_kind(
    "publication_asked",
    label=_("征求公开同意"),
    title=_("请您决定是否同意公开提案 {number}"),
    body=_("请打开门户看过公开稿；同意的，点“同意公开”。不同意的，不必操作。"),
)
notice_kind(
    "publication_consented",
    label=_("已同意公开"),
    title=_("{who}同意公开提案 {number}"),
    body=_("所需的同意齐全后，请核对公开稿再公开。"),
)
notice_kind(
    "published",
    label=_("提案公开"),
    title=_("提案 {number} 已向社会公开"),
    body=_("打开可以看到公开的内容和网址。"),
)
notice_kind(
    "unpublished",
    label=_("提案不公开"),
    title=_("提案 {number} 不向社会公开"),
    body=_("办公室写明了理由，请打开查看。"),
)
notice_kind(
    "publication_reminder",
    label=_("公开期限提醒"),
    title=_("提案 {number} 的公开期限 {until}"),
    body=_("请核对公开稿后公开，或写明理由不予公开。"),
)
