"""The words of every notice about adoption and the look-back; numbers and names of units, never the text."""

from django.utils.translation import gettext_lazy as _

from cppcc_portal.office.notices import notice_kind

notice_kind(
    "advice_assigned",
    label=_("意见建议交办"),
    title=_("交办一条意见建议：{document}第{number}条"),
    body=_("请在 {until} 前答复是否采纳。"),
)
notice_kind(
    "advice_answered",
    label=_("意见建议已答复"),
    title=_("{unit}：{decision}（{document}第{number}条）"),
    body=_("请打开查看答复和承诺。"),
)
notice_kind(
    "advice_challenged",
    label=_("请重新研究"),
    title=_("请重新研究{document}第{number}条"),
    body=_("专委会对答复有意见，请在 {until} 前重新答复。"),
)
notice_kind(
    "advice_done",
    label=_("意见建议待核实"),
    title=_("{unit}报告已完成，等您核实：{document}第{number}条"),
    body=_("请在 {until} 前看证明材料或到现场核实。"),
)
notice_kind(
    "advice_verified",
    label=_("意见建议已办结"),
    title=_("{document}第{number}条已核实办结"),
    body=_("可以打开看从议题到结果的全过程。"),
)
notice_kind(
    "advice_sent_back",
    label=_("核实未通过"),
    title=_("{document}第{number}条没有通过核实"),
    body=_("请打开看说明，继续落实后再报告。"),
)
notice_kind(
    "advice_reminder",
    label=_("意见建议答复提醒"),
    title=_("{document}第{number}条请在 {until} 前办理"),
    body=_("承办单位：{unit}。单位请在承办工作台答复或报告完成；其他收到的同志请督促。"),
)
notice_kind(
    "verify_reminder",
    label=_("核实提醒"),
    title=_("{document}第{number}条等您核实"),
    body=_("{unit}已报告完成，核实期限 {until}。"),
)
notice_kind(
    "lookback_yearly",
    label=_("年度回头看提醒"),
    title=_("{year}年回头看：从{candidates}个上年重点议题中选定"),
    body=_("请提请主席会议选定{least}至{most}个议题，目前已选{chosen}个。"),
)
notice_kind(
    "lookback_self_report",
    label=_("回头看自查"),
    title=_("请自查落实情况：{document}第{number}条"),
    body=_("回头看已经开始，请{unit}在 {until} 前提交自查报告。"),
)
notice_kind(
    "lookback_evaluated",
    label=_("回头看结论"),
    title=_("{year}年回头看已形成结论"),
    body=_("请打开查看每条意见建议的检查结论。"),
)
