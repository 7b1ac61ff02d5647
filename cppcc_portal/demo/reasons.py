"""Remarks of review, hand-over and co-signing, each as the person who writes it would.

The reasons for not filing and the destinations are the lists of `proposals.defaults`; texts that fit them
are `proposals.unfit_text`.
"""

from random import Random

from cppcc_portal.demo.bodies import UNIT_BY_SHORT_NAME

# Why the review sends a text back to its proposer for another try.
RETURN_COMMENTS: tuple[str, ...] = (
    "一件提案请只写一件事。文中第二部分与题目关系不大，建议另立一件。",
    "情况写得清楚，建议部分还可以更具体，请说明由谁做、做到什么程度。",
    "题目偏大，建议缩小到具体区域或具体事项，便于确定承办单位。",
    "文中数据没有注明来源和年份，请核对后补充。",
    "篇幅超过规定，请压缩情况介绍，把重点放在分析和建议上。",
    "有关部门今年已出台相应办法，建议先了解最新政策，再对不足之处提出意见。",
    "文中涉及个人姓名和联系方式，请删去后重新提交。",
    "希望承办单位一栏与内容不符，请再作斟酌；最终由审查意见确定。",
)

# Why a unit asks to hand a proposal back.
UNIT_RETURN_REASONS: tuple[str, ...] = (
    "经研究，所提事项的主要职责在{other}，{itself}仅涉及个别环节，建议改由{other}主办，{itself}会办。",
    "机构改革后该项职能已划转至{other}，{itself}无相应权限，申请改办。",
    "提案主要建议涉及资金和项目安排，由{other}牵头更有利于办理，{itself}将积极配合。",
)

RETURN_REFUSALS: tuple[str, ...] = (
    "经会商，该事项日常管理职责仍在贵单位，请继续办理，有关单位予以配合。",
    "申退理由不充分。请按原交办意见办理，如需协调可另行提出会商。",
    "已超过申退期限，不再改办，请抓紧与提案者联系。",
)

CO_SIGN_CONSENTS: tuple[str, ...] = (
    "同意联名。",
    "写得很实在，同意。",
    "同意，建议把老城区的例子也加进去。",
    "情况属实，愿意共同提出。",
    "",
)

CO_SIGN_REFUSALS: tuple[str, ...] = (
    "内容很好，但我今年已就同一问题单独提交，这次就不联名了。",
    "第三条建议与我们行业的实际不太相符，暂不联名。",
    "本单位可能是承办单位，为避免误会，不参加联名。",
    "对情况不够了解，不便署名，抱歉。",
)

# Why the committee does not start another round though a proposer is not satisfied; members read it.
SECOND_ROUND_REFUSALS: tuple[str, ...] = (
    "经与提案者和承办单位共同会商，所提事项确受上位法限制，承办单位已作充分说明，不再启动二次办理，转入跟踪。",
    "承办单位的承诺已列入台账并明确完成时间，先按承诺跟踪，到期仍未落实的再启动二次办理。",
    "不满意的意见主要针对联系沟通不够，已要求承办单位当面说明，办理结果本身不再重办。",
)

EXTENSION_REASONS: tuple[str, ...] = (
    "提案涉及的规划调整方案正在公示，公示期满后方能明确答复，申请延期一个月。",
    "需与{other}共同踏勘后确定方案，因汛期工作安排推迟，申请延期。",
    "相关经费须待年中预算调整审议，申请待审议通过后再行答复。",
    "提案者近期外出，当面沟通安排在下月，申请相应延期。",
)

WITHDRAWAL_REASONS: tuple[str, ...] = (
    "有关部门已主动联系并解决了问题，申请撤回。",
    "经进一步了解，部分数据不够准确，拟补充调研后重新提交。",
    "与其他委员商量后合并为一件联名提案，本件撤回。",
)


def review_comment(rng: Random) -> str:
    """Why the review sends a text back; its proposer reads it."""
    return rng.choice(RETURN_COMMENTS)


def unit_return_reason(rng: Random, unit: str, other: str) -> str:
    """A lead unit's request to be relieved in favour of another; both by their short names."""
    words = rng.choice(UNIT_RETURN_REASONS)
    return words.replace("{other}", other).replace("{itself}", UNIT_BY_SHORT_NAME[unit].itself)


def extension_reason(rng: Random, other: str = "有关单位") -> str:
    """Why a unit asks for more time, before the day is reached; `other` is whom it works with."""
    return rng.choice(EXTENSION_REASONS).replace("{other}", other)
