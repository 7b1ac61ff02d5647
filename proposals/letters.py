"""The words of every notice about proposals. They carry numbers and names of units, never the text."""

from django.utils.translation import gettext_lazy as _

from cppcc_portal.office.notices import notice_kind

notice_kind(
    "cosign_invited",
    label=_("邀请联名"),
    title=_("{who}邀请您联名一件提案"),
    body=_("请在 {until} 前打开门户，看过全文后选择同意或不同意。"),
)
notice_kind(
    "cosign_asked_again",
    label=_("文字有改动，再次征求联名"),
    title=_("您联名的提案文字有改动，请重新确认"),
    body=_("{who}修改了提案文字。请在 {until} 前看过新文字后重新选择。"),
)
notice_kind(
    "cosign_answered",
    label=_("受邀委员已答复"),
    title=_("{who}{answer}您的提案"),
    body=_("打开提案可以查看联名情况。"),
)
notice_kind(
    "cosigner_left",
    label=_("联名人退出"),
    title=_("{who}退出您的提案的联名"),
    body=_("打开提案可以查看现在的联名情况和对方写的说明。"),
)
notice_kind(
    "cosign_lapsed",
    label=_("联名已截止"),
    title=_("您受邀联名的一件提案已经提交"),
    body=_("提交时您尚未答复，因此未列为提案人。"),
)
notice_kind(
    "cosign_reminder",
    label=_("联名提醒"),
    title=_("还有一件提案等您决定是否联名"),
    body=_("截止日期 {until}，请打开门户看过全文后选择。"),
)
notice_kind(
    "cut_off_reminder",
    label=_("截稿提醒"),
    title=_("您还有提案草稿没有提交"),
    body=_("大会提案截稿时间 {until}。截稿后仍可提交，按平时提案处理。"),
)
notice_kind(
    "submitted",
    label=_("提交回执"),
    title=_("提案已提交，流水号 {serial}"),
    body=_("办公室审查后会把结果告诉您。按{series}处理。"),
)
notice_kind(
    "returned",
    label=_("退回修改"),
    title=_("提案（流水号 {serial}）退回修改"),
    body=_("办公室写明了需要修改的地方，请打开提案查看，在 {until} 前改好再提交。"),
)
notice_kind(
    "filed",
    label=_("立案"),
    title=_("提案已立案，案号 {number}"),
    body=_("下一步由办公室交给承办单位办理，交办后会告诉您单位和期限。"),
)
notice_kind(
    "not_filed",
    label=_("不予立案"),
    title=_("提案（流水号 {serial}）不予立案"),
    body=_("理由：{reason}。去向：{destination}。"),
)
notice_kind(
    "reopened",
    label=_("重新审查"),
    title=_("提案（流水号 {serial}）重新审查"),
    body=_("原来不予立案的决定不再有效，审查结果会再告诉您；理由请打开提案查看。"),
)
notice_kind(
    "handed_over",
    label=_("交办（提案人）"),
    title=_("提案 {number} 已交办"),
    body=_("承办单位：{units}。答复期限 {until}。"),
)
notice_kind(
    "unit_handed_over",
    label=_("交办（承办单位）"),
    title=_("新交办提案 {number}（{role}）"),
    body=_("请在 {sign_in} 前签收，{until} 前完成。"),
)
notice_kind(
    "unit_without_people",
    label=_("承办单位没有经办人"),
    title=_("提案 {number} 交给了{unit}，但该单位没有登记经办人"),
    body=_("没有人收到这件提案的通知。请登记该单位的经办人，并另行通知该单位。"),
)
notice_kind(
    "sign_in_reminder",
    label=_("签收提醒"),
    title=_("提案 {number} 等待{unit}签收"),
    body=_("签收期限 {until}，请到承办工作台签收。"),
)
notice_kind(
    "contact_reminder",
    label=_("联系提案人提醒"),
    title=_("提案 {number} 还没有与提案人联系的记录"),
    body=_("请在 {until} 前与提案人联系并登记。"),
)
notice_kind(
    "opinion_reminder",
    label=_("会办意见提醒"),
    title=_("提案 {number} 的会办意见"),
    body=_("{unit}的会办意见期限 {until}，请及时提交给主办单位。"),
)
notice_kind(
    "opinion_given",
    label=_("会办意见已到"),
    title=_("提案 {number} 收到{unit}的会办意见"),
    body=_("可在承办工作台查看，并写入答复。"),
)
notice_kind(
    "reply_reminder",
    label=_("答复提醒"),
    title=_("提案 {number} 的答复期限 {until}"),
    body=_("{unit}承办，请按期答复提案人。"),
)
notice_kind(
    "countersign_asked",
    label=_("答复稿送会签"),
    title=_("提案 {number} 的答复稿请会签"),
    body=_("{unit}拟好了答复稿，请在 {until} 前看过后同意，或写明不同意见。"),
)
notice_kind(
    "countersigned",
    label=_("会签意见已到"),
    title=_("{unit}对提案 {number} 答复稿的会签：{answer}"),
    body=_("打开提案可以查看会签意见。"),
)
notice_kind(
    "countersign_reminder",
    label=_("会签提醒"),
    title=_("提案 {number} 的答复稿等待会签"),
    body=_("{unit}的答复稿，会签期限 {until}。"),
)
notice_kind(
    "reply_to_sign",
    label=_("答复待签发"),
    title=_("提案 {number} 的答复等您签发"),
    body=_("请看过后签发或退回修改；答复期限 {until}。"),
)
notice_kind(
    "reply_to_check",
    label=_("答复待审核"),
    title=_("{unit}对提案 {number} 的答复已报审"),
    body=_("请在 {until} 前审核；可以退回，也可以说明理由更改类别。"),
)
notice_kind(
    "check_reminder",
    label=_("答复审核提醒"),
    title=_("{unit}对提案 {number} 的答复等待审核"),
    body=_("审核期限 {until}。"),
)
notice_kind(
    "reply_sent_back",
    label=_("答复退回修改"),
    title=_("提案 {number} 的答复退回修改"),
    body=_("请打开查看需要修改的地方，改好后再报送。"),
)
notice_kind(
    "reply_checked",
    label=_("答复审核通过"),
    title=_("提案 {number} 的答复审核通过，已发给提案人"),
    body=_("办理结果类别 {class}。接下来由提案人评价。"),
)
notice_kind(
    "class_changed",
    label=_("答复类别有更改"),
    title=_("提案 {number} 的答复审核通过，类别改为 {class}"),
    body=_("更改的理由请打开提案查看。答复已发给提案人。"),
)
notice_kind(
    "replied",
    label=_("收到答复"),
    title=_("提案 {number} 收到{unit}的答复"),
    body=_("请打开提案阅读答复，并在 {until} 前对办理态度和办理结果分别评价。"),
)
notice_kind(
    "evaluation_reminder",
    label=_("评价提醒"),
    title=_("提案 {number} 的答复等您评价"),
    body=_("{unit}的答复，评价期限 {until}。"),
)
notice_kind(
    "dissatisfied",
    label=_("提案人不满意"),
    title=_("提案 {number} 有提案人不满意，请决定是否重新办理"),
    body=_("承办单位：{unit}。请在 {until} 前决定。"),
)
notice_kind(
    "decision_reminder",
    label=_("重新办理决定提醒"),
    title=_("提案 {number} 等待决定是否重新办理"),
    body=_("承办单位：{unit}。决定期限 {until}。"),
)
notice_kind(
    "rehandling_started",
    label=_("启动重新办理（承办单位）"),
    title=_("提案 {number} 需重新办理，请单位主要负责人牵头"),
    body=_("不满意的提案人和理由见承办工作台。请在 {until} 前再次答复。"),
)
notice_kind(
    "rehandling_told",
    label=_("启动重新办理（提案人）"),
    title=_("提案 {number} 已启动重新办理"),
    body=_("{unit}将在 {until} 前再次答复。"),
)
notice_kind(
    "rehandling_refused",
    label=_("不重新办理"),
    title=_("提案 {number} 不重新办理"),
    body=_("理由见提案页面。"),
)
notice_kind(
    "closed",
    label=_("办结"),
    title=_("提案 {number} 已办结"),
    body=_("办理情况和承诺事项可随时在门户查看。"),
)
notice_kind(
    "commitment_reminder",
    label=_("承诺到期提醒"),
    title=_("提案 {number} 的承诺事项期限 {until}"),
    body=_("{unit}承诺的事项将到期，请报告进展。"),
)

notice_kind(
    "request_made",
    label=_("承办单位申请"),
    title=_("{unit}申请{kind}：{number}"),
    body=_("请在 {until} 前决定。"),
)
notice_kind(
    "request_decided",
    label=_("申请已决定"),
    title=_("{number}的{kind}申请：{decision}"),
    body=_("请打开查看决定和说明。"),
)
notice_kind(
    "request_reminder",
    label=_("申请待决定提醒"),
    title=_("{unit}的{kind}申请等待决定：{number}"),
    body=_("决定期限 {until}。"),
)
notice_kind(
    "rehanded",
    label=_("承办单位变更"),
    title=_("{number}的{role}单位改为{new}"),
    body=_("原{role}单位：{old}。提案人和现承办单位打开提案可以查看理由和新的期限。"),
)
notice_kind(
    "dropped",
    label=_("不再会办"),
    title=_("{number}不再由{old}{role}"),
    body=_("其他承办单位照常办理。"),
)
notice_kind(
    "merged",
    label=_("提案并案"),
    title=_("您的提案（流水号 {serial}）并入{number}"),
    body=_("内容相近，合并办理。承办单位答复时会一并答复您，您可以评价；理由请打开查看。"),
)
notice_kind(
    "merged_here",
    label=_("有提案并入"),
    title=_("有一件相近的提案并入{number}"),
    body=_("流水号 {serial}。请打开查看并入的提案和它的提案人。"),
)
notice_kind(
    "unmerged",
    label=_("撤销并案"),
    title=_("您的提案（流水号 {serial}）不再并入{number}"),
    body=_("重新审查，结果会告诉您；理由请打开查看。"),
)
notice_kind(
    "unmerged_here",
    label=_("撤销并入"),
    title=_("并入{number}的一件提案已撤销并案"),
    body=_("流水号 {serial}，重新审查。"),
)
notice_kind(
    "key_selected",
    label=_("列为重点提案"),
    title=_("提案 {number} 列为重点提案"),
    body=_("督办领导：{leaders}。"),
)
notice_kind(
    "key_dropped",
    label=_("不再列为重点提案"),
    title=_("提案 {number} 不再列为重点提案"),
    body=_("理由请打开提案查看，办理照常进行。"),
)
notice_kind(
    "supervised",
    label=_("督办记录"),
    title=_("提案 {number} 有新的督办记录"),
    body=_("{on} {way}，内容请打开提案查看。"),
)
notice_kind(
    "supervision_reminder",
    label=_("督办提醒"),
    title=_("重点提案 {number} 该督办了"),
    body=_("{since} 以来没有督办记录。请安排督办并登记情况。"),
)
notice_kind(
    "revoked",
    label=_("撤案（提案人）"),
    title=_("提案 {number} 已撤案"),
    body=_("按提案人的书面申请撤案，案号不再使用。"),
)
notice_kind(
    "revoked_unit",
    label=_("撤案（承办单位）"),
    title=_("提案 {number} 已撤案，不用再办理"),
    body=_("提案人书面申请撤案。没有签收、答复的不用再办，理由请打开查看。"),
)
notice_kind(
    "award_given",
    label=_("提案表彰"),
    title=_("{what} 被评为{title}"),
    body=_("表彰年度：{year}。"),
)
notice_kind(
    "award_withdrawn",
    label=_("撤销表彰"),
    title=_("{what} 的“{title}”表彰已撤销"),
    body=_("表彰年度：{year}。理由请与提案委办公室联系。"),
)
notice_kind(
    "unit_consulted",
    label=_("预交办征求意见"),
    title=_("提案 {number} 拟由本单位{role}，请答复意见"),
    body=_("请在 {until} 前打开承办工作台看全文，答复同意或提出异议；不答复不等于同意。"),
)
notice_kind(
    "unit_answered",
    label=_("单位答复预交办"),
    title=_("提案 {number} 的预交办：{unit}{answer}"),
    body=_("打开可以看单位的意见。"),
)
notice_kind(
    "consultation_reminder",
    label=_("预交办征求意见提醒"),
    title=_("提案 {number} 的预交办等{unit}答复"),
    body=_("答复期限 {until}；不答复不等于同意。"),
)
