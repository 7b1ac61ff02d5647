"""The words of every notice about public-opinion reports. They carry numbers and names of units, never a text."""

from django.utils.translation import gettext_lazy as _

from cppcc_portal.office.notices import notice_kind

notice_kind(
    "opinion_submitted",
    label=_("社情民意回执"),
    title=_("您反映的社情民意已收到"),
    body=_("办公室登记后会告诉您登记号；选用、印发、采用和批示的情况都会用消息告诉您。"),
)
notice_kind(
    "opinion_registered",
    label=_("社情民意登记"),
    title=_("您反映的社情民意已登记，登记号 {number}"),
    body=_("办公室正在研究是否选用，结果会告诉您。"),
)
notice_kind(
    "opinion_returned",
    label=_("社情民意退回修改"),
    title=_("您反映的社情民意需要修改"),
    body=_("请打开看办公室的说明，改好后再提交。"),
)
notice_kind(
    "opinion_selected",
    label=_("社情民意选用"),
    title=_("您反映的社情民意（{number}）已选用"),
    body=_("办公室编辑后报领导签发，印发后会告诉您期号。"),
)
notice_kind(
    "opinion_kept",
    label=_("社情民意留存"),
    title=_("您反映的社情民意（{number}）留存备用"),
    body=_("这次没有选用，以后仍可能选用。理由请打开查看。"),
)
notice_kind(
    "opinion_converted",
    label=_("提案转社情民意"),
    title=_("您的提案（流水号 {serial}）已转为社情民意信息"),
    body=_("提案没有立案，办公室已把内容转为社情民意信息继续反映，进展会告诉您。"),
)
notice_kind(
    "opinion_issued",
    label=_("社情民意印发"),
    title=_("您反映的社情民意（{number}）已印发"),
    body=_("已编入{issue}，署您的名。报送、采用和批示的情况会继续告诉您。"),
)
notice_kind(
    "opinion_sent",
    label=_("社情民意报送"),
    title=_("您反映的社情民意（{number}）已报送{to}"),
    body=_("采用、批示和答复的情况会继续告诉您。"),
)
notice_kind(
    "opinion_adopted",
    label=_("社情民意采用"),
    title=_("您反映的社情民意（{number}）被{level}采用"),
    body=_("打开可以查看采用的单位和日期。"),
)
notice_kind(
    "opinion_adoption_corrected",
    label=_("社情民意采用更正"),
    title=_("您反映的社情民意（{number}）的{level}采用记录有更正"),
    body=_("打开可以查看更正后的情况。"),
)
notice_kind(
    "opinion_instructed",
    label=_("社情民意批示"),
    title=_("您反映的社情民意（{number}）收到{level}领导批示"),
    body=_("感谢您的反映。批示内容按规定另行告知。"),
)
notice_kind(
    "opinion_answered",
    label=_("社情民意答复"),
    title=_("{unit}已对您反映的社情民意（{number}）作出答复"),
    body=_("打开可以查看办理情况。"),
)
notice_kind(
    "opinion_to_sign",
    label=_("社情民意待签发"),
    title=_("一篇社情民意（{number}）等您签发"),
    body=_("请打开看编辑稿，签发或退回编辑。"),
)
notice_kind(
    "opinion_received",
    label=_("收到社情民意"),
    title=_("收到{issue}"),
    body=_("请打开查看。社情民意不公开，请勿转发。"),
)
notice_kind(
    "opinion_to_answer",
    label=_("社情民意待答复"),
    title=_("收到{issue}，请在 {until} 前答复"),
    body=_("请打开查看并答复。社情民意不公开，请勿转发。"),
)
notice_kind(
    "opinion_answer_reminder",
    label=_("社情民意答复提醒"),
    title=_("{issue}等待本单位答复"),
    body=_("答复期限 {until}，请打开查看并答复。"),
)
notice_kind(
    "opinion_answer_in",
    label=_("单位已答复社情民意"),
    title=_("{unit}已答复{issue}"),
    body=_("请打开查看答复。"),
)
notice_kind(
    "opinion_to_handle",
    label=_("社情民意交办"),
    title=_("{issue}交本单位办理，请在 {sign_in} 前签收"),
    body=_("答复期限 {until}。不属于本单位职责的，请尽快申请退办。社情民意不公开，请勿转发。"),
)
notice_kind(
    "opinion_sign_in_reminder",
    label=_("社情民意签收提醒"),
    title=_("{issue}等待{unit}签收"),
    body=_("签收期限 {until}，请到承办工作台签收。"),
)
notice_kind(
    "opinion_in_hand",
    label=_("社情民意办理"),
    title=_("{unit}已签收您反映的社情民意（{number}），正在办理"),
    body=_("答复后会告诉您。"),
)
notice_kind(
    "opinion_rehanded",
    label=_("社情民意改办"),
    title=_("您反映的社情民意（{number}）改由{new}办理"),
    body=_("原办理单位：{old}。答复后会告诉您。"),
)
notice_kind(
    "opinion_rehanded_from",
    label=_("社情民意办理单位变更"),
    title=_("{issue}改由{new}办理"),
    body=_("原办理单位：{old}，不用再办理。"),
)
