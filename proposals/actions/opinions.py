"""What authors of public-opinion reports do, and staff for those who write on paper."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Max, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from cppcc_portal.office import audit, files, notices
from cppcc_portal.office.files import Attachment
from cppcc_portal.office.workflow import IllegalMove, NotAllowed, NotReady
from members.models import Body, Membership, Person, Posting, User
from members.posted import together
from members.roles import Role
from proposals.actions.opinion_credits import ask_again
from proposals.actions.people import proposers_of
from proposals.actions.writing import locked as locked_proposal
from proposals.models import (
    OpinionAuthor,
    OpinionReport,
    OpinionText,
    Proposal,
    SuggestedTopic,
)
from proposals.models.opinion_texts import OPINION_PARTS, opinion_digest
from proposals.models.opinions import writes_opinion


class OpinionConflict(Exception):
    """Another window saved this report in between; nothing was overwritten."""

    def __init__(self, report: OpinionReport) -> None:
        self.report = report
        super().__init__(f"report {report.pk} is at version {report.version}")


def authors_of(report: OpinionReport) -> list[Person]:
    """Everybody behind a report who can be told; who is only named on paper cannot."""
    people: list[Person] = []
    bodies: list[int] = []
    for author in report.authors.select_related("membership__person", "person"):
        if author.membership:
            people.append(author.membership.person)
        elif author.person:
            people.append(author.person)
        elif author.body_id:
            bodies.append(author.body_id)
    posted = Person.objects.filter(postings__in=Posting.objects.current().filter(body__in=bodies))
    return together(people, posted.distinct() if bodies else [])


def tell_authors(
    kind: str,
    report: OpinionReport,
    *,
    at: datetime,
    round: int = 1,
    words: Mapping[str, str] | None = None,
) -> int:
    """Tell the authors what became of their own report; never anything of another's."""
    return notices.tell(
        kind,
        report,
        people=authors_of(report),
        round=round,
        at=at,
        words=words or {},
        url=report.get_absolute_url(),
    )


def locked_report(report: OpinionReport) -> OpinionReport:
    """The report as it now is, held until the end of the transaction."""
    rows = OpinionReport.objects.select_for_update(of=("self",))
    return rows.select_related("author_text", "edited_text").get(pk=report.pk)


def reporting_bodies() -> QuerySet[Body]:
    """The bodies in whose name reports come in: never a government unit or an office."""
    own = Body.objects.filter(active=True)
    return own.exclude(kind__in=[Body.Kind.UNIT, Body.Kind.OFFICE])


def is_informant(user: User) -> bool:
    """Whether this account reports in its own name, being neither a member nor a body's."""
    return Role.INFORMANT in user.roles and hasattr(user, "person")


@transaction.atomic
def start_report(
    *,
    by: User,
    membership: Membership | None = None,
    body: Body | None = None,
    theme: SuggestedTopic | None = None,
    at: datetime | None = None,
) -> OpinionReport:
    """Open an empty draft in one's own name: as a member, for a body one acts for, or as an informant.

    `theme` is one of the year's, where the report answers to it.
    """
    at = at or timezone.now()
    if not by.is_active or not by.has_perm("proposals.add_opinionreport"):
        raise NotAllowed(OpinionReport(), "start_report")
    author: dict[str, Any] = {"person": by.person if is_informant(by) else None}
    if membership is not None:
        in_office = Membership.objects.active().of_current_term()
        author = {"membership": in_office.filter(pk=membership.pk, person__user=by).first()}
    elif body is not None:
        author = {"body": reporting_bodies().filter(pk=body.pk, pk__in=by.body_ids).first()}
    if None in author.values():
        raise NotAllowed(OpinionReport(), "start_report")
    offered = SuggestedTopic.objects.on_offer_for_reports()
    if theme is not None and not offered.filter(pk=theme.pk).exists():
        raise NotReady(
            OpinionReport(), "start_report", [_("这个年度选题已不在目录中，请另选或不选。")]
        )
    report = OpinionReport.objects.create(created_at=at, saved_at=at, theme=theme)
    OpinionAuthor.objects.create(report=report, **author)
    audit.record("opinionreport.start", report, by=by)
    return report


@transaction.atomic
def enter_report(
    *,
    by: User,
    scan: Any,
    membership: Membership | None = None,
    body: Body | None = None,
    informant: str = "",
    workplace: str = "",
    at: datetime | None = None,
) -> OpinionReport:
    """代录: open the draft of somebody who writes on paper; the paper's `scan` (an upload) is kept with it."""
    at = at or timezone.now()
    if not by.is_active or not by.has_perm("proposals.enter_for_others"):
        raise NotAllowed(OpinionReport(), "enter_report")
    if membership is not None:
        in_office = Membership.objects.active().of_current_term()
        if not in_office.filter(pk=membership.pk).exists():
            raise NotReady(
                OpinionReport(), "enter_report", [_("只有本届在任委员可以以委员名义反映。")]
            )
        author: dict[str, Any] = {"membership": membership}
    elif body is not None:
        if not reporting_bodies().filter(pk=body.pk).exists():
            raise NotReady(OpinionReport(), "enter_report", [_("“%s”不能反映社情民意。") % body])
        author = {"body": body}
    else:
        author = {"informant": informant.strip(), "workplace": workplace.strip()}
        if not author["informant"]:
            raise NotReady(
                OpinionReport(), "enter_report", [_("请选择委员或组织，或写明信息员的姓名。")]
            )
    report = OpinionReport.objects.create(entered_by=by, created_at=at, saved_at=at)
    OpinionAuthor.objects.create(report=report, **author)
    files.accept(scan, subject=report, by=by, kind=Attachment.Kind.SCAN)
    audit.record("opinionreport.enter", report, by=by)
    return report


def paper_of(report: OpinionReport, verb: str, by: User) -> dict[str, Any]:
    """On whose behalf and on what paper, when staff go on with somebody's report."""
    first = report.first_author
    if first is None or first.is_user(by):
        return {}
    scan = files.for_subject(report).filter(kind=Attachment.Kind.SCAN).last()
    if scan is None:
        told = _("代录须附作者签名的纸质原件扫描件，请在工作台重新代录并附上。")
        raise NotReady(report, verb, [told])
    return {"behalf": first.name, "scan": scan}


@transaction.atomic
def save_report(
    report: OpinionReport,
    *,
    by: User,
    version: int,
    title: str,
    situation: str,
    advice: str,
    secrecy_confirmed: bool = False,
    at: datetime | None = None,
) -> OpinionReport:
    """Keep what was typed; `version` is the one this window last saw.

    Raises IllegalMove once handed in, NotAllowed for others, OpinionConflict when another window was
    first; the same text sent twice is no conflict.
    """
    at = at or timezone.now()
    held = locked_report(report)
    if held.status not in OpinionReport.WRITING:
        raise IllegalMove(held, "save_draft", _("修改文字"))
    if not by.is_active or not writes_opinion(held, by):
        raise NotAllowed(held, "save_draft")
    values = {
        "title": title[:200],
        "situation": situation,
        "advice": advice,
        "secrecy_confirmed": secrecy_confirmed,
    }
    if held.version != version:
        if all(getattr(held, name) == value for name, value in values.items()):
            return held
        raise OpinionConflict(held)
    rows = OpinionReport.objects.filter(pk=held.pk)
    rows.update(**values, version=F("version") + 1, saved_at=at)
    held.refresh_from_db()
    return held


def freeze_text(
    report: OpinionReport, kind: str, parts: Mapping[str, str], *, by: User, at: datetime
) -> OpinionText:
    """These words as the next version of their kind; the same words as the last are frozen once."""
    earlier = report.texts.filter(kind=kind)
    last = earlier.last()
    digest = opinion_digest(parts)
    if last is not None and last.digest == digest:
        return last
    number = (earlier.aggregate(last=Max("number"))["last"] or 0) + 1
    return OpinionText.objects.create(
        report=report,
        kind=kind,
        number=number,
        digest=digest,
        made_by=by,
        made_at=at,
        **{name: parts[name].strip() for name in OPINION_PARTS},
    )


@transaction.atomic
def submit(report: OpinionReport, *, by: User, at: datetime | None = None) -> None:
    """Hand the report to the office: the author's words are frozen and stay beside whatever is edited.

    Co-authors who agreed to other words are asked again, and answer until the office registers it.
    """
    at = at or timezone.now()
    held = locked_report(report)
    held.require("submit", by=by)
    if reasons := held.missing("submit"):
        raise NotReady(held, "submit", reasons)
    text = freeze_text(held, OpinionText.Kind.ORIGINAL, held.parts, by=by, at=at)
    on_paper = paper_of(held, "submit", by)
    held.move_to(
        "submit",
        by=by,
        at=at,
        author_text=text,
        submitted_at=at,
        **on_paper,
    )
    scan = on_paper.get("scan") if held.is_entered_for_other else None
    ask_again(held, text, by=by, at=at, scan=scan)
    round = held.changes.filter(verb="submit").count()
    tell_authors("opinion_submitted", held, at=at, round=round)
    report.refresh_from_db()


@transaction.atomic
def recall(report: OpinionReport, *, by: User, at: datetime | None = None) -> None:
    """The author takes it back before the office has registered it, to go on writing."""
    held = locked_report(report)
    held.require("recall", by=by)
    held.move_to("recall", by=by, at=at, **paper_of(held, "recall", by))
    report.refresh_from_db()


@transaction.atomic
def convert(proposal: Proposal, *, by: User, at: datetime | None = None) -> OpinionReport:
    """Turn a proposal that was not filed into a report of the same authors; once, and they are told."""
    at = at or timezone.now()
    held = locked_proposal(proposal)
    held.move_to("convert", by=by, at=at)
    text = held.current_text
    assert text is not None  # what was submitted is frozen (constraint)
    situation = "\n\n".join(
        part.strip() for part in (text.situation, text.analysis) if part.strip()
    )
    report = OpinionReport.objects.create(
        from_proposal=held,
        title=text.title,
        situation=situation,
        advice=text.suggestions.strip(),
        secrecy_confirmed=held.secrecy_confirmed,
        created_at=at,
        saved_at=at,
    )
    for order, proposer in enumerate(held.proposers.confirmed()):
        OpinionAuthor.objects.create(
            report=report, order=order, membership=proposer.membership, body=proposer.body
        )
    original = freeze_text(report, OpinionText.Kind.ORIGINAL, report.parts, by=by, at=at)
    report.move_to("convert", by=by, at=at, author_text=original, submitted_at=at)
    notices.tell(
        "opinion_converted",
        held,
        people=proposers_of(held),
        at=at,
        words={"serial": str(held.serial)},
        url=report.get_absolute_url(),
    )
    proposal.refresh_from_db()
    return report
