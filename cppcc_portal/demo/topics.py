"""The catalogue of topics in the demonstration, as it went out with the last call."""

from members.models import Plenary
from proposals.models import Category, Proposal, SuggestedTopic

TOPICS = (
    ("关于完善社区助餐点布局的建议", "群众反映部分社区助餐点距离远、品种少。", "热线来电", "soci"),
    (
        "关于盘活镇区闲置厂房的建议",
        "几个镇有连片闲置厂房，产权和用途不清。",
        "镇街政协工委",
        "econ",
    ),
    ("关于农村河道长效管护的建议", "整治后的河道管护人员和经费没有着落。", "公开征集", "ecol"),
    ("关于老旧小区充电设施安全的建议", "飞线充电仍有发生，充电点不足。", "区消防救援大队", "soci"),
    ("关于非遗项目进校园的建议", "学校缺少师资和教材，活动不经常。", "公开征集", "cult"),
    (
        "关于基层议事协商规范化的建议",
        "议事活动的选题、记录和反馈没有统一要求。",
        "委员工作委",
        "poli",
    ),
)
# What the office asks its informants about this year.
THEMES = (
    ("基层医疗服务能力", "看病远、转诊难、药品不全等情况和建议。"),
    ("小微企业融资和用工", "融资成本、招工留工等情况和建议。"),
)


def tell() -> None:
    """Six topics of the newest call, of which one was taken up, and the year's themes of reports."""
    plenary = Plenary.objects.order_by("-submission_from").first()
    assert plenary is not None  # the district has several
    for order, (title, clue, source, category) in enumerate(TOPICS):
        topic = SuggestedTopic.objects.create(
            plenary=plenary,
            title=title,
            clue=clue,
            source=source,
            category=Category.objects.get(code=category),
            order=order,
        )
        if order == 1:
            taken = Proposal.objects.filter(status=Proposal.Status.SUBMITTED).order_by("pk").first()
            if taken is not None:
                topic.taken_by.add(taken)
    for order, (title, clue) in enumerate(THEMES, start=len(TOPICS)):
        SuggestedTopic.objects.create(
            plenary=plenary,
            title=title,
            clue=clue,
            purpose=SuggestedTopic.Purpose.OPINIONS,
            order=order,
        )
