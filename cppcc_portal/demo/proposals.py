"""Texts of proposals: a matter, a place, figures and the turns of phrase of different writers."""

from dataclasses import dataclass
from itertools import count
from random import Random

from cppcc_portal.demo.bodies import TOWNS
from cppcc_portal.demo.figures import fill
from cppcc_portal.demo.matters import MATTERS, Matter
from cppcc_portal.demo.subject_words import SUBJECT_WORDS

MAX_TITLE = 60
MIN_BODY = 600
MAX_BODY = 1500
# Shorter ones get what other writers leave out.
USUAL_BODY = 760


@dataclass(frozen=True, slots=True)
class ProposalText:
    """A proposal's words. Paragraphs are parted by a line break; `points` are the bare requests."""

    title: str
    situation: str
    analysis: str
    suggestions: str
    category: str
    lead_unit_short: str
    joint_unit_shorts: tuple[str, ...]
    matter: str
    place: str
    points: tuple[str, ...]

    @property
    def length(self) -> int:
        """Characters of the three parts together."""
        return len(self.situation) + len(self.analysis) + len(self.suggestions)


@dataclass(frozen=True, slots=True)
class UnfitText:
    """A text the review does not file, with the codes of reason and destination (`proposals.defaults`)."""

    text: ProposalText
    reason_code: str
    destination_code: str
    comment: str


OPENINGS = (
    "今年以来，我们先后到{p}走访了{6-14}家单位和{20-48}户群众，听到反映比较集中的就是这件事。",
    "近期，在界别协商议事活动中，来自{p}的多位群众代表谈到了这一问题。",
    "结合本职工作，本人用了近两个月时间，在{p}实地查看并召开座谈会{2-4}次，现将情况反映如下。",
    "上半年，我们以问卷和访谈相结合的方式，在{p}回收有效问卷{120-360}份，访谈{18-46}人。",
    "这是一个老话题，却一直牵动着{p}群众的心。本人通过实地走访，对有关情况又作了一次了解。",
    "在委员接待日上，{p}群众{5-12}次反映同一问题，会后我们作了专题了解。",
    "围绕这一课题，我们查阅了近三年的有关资料，并到{p}及周边地区作了比较。",
    "本人长期在基层工作，对{p}的情况比较熟悉。近日又与有关单位负责人作了交流，有以下发现。",
    "不久前，一位居民给委员工作室写来一封长信。顺着信中的线索，我们到{p}作了{3-6}天的调查。",
    "根据年度调研计划，专题小组于近期深入{p}，采取看现场、听汇报、访群众的方式开展了调研。",
)

SURVEYS = (
    "在随机访问的{60-180}名群众中，认为需要尽快改进的占{62-86}%，表示愿意参与其中的也超过半数。",
    "应当肯定，近年来有关部门做了大量工作，投入逐年增加，群众看在眼里。但与大家的期盼相比仍有差距。",
    "与周边县市相比，我们起步并不晚，有些做法还曾被推广，关键是如何持续抓下去、抓出效果。",
    "查阅近三年的记录，类似意见每年都有{8-36}件，说明问题带有普遍性，单靠个案处理难以根本解决。",
    "问题虽小，却关系群众每天的生活感受，也影响着{p}的整体形象，值得引起重视。",
)

ANALYSIS_OPENINGS = (
    "分析起来，主要有以下几方面原因：",
    "造成这种状况，既有客观条件的限制，也有工作上的不足：",
    "深入了解后我们认为，症结主要在于：",
    "究其原因，大致可以归纳为：",
    "问题的形成非一日之寒，归结起来：",
)

CONSEQUENCES = (
    "长此以往，不仅影响群众的切身感受，也会增加今后治理的成本，早解决比晚解决更主动。",
    "这些原因相互交织，单靠一个部门、一次行动很难见效，需要系统谋划、持续用力。",
    "上述问题并非本地独有，但群众看的是身边的变化，我们不应等待，可以先从具备条件的地方做起。",
    "归根到底，是供给与需求、建设与管理、部门与基层之间的衔接还不够紧密。",
    "需要说明的是，一线工作人员付出了很多辛劳，问题的症结更多在机制，而不在个人。",
)

# How a request may be carried out; writers with experience say so.
FOLLOW_UPS = (
    "建议由{lead}牵头，年内拿出具体方案。",
    "可先在{p}选取{2-4}个点试行，成熟后再推开。",
    "所需经费由区镇两级分担，纳入年度预算。",
    "进展情况每季度公开一次，接受群众监督。",
    "可邀请委员和群众代表参与全过程。",
    "{lead}与{joint}应加强会商，避免各自为政。",
    "对做得好的单位和个人，给予适当奖励。",
    "工作中要注意听取老年人等群体的意见，不搞一刀切。",
    "这项工作花钱不多，关键在于有人负责、持续推进。",
    "建议列入下一年度民生实事备选项目。",
    "同时做好政策解释，争取群众的理解和支持。",
    "明确时间表和责任人，完成一项、销号一项。",
    "有条件的可借助信息化手段，减轻基层负担。",
    "实施半年后组织一次评估，及时调整完善。",
)

TAILS = {
    "econ": ("增强发展后劲", "促进产业提质增效", "助力实体经济", "服务高质量发展"),
    "poli": ("提升基层治理效能", "夯实基层基础", "更好服务群众", "推进治理现代化"),
    "cult": ("丰富群众精神生活", "厚植文化底蕴", "提升城乡文明程度", "增强文化活力"),
    "soci": ("办好民生实事", "增进群众福祉", "回应群众期盼", "提升居民幸福感"),
    "ecol": ("建设美丽家园", "守护绿水青山", "改善人居环境", "促进绿色发展"),
}


def proposal_text(rng: Random, i: int) -> ProposalText:
    """The i-th proposal (from 0); no two of the first 50,000 share a title.

    The title follows from `i` alone; figures and wording are drawn from `rng`.
    """
    matter, title, place = _subject_line(i)
    common = SUBJECT_WORDS[matter.subject]
    name = place or "我区"

    def said(sentence: str) -> str:
        return fill(sentence, place=name, rng=rng)

    situation = [said(paragraph) for paragraph in matter.situation]
    situation[0] = said(rng.choice(OPENINGS)) + situation[0]
    causes = [said(cause) for cause in matter.analysis]
    points = [said(request) for request in matter.suggestions]
    if rng.random() < 0.2:
        points.pop()
    joint = matter.joint[0]
    for at in rng.sample(range(len(points)), 3):
        follow_up = rng.choice(FOLLOW_UPS).replace("{lead}", matter.lead).replace("{joint}", joint)
        if follow_up not in "".join(points):
            points[at] += said(follow_up)

    # What else writers bring, likeliest first; a short text gets it whatever the dice say.
    causes_known = rng.sample(common.causes, 2)
    requests_known = rng.sample(common.requests, 2)
    extras = {
        part: said(words)
        for part, words in (
            ("background", rng.choice(common.background)),
            ("cause", causes_known[0]),
            ("request", requests_known[0]),
            ("elsewhere", rng.choice(common.elsewhere)),
            ("survey", rng.choice(SURVEYS)),
            ("consequence", rng.choice(CONSEQUENCES)),
            ("another request", requests_known[1]),
            ("another cause", causes_known[1]),
        )
    }
    chosen = {part for part in extras if not part.startswith("another") and rng.random() < 0.62}
    length = sum(len(words) for words in (*situation, *causes, *points))
    for part in extras:
        if length + sum(len(extras[known]) for known in chosen) < USUAL_BODY:
            chosen.add(part)
    if "background" in chosen:
        situation.insert(0, extras["background"])
    if "survey" in chosen:
        situation.append(extras["survey"])
    causes += [extras[part] for part in ("cause", "another cause") if part in chosen]
    points += [extras[part] for part in ("request", "another request") if part in chosen]
    analysis = "\n".join(
        [
            _analysis(rng, causes),
            *(extras[part] for part in ("consequence", "elsewhere") if part in chosen),
        ]
    )

    return ProposalText(
        title=title,
        situation="\n".join(situation),
        analysis=analysis,
        suggestions=numbered(points),
        category=matter.subject,
        lead_unit_short=matter.lead,
        joint_unit_shorts=matter.joint[: rng.choice((1, 1, 2))],
        matter=matter.code,
        place=name,
        points=tuple(points),
    )


def numbered(points: list[str]) -> str:
    """Requests as the office prints them, one a line: 1．……"""
    return "\n".join(f"{n}．{point}" for n, point in enumerate(points, start=1))


def matter_of(text: ProposalText) -> Matter:
    """The matter a proposal was written about."""
    return _BY_CODE[text.matter]


def _analysis(rng: Random, causes: list[str]) -> str:
    style = rng.random()
    if style < 0.45:
        marks = ("一是", "二是", "三是", "四是", "五是")
        return "\n".join(
            [rng.choice(ANALYSIS_OPENINGS), *(m + c for m, c in zip(marks, causes, strict=False))]
        )
    if style < 0.75:
        marks = ("首先，", "其次，", "再次，", "此外，", "同时，")
        return "\n".join(m + c for m, c in zip(marks, causes, strict=False))
    return "\n".join([rng.choice(ANALYSIS_OPENINGS) + causes[0], *causes[1:]])


_BY_CODE: dict[str, Matter] = {matter.code: matter for matter in MATTERS}

_URBAN = tuple(town.name for town in TOWNS if town.urban)
_RURAL = tuple(town.name for town in TOWNS if not town.urban)
_TOWN_NAMES = {"any": _URBAN + _RURAL, "city": _URBAN, "country": _RURAL}
_LOCALITY_NAMES = {
    "any": tuple(t.name + place for t in TOWNS for place in t.localities),
    "city": tuple(t.name + place for t in TOWNS if t.urban for place in t.localities),
    "country": tuple(t.name + place for t in TOWNS if not t.urban for place in t.localities),
}
# Two phrasings, two closing words and five endings to the line.
_PHRASINGS = 20


def _subject_line(i: int) -> tuple[Matter, str, str]:
    """Matter, title and place of the i-th proposal.

    Matters take turns in an order that differs from round to round; each first speaks for the whole
    district, then for one town after another, then for villages and communities.
    """
    turn, seat = divmod(i, len(MATTERS))
    # 125 has no factor but 5, so a step of 7, 11 or 13 visits every matter once.
    order = (seat * (7, 11, 13, 17)[turn % 4] + turn * 29) % len(MATTERS)
    matter = MATTERS[order]
    field = matter.subject.split(".")[0]
    if turn < 2:
        return matter, f"关于{matter.titles[turn].replace('{p}', '')}的建议", ""
    towns, localities = _TOWN_NAMES[matter.where], _LOCALITY_NAMES[matter.where]
    at = turn - 2
    places = towns
    if at >= len(towns) * _PHRASINGS:
        at -= len(towns) * _PHRASINGS
        places = localities
    phrasing, spot = divmod(at, len(places))
    spot = (spot + order * 5) % len(places)
    place = places[spot]
    words = matter.titles[(phrasing + spot) % 2].replace("{p}", place)
    ending = (phrasing // 2 + spot // 2) % 5
    tail = "" if ending == 0 else "，" + TAILS[field][ending - 1]
    kind = ("建议", "提案")[(phrasing // 10 + spot // 3) % 2]
    return matter, f"关于{words}{tail}的{kind}", place


def says_the_same(i: int, beyond: int) -> int:
    """The first text from `beyond` on with the matter and the place of the i-th, in its own words.

    Not for the first two turns, which speak for the whole district: what they say comes but once.
    """
    matter, _title, place = _subject_line(i)
    return next(other for other in count(beyond) if _subject_line(other)[::2] == (matter, place))


# title, body, category, lead unit, reason, destination, the reviewer's comment
_UNFIT: tuple[tuple[str, str, str, str, str, str, str], ...] = (
    (
        "关于解决本人住房产权登记问题的建议",
        "本人在{p}购买的住房因原开发单位变更名称，至今未能办理产权登记，多次咨询未果，影响子女入学和日常生活。希望有关部门予以协调解决。",
        "soci.housing",
        "区资规分局",
        "N07",
        "letter",
        "反映的是个人具体问题，已转有关单位按来信办理，办理结果会直接告知您。",
    ),
    (
        "关于{p}某征迁补偿案件的建议",
        "{p}某户居民与征迁实施单位的补偿纠纷已由法院受理，目前正在二审。建议有关部门关注案件进展，依法维护当事人权益。",
        "poli.law",
        "区司法局",
        "N05",
        "letter",
        "所反映事项正在诉讼程序中，不宜以提案形式办理，已将来信转司法行政部门参考。",
    ),
    (
        "关于加快{p}发展的建议",
        "近年来{p}经济社会发展取得了很大成绩，但与先进地区相比还有差距。建议进一步解放思想、加大力度、加快发展，努力开创新局面。",
        "econ.industry",
        "区发改委",
        "N10",
        "opinion",
        "内容比较笼统，缺少具体情况和可操作的建议，欢迎补充调研后重新提交。",
    ),
    (
        "关于推广某品牌净水设备的建议",
        "某品牌净水设备性能良好、价格适中，已有多家单位使用。建议在{p}的学校、机关统一采购该产品，改善饮水条件。",
        "ecol.water",
        "区水务局",
        "N08",
        "kept",
        "涉及特定产品的推介，不符合立案条件；改善校园饮水条件的意见已留存参考。",
    ),
    (
        "关于沙地方言归属问题的探讨",
        "学界对{p}一带方言的归属有不同看法，本人认为其语音特征兼具两种方言的特点，应归入过渡区。希望有关方面组织专家作进一步讨论。",
        "cult.heritage",
        "区文旅局",
        "N06",
        "opinion",
        "属学术讨论，不宜立案；如建议开展方言保护工作，可补充具体措施后另行提交。",
    ),
    (
        "关于取消某跨江大桥通行费的建议",
        "{p}群众过江出行频繁，跨江大桥通行费是一笔不小的开支。建议取消或减半收取小型客车通行费，方便两岸往来。",
        "econ.transport",
        "区交运局",
        "L01",
        "upper",
        "收费事项由省级主管部门决定，超出本级职权，已整理后转报上级政协。",
    ),
    (
        "关于提高居民基础养老金标准的建议",
        "{p}老年农民每月领取的基础养老金数额偏低，难以满足日常开支。建议较大幅度提高基础养老金标准，并建立逐年增长机制。",
        "soci.work",
        "区人社局",
        "L01",
        "public",
        "标准由国家和省级确定，本级无权调整；反映的情况有代表性，已转作社情民意信息编报。",
    ),
    (
        "关于在{p}主干道增设一处人行横道的建议",
        "{p}小学门前主干道车流量大，学生过街不安全。建议在校门口增设人行横道和提示牌。",
        "soci.traffic",
        "区公安分局",
        "L02",
        "opinion",
        "经与公安部门核实，该处人行横道已于上月施划完成，问题已经解决，感谢您的关注。",
    ),
    (
        "关于改善{p}停车状况的建议",
        "{p}停车位紧张，晚上下班后很难找到车位，希望有关部门想办法多建一些停车场，解决大家的停车问题。",
        "soci.traffic",
        "区城管局",
        "L03",
        "opinion",
        "与已立案提案内容相同，您的意见已附送承办单位一并研究，欢迎以附议方式参与。",
    ),
    (
        "关于对某单位工作人员予以处理的建议",
        "本人在{p}某窗口办事时，工作人员态度生硬、推诿扯皮。要求对该工作人员进行严肃处理，并公开道歉。",
        "poli.service",
        "区数据局",
        "N09",
        "letter",
        "涉及对个人的指名反映，不宜立案，已转有关单位按投诉程序核查。",
    ),
    (
        "关于增加本单位人员编制的建议",
        "本单位承担{p}的技术服务工作，任务逐年增加，现有人员明显不足。建议为本单位增加事业编制，并增拨工作经费。",
        "poli.service",
        "区委编办",
        "L04",
        "kept",
        "属本单位内部事务，应通过工作渠道向主管部门反映，已告知提案者。",
    ),
    (
        "关于繁荣{p}文化事业的建议",
        "文化是一个地方的灵魂。{p}历史悠久、人文荟萃，应当高度重视文化事业，多办活动、多出精品，让群众有更多获得感。",
        "cult.public",
        "区文旅局",
        "N10",
        "public",
        "没有具体建议，暂不立案；其中关于群众文化活动的意见已摘编为社情民意信息。",
    ),
)


_UNFIT_OPENINGS = ("", "", "近来，群众对这件事议论较多。", "本人认为，下面的情况应当引起重视。")


def unfit_text(rng: Random, i: int) -> UnfitText:
    """The i-th text that the review does not file: too vague, personal, or not this district's to decide."""
    turn, kind = divmod(i, len(_UNFIT))
    title, body, category, lead, reason, destination, comment = _UNFIT[kind]
    towns = _TOWN_NAMES["any"]
    place = towns[(turn + kind * 5) % len(towns)]
    text = ProposalText(
        title=title.replace("{p}", place),
        situation=rng.choice(_UNFIT_OPENINGS) + body.replace("{p}", place),
        analysis="",
        suggestions="",
        category=category,
        lead_unit_short=lead,
        joint_unit_shorts=(),
        matter="",
        place=place,
        points=(),
    )
    return UnfitText(text, reason, destination, comment)
