"""社情民意 of the demonstration: two years of reports in every state, told through the portal's own actions."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from cppcc_portal.demo import opinion_shares
from cppcc_portal.demo.district import District, moment
from cppcc_portal.demo.opinion_words import KEPT_BECAUSE, MATTERS, REPLY, RETURNED_FOR, Matter
from cppcc_portal.demo.papers import paper
from cppcc_portal.office.notices import Notice
from members.models import Membership, Unit, User
from members.roles import Role
from proposals import actions
from proposals.actions import bulletins, opinion_coauthors, opinion_handling, opinions
from proposals.actions import opinion_editing as editing
from proposals.models import Bulletin, OpinionReport, Proposal

UNREAD = timedelta(days=12)  # older notices have been read
# How far each of the newest reports has come, and how many days ago it was handed in, oldest first.
RECENT: tuple[tuple[str, int], ...] = (
    ("send", 12),
    ("keep", 10),
    ("issue", 9),
    ("sign", 8),
    ("check", 7),
    ("edit", 6),
    ("return_", 4),
    ("select", 4),
    ("combine", 4),
    ("register", 2),
    ("submit", 1),
    ("submit", 0),
    ("draft", 0),
)
EARLIER = 22  # older ones, a fortnight apart or so, all of them brought to their end


class Stop(Exception):
    """This report has come no further by now."""


@dataclass
class Desk:
    """Who acts, and until when it has happened."""

    district: District
    rng: Random
    now: datetime
    seats: list[Membership]
    units: list[Unit]
    checker: User
    leader: User

    @property
    def office(self) -> User:
        return self.district.office

    def at(self, on: date, days: int, hour: int = 10) -> datetime:
        """A moment some days on; Stop if it still lies ahead."""
        found = moment(on + timedelta(days=days), hour)
        if found > self.now:
            raise Stop
        return found


def tell(district: District, rng: Random, *, today: date, now: datetime) -> None:
    """Reports of two years, a proposal turned into one, and what became of each."""
    accounts = district.accounts
    with_account = [seat for seat in district.memberships if seat.person.user_id]
    secgen = User.objects.filter(groups__name=Role.SECRETARY_GENERAL, is_active=True).get()
    desk = Desk(
        district,
        rng,
        now,
        with_account,
        list(district.units.values()),
        checker=secgen,
        leader=accounts["leader"],
    )
    begun = today - timedelta(days=14 * EARLIER + 30)
    for number in range(EARLIER):
        on = begun + timedelta(days=14 * number)
        matter = MATTERS[number % len(MATTERS)]
        _carry(desk, matter, on, "keep" if number % 4 == 3 else "archive", number)
    for number, (stop, ago) in enumerate(RECENT):
        matter = MATTERS[(EARLIER + number) % len(MATTERS)]
        if stop == "combine":  # another author saw the same
            before = MATTERS[(EARLIER + number - 1) % len(MATTERS)]
            matter = replace(before, title=before.edited_title)
        _carry(desk, matter, today - timedelta(days=ago), stop, number)
    _entered(desk, today)
    _converted(desk)
    opinion_shares.tell(district, now=now)
    Notice.objects.filter(
        kind__startswith="opinion_", created_at__lt=now - UNREAD, read_at=None
    ).update(read_at=now - UNREAD)


def _carry(desk: Desk, matter: Matter, on: date, stop: str, number: int) -> None:
    """One report from the draft as far as it has come."""
    seat = desk.seats[number % 3 if number % 2 == 0 else (number * 7) % len(desk.seats)]
    author: Any = seat.person.user
    begun = min(moment(on, 8), desk.now - timedelta(minutes=20))
    report = opinions.start_report(by=author, membership=seat, at=begun)
    _write(report, author, matter, begun)
    try:
        _handle(desk, report, matter, on, stop, number)
    except Stop:
        return


def _write(report: OpinionReport, by: User, matter: Matter, at: datetime) -> None:
    opinions.save_report(
        report,
        by=by,
        version=report.version,
        title=matter.title,
        situation=matter.situation,
        advice=matter.advice,
        secrecy_confirmed=True,
        at=at,
    )
    report.refresh_from_db()


def _until(stop: str, step: str) -> None:
    if stop == step:
        raise Stop


def _handle(
    desk: Desk, report: OpinionReport, matter: Matter, on: date, stop: str, number: int
) -> None:
    author: Any = report.first_author and report.first_author.membership
    if number % 5 == 1 or stop == "draft":
        _together(desk, report, author, number, answers=stop != "draft")
    _until(stop, "draft")
    submitted = min(moment(on, 9), desk.now - timedelta(minutes=15))
    opinions.submit(report, by=author.person.user, at=submitted)
    _until(stop, "submit")
    editing.register(report, by=desk.office, at=desk.at(on, 1))
    _until(stop, "register")
    if stop == "return_":
        note = RETURNED_FOR[number % len(RETURNED_FOR)]
        editing.return_(report, by=desk.office, note=note, at=desk.at(on, 2))
        return
    if stop == "keep":
        note = KEPT_BECAUSE[number % len(KEPT_BECAUSE)]
        editing.keep(report, by=desk.office, note=note, at=desk.at(on, 2))
        return
    editing.select(report, by=desk.office, at=desk.at(on, 2))
    _until(stop, "select")
    if stop == "combine":
        main = OpinionReport.objects.filter(status=OpinionReport.Status.SELECTED)
        editing.combine(
            report,
            by=desk.office,
            into=main.exclude(pk=report.pk).latest("pk"),
            at=desk.at(on, 3),
        )
        return
    edited = {
        "title": matter.edited_title,
        "situation": matter.situation,
        "advice": matter.advice,
    }
    editing.edit(report, by=desk.office, base=0, at=desk.at(on, 3), **edited)
    _until(stop, "edit")
    signer = desk.leader.person
    editing.check(report, by=desk.checker, signer=signer, at=desk.at(on, 4))
    _until(stop, "check")
    editing.sign(report, by=desk.leader, at=desk.at(on, 5))
    _until(stop, "sign")
    bulletin = bulletins.issue(report, by=desk.office, at=desk.at(on, 6))
    _until(stop, "issue")
    _spread(desk, bulletin, matter, on, number)
    _until(stop, "send")
    bulletins.archive(report, by=desk.office, at=desk.at(on, 60))


def _together(
    desk: Desk, report: OpinionReport, author: Membership, number: int, *, answers: bool
) -> None:
    """Another member who saw the same is asked to report with the author."""
    other = desk.seats[(number * 3 + 1) % len(desk.seats)]
    if other == author:
        return
    asked = report.saved_at + timedelta(minutes=2)
    by: Any = author.person.user
    opinion_coauthors.invite(report, by=by, memberships=[other], at=asked)
    if answers:
        invitation = report.invitations.get()
        at = asked + timedelta(minutes=2)
        opinion_coauthors.agree(invitation, by=other.person.user, at=at)  # type: ignore[arg-type]  # all have one


def _spread(desk: Desk, bulletin: Bulletin, matter: Matter, on: date, number: int) -> None:
    """Where an issue goes, and what comes back."""
    office, sent = desk.office, desk.at(on, 7)
    way: dict[str, Any] = {"by": office, "sent_on": sent.date(), "at": sent}
    bulletins.send(bulletin, target="upper", name="市政协", **way)
    if number % 2 == 0:
        bulletins.send(bulletin, target="leader", leader=desk.leader.person, **way)
    if number % 3 == 0:
        bulletins.send(bulletin, target="supervision", **way)
    unit = desk.district.units[matter.unit]
    dispatch = bulletins.send(bulletin, target="unit", unit=unit, answer_wanted=True, **way)
    if number % 2 == 0:
        at = desk.at(on, 10)
        bulletins.record_instruction(
            bulletin,
            by=office,
            level="district" if number % 4 else "city",
            leader=desk.leader.person if number % 4 else None,
            leader_name="" if number % 4 else "市领导",
            given_on=at.date(),
            text=f"请{matter.unit}认真研究，提出办理意见。",
            released=number % 3 == 0,
            at=at,
        )
    clerk = desk.district.clerks.get(matter.unit)
    if clerk is not None:
        opinion_handling.answer(dispatch, by=clerk, answer=REPLY, at=desk.at(on, 24))
    for place, (level, adopter) in enumerate(
        (("city", "市政协办公室"), ("province", "省政协办公厅"), ("nation", "全国政协办公厅"))
    ):
        if number % (place * 3 + 2) == 0:
            at = desk.at(on, 30 + 10 * place)
            bulletins.record_adoption(
                bulletin,
                by=office,
                level=level,
                kind=("single", "combined", "forwarded")[(number + place) % 3],
                adopter=adopter,
                adopted_on=at.date(),
                at=at,
            )


def _entered(desk: Desk, today: date) -> None:
    """代录: what an informant without an account brought on paper."""
    at = min(moment(today - timedelta(days=3), 14), desk.now)
    report = opinions.enter_report(
        by=desk.office,
        informant="陆远帆",
        workplace="滨江街道某社区",
        scan=paper("信息员来稿.pdf"),
        at=at,
    )
    _write(report, desk.office, MATTERS[-1], at)
    opinions.submit(report, by=desk.office, at=at)


def _converted(desk: Desk) -> None:
    """A proposal that was not filed goes on as a report."""
    refused = Proposal.objects.filter(status=Proposal.Status.NOT_FILED).order_by("-pk").first()
    if refused is not None:
        actions.convert(refused, by=desk.office, at=desk.now - timedelta(minutes=5))
