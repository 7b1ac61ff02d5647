"""One proposal along the whole path by posted forms, as people's browsers send them."""

import re
from collections.abc import Callable, Iterator
from typing import Any

from bench.client import Answer, Client, Failed

TEXT = {
    "title": "关于在老旧小区增设电动自行车充电设施的建议",
    "situation": "老旧小区充电设施不足，飞线充电时有发生。" * 6,
    "analysis": "场地和电力容量有限，几家单位各管一段。" * 6,
    "suggestions": "一、利用边角地增设充电棚。二、由电力部门统一扩容。" * 4,
}


class Walk:
    """The steps of one proposal; each is timed, and what it needs to know is read from pages."""

    def __init__(
        self, person: Callable[[str], Client], given: dict[str, Any], *, count: bool
    ) -> None:
        self.person, self.given, self.count = person, given, count

    def post(self, account: str, path: str, **fields: Any) -> Answer:
        return self.person(account).post(path, count=self.count, **fields)

    def found(self, account: str, path: str, pattern: str) -> str:
        """A part of a page, such as the address it leads on to."""
        page = self.person(account).get(path).body.decode()
        match = re.search(pattern, page)
        if not match:
            raise Failed(f"{path} shows no {pattern}")
        return match[0]

    def steps(self) -> Iterator[tuple[str, Answer]]:
        """Draft, invitation, submission, filing, hand-over, opinion, reply, ratings."""
        given = self.given
        opened = self.post("member", given["drafts"])
        yield "open a draft", opened
        own = opened.location.removesuffix("edit/")
        form = self.found("member", f"{own}edit/", r'name="version" value="\d+"')
        version = re.findall(r"\d+", form)[0]
        yield (
            "save a draft",
            self.post(
                "member",
                f"{own}edit/",
                **TEXT,
                version=version,
                may_publish="True",
                secrecy_confirmed="on",
                save="1",
            ),
        )
        yield (
            "invite a co-signer",
            self.post("member", f"{own}invite/", memberships=given["cosigner"]),
        )
        yield "agree to co-sign", self.post("cosigner", f"{own}agree/")
        yield "submit", self.post("member", f"{own}submit/")

        pk = own.rstrip("/").rpartition("/")[2]
        office = f"{given['admin']}{pk}/"
        yield "file", self.post("office", f"{office}file/", category=given["category"])
        yield (
            "hand over",
            self.post("office", f"{office}hand_over/", lead=given["lead"], joint=given["joint"]),
        )

        lead = self.found("unit", own, r"/desk/\d+/")
        joint = self.found("unit2", own, r"/desk/\d+/")
        yield "acknowledge", self.post("unit", f"{lead}acknowledge/")
        self.post("unit2", f"{joint}acknowledge/")
        yield (
            "give an opinion",
            self.post(
                "unit2",
                f"{joint}give_opinion/",
                text="同意主办单位意见。" * 5,
                signer="丁",
                signer_post="副局长",
            ),
        )
        yield "reply", self.post("unit", f"{lead}reply/", **self.reply())
        pattern = r"/proposals/evaluations/\d+/evaluate/"
        rating = self.found("member", own, pattern)
        good = {"attitude": "satisfied", "result": "satisfied"}
        yield (
            "evaluate",
            self.post("member", rating, **good, contacted="visit", to_the_point="yes"),
        )

    def reply(self) -> dict[str, Any]:
        """A class B reply with one promise."""
        return {
            "text": "您提出的建议收悉，现答复如下。" * 12,
            "result_class": self.given["class"],
            "document_number": "住建函〔2026〕1号",
            "signer": "戊",
            "signer_post": "局长",
            "openness": "full",
            "promised": "on",
            "reply": "1",
            "promises-TOTAL_FORMS": "3",
            "promises-INITIAL_FORMS": "0",
            "promises-MIN_NUM_FORMS": "0",
            "promises-MAX_NUM_FORMS": "20",
            "promises-0-what": "建成充电棚十处",
            "promises-0-who": "己",
            "promises-0-due_on": self.given["promised_on"],
        }
