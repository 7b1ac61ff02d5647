"""The lists an installation begins with; the office edits the rows, never this table."""

from django.db import transaction

from members.models import Body, Posting
from proposals.models import (
    Category,
    Destination,
    OpinionResult,
    ProposerKind,
    RatingGrade,
    RefusalReason,
    ResultClass,
    ReviewStage,
    SupervisionWay,
)

# The ten cases of the national rule on proposals (2011 text), and local additions (L).
REFUSAL_REASONS = (
    ("N01", "涉及党和国家秘密的"),
    ("N02", "国家明令禁止的"),
    ("N03", "中共党员对党内有关组织、人事安排等方面有意见的"),
    ("N04", "民主党派成员反映本组织内部问题的"),
    ("N05", "进入民事、刑事、行政诉讼程序或者仲裁程序的"),
    ("N06", "属于学术研讨的"),
    ("N07", "为本人或者亲属解决个人问题的"),
    ("N08", "宣传、推介具体作品、产品的"),
    ("N09", "指名举报的"),
    ("N10", "内容空泛、没有具体建议的"),
    ("L01", "超出本级职权范围的"),
    ("L02", "所提问题已经解决的"),
    ("L03", "与已立案提案内容相同的"),
    ("L04", "反映本单位内部事务的"),
)
DESTINATIONS = (
    ("public", "转社情民意信息"),
    ("opinion", "转委员意见建议"),
    ("upper", "转报上级政协"),
    ("letter", "转来信来访"),
    ("kept", "留存备查"),
)
# Meanings differ from place to place; these are the usual ones of a Jiangsu county. Class B promises.
RESULT_CLASSES = (
    ("A", "已经解决或采纳", False),
    ("B", "正在解决或列入计划", True),
    ("C", "留作参考或暂不具备条件", False),
)
# Code, name, body, who signs, season, seal, how reports count it. Whether sectors and groups count
# with the members differs from place to place.
_CLERKS = (Posting.Role.CLERK, *Posting.LEADS)
PROPOSER_KINDS: tuple[tuple[str, str, str, tuple[str, ...], str, bool, str], ...] = (
    ("individual", "委员个人", "", (), "any", False, "member"),
    ("cosigned", "委员联名", "", (), "any", False, "member"),
    ("party", "党派", Body.Kind.PARTY, _CLERKS, "any", True, "collective"),
    ("federation", "工商联", Body.Kind.FEDERATION, _CLERKS, "any", True, "collective"),
    ("organisation", "人民团体", Body.Kind.ORGANISATION, _CLERKS, "any", True, "collective"),
    (
        "committee",
        "专委会",
        Body.Kind.COMMITTEE,
        (Posting.Role.CHAIR, Posting.Role.STAFF),
        "any",
        True,
        "collective",
    ),
    ("sector", "界别", Body.Kind.SECTOR, (Posting.Role.CONVENOR,), "plenary", False, "member"),
    ("group", "委员小组", Body.Kind.GROUP, (Posting.Role.CONVENOR,), "plenary", False, "member"),
    (
        "town",
        "镇街政协工委",
        Body.Kind.TOWN,
        (*_CLERKS, Posting.Role.CHAIR, Posting.Role.STAFF),
        "any",
        True,
        "collective",
    ),
)
CATEGORIES = (
    ("econ", "经济建设"),
    ("poli", "政治建设"),
    ("cult", "文化建设"),
    ("soci", "社会建设"),
    ("ecol", "生态文明建设"),
)
RATING_GRADES = (  # code, words, counts as satisfied, needs a reason
    ("satisfied", "满意", True, False),
    ("basically", "基本满意", True, False),
    ("not", "不满意", False, True),
)
OPINION_RESULTS = (
    ("done", "已解决或采纳"),
    ("planned", "正在解决或列入计划"),
    ("kept", "留作工作参考"),
    ("not", "暂不具备条件"),
)
REVIEW_STAGES = (
    ("first", "初审"),
    ("second", "复审"),
    ("final", "终审"),
)

SUPERVISION_WAYS = (
    ("talks", "协商座谈"),
    ("visit", "实地视察"),
    ("call", "走访单位"),
    ("inspection", "联合检查"),
    ("spot", "抽查"),
    ("appraisal", "民主评议"),
    ("letter", "书面督办"),
    ("other", "其他形式"),
)


@transaction.atomic
def lay_down_lists() -> None:
    """Make the entries that are missing; what the office edited stays as it is. Safe to run again."""
    for order, (code, name) in enumerate(REFUSAL_REASONS):
        RefusalReason.objects.get_or_create(code=code, defaults={"name": name, "order": order})
    for order, (code, name) in enumerate(DESTINATIONS):
        Destination.objects.get_or_create(code=code, defaults={"name": name, "order": order})
    for order, (code, name, promises) in enumerate(RESULT_CLASSES):
        ResultClass.objects.get_or_create(
            code=code, defaults={"name": name, "order": order, "needs_commitment": promises}
        )
    for order, (code, name, body, roles, season, seal, counted) in enumerate(PROPOSER_KINDS):
        ProposerKind.objects.get_or_create(
            code=code,
            defaults={
                "name": name,
                "order": order,
                "body_kind": body,
                "roles": list(roles),
                "season": season,
                "needs_seal": seal,
                "counted_as": counted,
            },
        )
    for order, (code, name) in enumerate(CATEGORIES):
        Category.objects.get_or_create(code=code, defaults={"name": name, "order": order})
    for order, (code, name) in enumerate(SUPERVISION_WAYS):
        SupervisionWay.objects.get_or_create(code=code, defaults={"name": name, "order": order})
    for order, (code, name) in enumerate(REVIEW_STAGES):
        ReviewStage.objects.get_or_create(code=code, defaults={"name": name, "order": order})
    for order, (code, name, satisfied, reason) in enumerate(RATING_GRADES):
        RatingGrade.objects.get_or_create(
            code=code,
            defaults={
                "name": name,
                "order": order,
                "is_satisfied": satisfied,
                "needs_reason": reason,
            },
        )
    for order, (code, name) in enumerate(OPINION_RESULTS):
        OpinionResult.objects.get_or_create(code=code, defaults={"name": name, "order": order})
