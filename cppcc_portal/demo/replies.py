"""Letters of the units, what they promised, how they met the proposers, and what those thought of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Literal

from cppcc_portal.demo.bodies import UNIT_BY_SHORT_NAME
from cppcc_portal.demo.figures import fill_same
from cppcc_portal.demo.matters import Matter
from cppcc_portal.demo.people import colleague
from cppcc_portal.demo.proposals import ProposalText, matter_of

Klass = Literal["A", "B", "C"]
Grade = Literal["satisfied", "basically", "not"]
Way = Literal["visit", "meeting", "site", "phone", "online"]
Stage = Literal["before", "during", "after"]


@dataclass(frozen=True, slots=True)
class CommitmentWords:
    """A promise of a B reply: what, who, by when."""

    what: str
    who: str
    due_on: date


@dataclass(frozen=True, slots=True)
class ContactWords:
    """One contact with the proposer: the way, and what was said."""

    way: Way
    note: str


_OPENINGS = (
    "您提出的《{title}》收悉。首先感谢您对{work}的关心和支持。{itself}对此高度重视，{with_joint}作了认真研究，现就提案中的{count}条建议逐条答复如下。",
    "您提出的《{title}》已由我单位主办。收到提案后，{itself}主要负责同志牵头，{with_joint}到{place}实地了解情况，并与您作了沟通。现答复如下。",
    "感谢您提出《{title}》。您在提案中反映的情况客观，分析切中要害，提出的{count}条建议很有针对性。{itself}{with_joint}进行了研究，现将办理情况答复如下。",
    "《{title}》收悉。接到交办后，{itself}明确了分管负责人和经办人，{with_joint}对照提案内容逐项作了研究。现就您关心的问题答复如下。",
)

_AGREED = (
    "{itself}赞同您的意见，已将这项工作列入年度重点任务，明确了责任人和完成时限，目前推进顺利。",
    "这条建议已经采纳。今年以来，{itself}按照这一思路调整了工作安排，相关措施已在面上推开。",
    "针对您的建议，{itself}制定了具体办法并已印发执行，基层反映较好。",
    "您的建议很有价值，{itself}已吸收到新修订的工作方案中，首批任务已经完成。",
    "{itself}已按您的建议落实到位，并将每季度开展一次检查，防止反弹。",
)
_QUOTED = (
    "您建议“{detail}”，{itself}完全赞同，已据此完善了实施办法，近期组织了一次专项推进。",
    "关于您提出的“{detail}”，{itself}已与有关单位商定具体做法，并在部分镇街先行实施，取得初步效果。",
    "您提出“{detail}”，这与{itself}的工作思路一致，目前已落实到具体项目。",
)
_PLANNED = (
    "{itself}将把这条建议纳入下一步工作计划，先行开展摸底，待条件成熟后分步实施。",
    "这项工作已经起步。{itself}正在起草实施方案，拟在征求镇街和群众意见后印发。",
    "{itself}认为这条建议可行，将先选择基础较好的地方试点，总结经验后再逐步推广。",
    "这条建议涉及经费安排，{itself}已向财政部门提出申请，拟列入下一年度预算。",
    "对此{itself}已作初步研究，将与有关单位进一步细化职责分工，争取尽早启动。",
)
_LIMITED = (
    "这条建议的出发点很好，但涉及面广，目前条件尚不成熟，{itself}将作为今后工作的参考。",
    "对这条建议，{itself}作了专门研究，限于现行政策，暂时难以实施，我们会继续关注并积极向上反映。",
    "{itself}已将这条建议向上级主管部门作了汇报，待有明确意见后再研究落实。",
    "结合本地实际，这项工作近期难以全面铺开，{itself}将从力所能及的方面做起，逐步改善。",
)
_DONE = (
    "今年以来，{itself}{with_joint}{done}。下一步将在此基础上巩固提升。",
    "目前，{itself}{done}，您提出的要求正在逐步变为现实。",
    "{itself}高度重视这一问题，{done}，群众反映总体较好。",
)
# A answers what is done, Q does so in the proposer's words, B what is planned, C what must wait.
_FRAMES = {"A": _AGREED, "Q": _QUOTED, "B": _PLANNED, "C": _LIMITED}
# A second sentence, as letters have it when somebody took the trouble.
_AFTERWARDS = {
    "A": (
        "今后将把好的做法固定下来，形成制度。",
        "日常工作由专人负责，发现问题随时整改。",
        "从走访情况看，群众总体满意，个别不足之处正在完善。",
        "有关做法已在工作例会上作了交流，其他镇街也将参照执行。",
        "",
    ),
    "Q": (
        "欢迎您在方便的时候到现场看一看，多提意见。",
        "实施中如有不周之处，请您随时指出。",
        "年底前将组织一次回头看，结果向您通报。",
        "",
    ),
    "B": (
        "时间和步骤确定后，将第一时间告知您。",
        "其间会安排一次座谈，专门听取您和群众代表的意见。",
        "具体工作由业务科室负责，分管负责人每月调度一次。",
        "需要有关单位配合的事项，已列出清单逐一对接。",
        "",
    ),
    "C": (
        "在此之前，先把日常管理和宣传解释工作做好。",
        "对群众反映强烈的个别点位，将采取临时措施缓解。",
        "有关情况将在明年的工作安排中再作研究。",
        "",
    ),
}
_ENDINGS = (
    "再次感谢您对{work}的关心。欢迎您继续提出宝贵意见。",
    "下一步，{itself}将持续跟踪有关工作的落实情况，及时向您反馈。感谢您的支持和监督。",
    "{itself}的工作与群众期盼还有差距，恳请您今后继续给予关注和指导。",
    "以上答复如有不妥，请您批评指正。办理过程中的新进展，我们将主动与您联系。",
)
_ORDINALS = "一二三四五六七"

_WORK = {
    "econ": "全区经济发展",
    "poli": "民主法治建设",
    "cult": "文化事业",
    "soci": "民生工作",
    "ecol": "生态环境工作",
}


def reply_text(rng: Random, text: ProposalText, klass: Klass) -> str:
    """A reply letter, point by point: A done, B promised, C not possible for now.

    Without head, number and date, which the letter paper brings.
    """
    matter = matter_of(text)
    put = _words(text)
    opening = put(rng.choice(_OPENINGS))
    answers = _answers(rng, text, matter, klass)
    headed = [
        f"{_ORDINALS[n]}、关于{_request(point)}\n{answer}"
        for n, (point, answer) in enumerate(zip(text.points, answers, strict=True))
    ]
    return "\n".join([opening, *headed, put(rng.choice(_ENDINGS))])


def _answers(rng: Random, text: ProposalText, matter: Matter, klass: Klass) -> list[str]:
    """One answer a request; what was done, promised or cannot be stands with the request it is about."""
    put = _words(text)
    main, second = {"A": ("A", "Q"), "B": ("B", "A"), "C": ("C", "B")}[klass]
    frames = {kind: _shuffled(rng, _FRAMES[kind]) for kind in (main, second)}
    afterwards = {kind: _shuffled(rng, _AFTERWARDS[kind]) for kind in (main, second)}
    answers = []
    for n, point in enumerate(text.points):
        kind = (main, second)[n % 2]
        frame = frames[kind].pop() + afterwards[kind].pop()
        answers.append(frame.replace("{detail}", _inner(_detail(point))))

    done = _same(text, matter.done)
    plan = _same(text, matter.plan)
    hurdle = _same(text, matter.hurdle)
    free = set(range(len(answers)))
    if klass == "B":
        at = _closest(text.points, plan, free)
        answers[at] = (
            f"这条建议切实可行，{{itself}}承诺：{plan}。为此已明确分管负责人和经办科室，"
            "按季度检查进度，完成后及时向您补充答复。"
        )
    if klass == "C":
        at = _closest(text.points, hurdle, free)
        answers[at] = (
            f"需要向您说明的是，{hurdle}。对此{{itself}}与您作了当面沟通，感谢您的理解。"
            "今后条件具备时，{itself}将重新研究。"
        )
    at = _closest(text.points, done, free)
    answers[at] = {
        "A": rng.choice(_DONE),
        "B": "这项工作已有一定基础。今年以来，{itself}{done}，下一步将继续扩大覆盖面。",
        "C": "近年来，{itself}{done}，但与您的期望相比还有距离，我们将继续努力。",
    }[klass].replace("{done}", done)
    return [put(answer) for answer in answers]


def _closest(points: Sequence[str], clause: str, free: set[int]) -> int:
    """The request whose words a clause shares most; it is then no longer free."""
    pairs = _pairs(clause)
    at = max(sorted(free), key=lambda n: len(pairs & _pairs(points[n])))
    free.discard(at)
    return at


def _pairs(words: str) -> set[str]:
    return {words[n : n + 2] for n in range(len(words) - 1)}


def commitment(rng: Random, text: ProposalText, replied_on: date) -> CommitmentWords:
    """The promise that a B letter made, with the section answering for it and the day it falls due."""
    section = rng.choice(("综合科", "业务一科", "业务二科", "规划建设科", "监督管理科"))
    who = f"{text.lead_unit_short}{section}　{colleague(rng, 0, workplace='', post='').name}"
    due_on = replied_on + timedelta(days=rng.choice((90, 120, 150, 180, 240, 300)))
    return CommitmentWords(_same(text, matter_of(text).plan), who, due_on)


_CONTACTS: dict[Stage, tuple[tuple[Way, str], ...]] = {
    "before": (
        ("visit", "上门拜访提案者，介绍初步办理思路；提案者希望把“{point}”作为重点。"),
        ("visit", "到提案者单位走访，就{count}条建议逐条交换意见，约定下月再次沟通。"),
        ("meeting", "邀请提案者座谈，说明现行政策和资金情况，提案者表示理解，并补充了两条意见。"),
        ("site", "与提案者一同到{place}现场查看，当场确定了可以马上改进的事项。"),
        ("phone", "电话联系提案者，告知已收到交办件和经办人联系方式，询问有无补充意见。"),
        ("phone", "电话听取提案者意见，提案者重点谈了“{point}”的考虑，约定本周面谈。"),
    ),
    "during": (
        ("meeting", "召开办理协商会，提案者、{others}及镇街代表参加，对“{point}”达成一致。"),
        ("site", "会同{others}和提案者实地踏勘，听取群众意见，对方案作了调整。"),
        ("phone", "电话沟通办理进度，提案者关心“{point}”何时启动，已作说明。"),
        ("online", "通过视频会议向提案者介绍答复初稿，提案者建议增加具体时间安排。"),
        ("online", "将答复草稿发提案者征求意见，根据反馈作了修改。"),
    ),
    "after": (
        ("phone", "答复寄出后电话回访，提案者对“{point}”的落实表示认可，希望坚持下去。"),
        ("visit", "登门送达答复，当面说明各条建议的采纳情况，听取评价。"),
        ("site", "邀请提案者到{place}查看落实情况，提案者又提出一条改进意见，已记录在册。"),
    ),
}


def contact_log(rng: Random, text: ProposalText, stage: Stage = "before") -> ContactWords:
    """One entry of the lead unit's contact log, of before, during or after the handling."""
    way, note = rng.choice(_CONTACTS[stage])
    note = note.replace("{point}", _request(rng.choice(text.points)))
    return ContactWords(way, _words(text)(note))


_JOINT_OPINIONS = (
    "《{title}》收悉。结合{joint_itself}职责，对其中“{point}”的建议，提出会办意见如下：\n一、{joint_itself}赞同提案所反映的情况，将在职责范围内积极配合主办单位开展工作。\n二、{joint_itself}已安排专人负责联络，涉及的数据和资料可随时提供。\n三、建议主办单位在制定方案时，充分考虑镇街实际承受能力，分步推进。\n以上意见供答复时参考。",
    "经研究，对《{title}》提出会办意见：该提案切合实际。关于“{point}”，{joint_itself}今年已安排相关工作，并将根据主办单位的总体方案，做好{joint_remit}方面的配合。需要联合检查或共同踏勘的，{joint_itself}将派员参加。",
    "《{title}》涉及{joint_itself}的主要是“{point}”一项。{joint_itself}意见：一是同意主办单位提出的总体思路；二是所需支持按规定程序办理，符合条件的优先安排；三是建议明确时间节点，便于各单位衔接。特此回复。",
)


def joint_opinion(rng: Random, text: ProposalText, unit_short: str) -> str:
    """A joint unit's opinion to the lead unit."""
    unit = UNIT_BY_SHORT_NAME[unit_short]
    words = rng.choice(_JOINT_OPINIONS)
    return (
        words.replace("{title}", text.title)
        .replace("{point}", _request(rng.choice(text.points)))
        .replace("{joint_itself}", unit.itself)
        .replace("{joint_remit}", "、".join(unit.remit.split()[:2]))
    )


_REMARKS: dict[Grade, tuple[str, ...]] = {
    "satisfied": (
        "承办单位主动上门沟通，答复具体，感谢。",
        "办理认真，“{point}”一条已经看到变化。",
        "答复有数据、有措施、有时间表，满意。",
        "经办人员态度很好，几次来电说明进展。",
        "没想到办得这么快，群众也很高兴。",
        "逐条作了回应，能做的做了，不能做的也说清了原因。",
        "",
    ),
    "basically": (
        "总体可以，希望“{point}”能尽快落地。",
        "答复思路清楚，时间安排还可以更明确一些。",
        "沟通及时，但部分措施力度偏小，请继续推进。",
        "理解部门的难处，盼望明年能有实质进展。",
        "前两条办得不错，后面的建议回应略显笼统。",
    ),
    "not": (
        "答复没有正面回应“{point}”，只介绍了以往工作，希望重新研究。",
        "现场情况没有明显改变，{place}的群众仍有意见，请到实地再看一看。",
        "只写“将进一步研究”，没有时间、没有责任人，等于没有答复。",
        "办理过程中没有与我联系，答复内容与提案的重点有偏差。",
        "所列数据与实际不符，请核实后再答复。",
    ),
}


def evaluation_remark(rng: Random, text: ProposalText, grade: Grade) -> str:
    """What a proposer writes beside the rating; without text a satisfied one may leave it empty."""
    words = rng.choice(_REMARKS[grade])
    return words.replace("{point}", _request(rng.choice(text.points))).replace(
        "{place}", text.place
    )


def second_reply_text(rng: Random, text: ProposalText, remark: str) -> str:
    """The letter of a second round: it takes up what the proposer was not satisfied with."""
    matter = matter_of(text)
    put = _words(text)
    opening = (
        "您对《{title}》首次答复提出的意见收悉。{itself}主要负责同志高度重视，带队与您再次当面沟通，"
        "并到{place}现场复核。现将二次办理情况答复如下。"
    )
    about = f"一、关于您不满意的事项\n您在反馈中指出：“{_inner(remark)}”{{itself}}诚恳接受，首次答复时调查不够深入，回应不够具体，在此向您致歉。"
    now = f"二、本轮采取的措施\n今年以来，{{itself}}{{with_joint}}{_same(text, matter.done)}；对提案中“{_request(rng.choice(text.points))}”一项，已明确一名负责人专门负责，现场问题当场交办。"
    next_steps = f"三、下一步安排\n{{itself}}将{_same(text, matter.plan)}；同时按季度向您通报进展。未尽之处，由{{itself}}分管负责人与您保持联系。"
    ending = "感谢您的监督，帮助我们改进了工作。"
    return "\n".join(put(part) for part in (opening, about, now, next_steps, ending))


_PROGRESS = (
    "已按计划启动，完成摸底和方案编制，正在征求镇街意见。",
    "方案已经印发，首批任务完成过半，预计可按期完成。",
    "受资金到位时间影响，进度略慢于计划，已协调加快。",
    "主体工作已经完成，正在组织验收和资料整理。",
    "因相关规划批复较晚，先按临时措施实施，现已转入正式实施。",
)


def progress_note(rng: Random) -> str:
    """One quarter's entry in the register of promises."""
    return rng.choice(_PROGRESS)


NOT_KEPT = "因用地和资金尚未落实，未能按期完成；已列入下一年度计划，有进展再行答复。"


def supplementary_reply_text(text: ProposalText) -> str:
    """The letter after a promise was kept: B becomes A."""
    words = (
        "关于您提出的《{title}》，{itself}曾在答复中作出承诺。经过一段时间的工作，现将落实情况补充答复如下：\n"
        f"一、承诺事项“{_same(text, matter_of(text).plan)}”已经完成，有关材料已报提案委备查。\n"
        "二、对实施中发现的问题，{itself}已建立日常检查制度，确保长期见效。\n"
        "三、欢迎您随时到现场查看，提出意见。感谢您一直以来的关心和支持。"
    )
    return _words(text)(words)


class _Words:
    """Puts a proposal's own words into a sentence."""

    def __init__(self, text: ProposalText) -> None:
        unit = UNIT_BY_SHORT_NAME[text.lead_unit_short]
        joints = "、".join(text.joint_unit_shorts)
        self.puts: Sequence[tuple[str, str]] = (
            ("{title}", text.title),
            ("{place}", "有关镇街" if text.place == "我区" else text.place),
            ("{itself}", unit.itself),
            ("{with_joint}", f"会同{joints}" if joints else ""),
            ("{others}", joints or "有关单位"),
            ("{count}", _COUNT_WORDS[len(text.points)]),
            ("{work}", _WORK[text.category.split(".")[0]]),
        )

    def __call__(self, sentence: str) -> str:
        for mark, words in self.puts:
            sentence = sentence.replace(mark, words)
        return sentence


_COUNT_WORDS = ("零", "一", "两", "三", "四", "五", "六", "七")


def _words(text: ProposalText) -> _Words:
    return _Words(text)


def _same(text: ProposalText, clause: str) -> str:
    return fill_same(clause, place=text.place, key=text.title)


def _request(point: str) -> str:
    return point.split("。", 1)[0]


def _detail(point: str) -> str:
    return point.split("。")[1]


def _inner(words: str) -> str:
    """Words to stand in quotation marks: their own become single ones."""
    return words.replace("“", "‘").replace("”", "’")


def _shuffled(rng: Random, frames: Sequence[str]) -> list[str]:
    return rng.sample(frames, len(frames))
