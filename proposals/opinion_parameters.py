"""What the office can set about public-opinion reports; each with a default and bounds."""

from django.utils.translation import gettext_lazy as _

from cppcc_portal.office.parameters import define

GROUP = _("社情民意")

define(
    "opinions.title_limit",
    kind="int",
    default=60,
    minimum=20,
    maximum=200,
    group=GROUP,
    label=_("标题字数上限"),
    help=_("超过时请作者缩短后再提交。"),
)
define(
    "opinions.length_warn",
    kind="int",
    default=1500,
    minimum=300,
    maximum=5000,
    group=GROUP,
    label=_("正文建议字数"),
    help=_("情况、建议合计超过时只提醒，不拦截。"),
)
define(
    "opinions.author_reads_edited",
    kind="bool",
    default=True,
    group=GROUP,
    label=_("单篇印发后作者可看编辑稿"),
    help=_("综合稿含其他作者的内容，作者始终看不到。"),
)
define(
    "opinions.coauthors_most",
    kind="int",
    default=5,
    minimum=0,
    maximum=20,
    group=GROUP,
    label=_("共同作者人数上限"),
    help=_("第一作者最多可以邀请几位委员共同署名；填 0 不开放共同署名，已同意的仍然署名。"),
)
define(
    "opinions.coauthor_share",
    kind="int",
    default=100,
    minimum=0,
    maximum=100,
    group=GROUP,
    label=_("共同作者履职记录计入比例（%）"),
    help=_("第一作者始终计 100；填 100 共同作者与第一作者同等计入。只影响以后生成的履职记录。"),
)
define(
    "opinions.units_answer",
    kind="bool",
    default=True,
    group=GROUP,
    label=_("报送单位时可要求答复"),
    help=_("开启时，报送单位可以要求在期限内答复；关闭时只报送，不要求答复。"),
)
define(
    "opinions.units_handle",
    kind="bool",
    default=False,
    group=GROUP,
    label=_("社情民意交单位办理"),
    help=_(
        "开启时，报送单位并要求答复的，单位须签收，可以申请退办、延期，答复时选择办理结果；"
        "关闭后已交办的照常办完。"
    ),
)
define(
    "proposals.remind_opinion_coauthor",
    kind="days",
    default=[2, 5],
    group=GROUP,
    label=_("共同署名提醒"),
    help=_("相对发出邀请的天数，提醒受邀后没有答复的委员。"),
)
define(
    "proposals.remind_opinion_sign_in",
    kind="days",
    default=[-1, 0],
    group=GROUP,
    label=_("社情民意签收提醒"),
    help=_(
        "相对签收期限的天数，提醒交办的单位；逾期后每周一次并提醒负责人，逾期一周起抄告办公室。"
    ),
)
define(
    "proposals.remind_opinion_answer",
    kind="days",
    default=[-3, 0],
    group=GROUP,
    label=_("社情民意答复提醒"),
    help=_(
        "相对答复期限的天数，提醒被要求答复的单位；逾期后每周一次并提醒负责人，交办的逾期一周起抄告办公室。"
    ),
)
