"""Duty records from public-opinion reports: handed in, adopted at a level, instructed; for every author.

They carry register numbers and names of adopters, never words of a text: what is taken out leaves
nothing behind here.
"""

from collections.abc import Iterable, Iterator
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from cppcc_portal.office import parameters
from cppcc_portal.office.instructions import Instruction
from cppcc_portal.office.keys import key_of
from members.duty import Fact, settle_duty
from members.models import DutyRole, User
from proposals.models import AdoptionRecord, Bulletin, OpinionReport
from proposals.models.bulletins import reports_of


def settle_report(report: OpinionReport, *, by: User) -> None:
    """What its authors have for having reported: theirs from the registration on."""
    settle_duty(_of_report(report), sources=[key_of(report)], by=by)


def settle_bulletin(bulletin: Bulletin, *, by: User) -> None:
    """What the authors of an issue have for its adoptions and instructions, as these now stand."""
    adoptions = list(bulletin.adoptions.all())
    instructions = list(Instruction.objects.filter(subject=key_of(bulletin)))
    sources = [key_of(one) for one in (*adoptions, *instructions)]
    settle_duty(_of_bulletin(bulletin), sources=sources, by=by)


def _of_report(report: OpinionReport) -> Iterable[Fact]:
    if report.serial is None or report.status == OpinionReport.Status.TAKEN_OUT:
        return []
    assert report.submitted_at is not None  # what has a number was handed in (constraint)
    on = timezone.localdate(report.submitted_at)
    title = _("反映社情民意（登记号 %s）") % report.label
    return _for_authors(report, report, "opinion", title, on)


def _of_bulletin(bulletin: Bulletin) -> Iterable[Fact]:
    """Who wrote two of the reports in an issue has one record of each result, the first author's before others."""
    found: dict[tuple[int, str], Fact] = {}
    for report in reports_of(bulletin):
        if report.status == OpinionReport.Status.TAKEN_OUT:
            continue
        for fact in _results(bulletin, report):
            key = (fact.membership.pk, key_of(fact.source))
            known = found.get(key)
            if known is None or known.role == DutyRole.COAUTHOR:
                found[key] = fact
    return found.values()


def _results(bulletin: Bulletin, report: OpinionReport) -> Iterator[Fact]:
    for adoption in bulletin.adoptions.current().order_by("pk"):
        words = {
            "number": report.label,
            "level": adoption.get_level_display(),
            "adopter": adoption.adopter,
        }
        title = _("社情民意（%(number)s）被%(level)s采用：%(adopter)s") % words
        yield from _for_authors(
            report, adoption, f"opinion_{adoption.level}", title, adoption.adopted_on
        )
    for instruction in Instruction.objects.about(bulletin):
        words = {"number": report.label, "level": instruction.get_level_display()}
        title = _("社情民意（%(number)s）收到%(level)s领导批示") % words
        yield from _for_authors(
            report, instruction, "opinion_instructed", title, instruction.given_on
        )


def _for_authors(
    report: OpinionReport,
    source: AdoptionRecord | Instruction | OpinionReport,
    category: str,
    title: str,
    on: date,
) -> Iterator[Fact]:
    """One for each author who is a member; those who joined count as the office has set."""
    joined = parameters.get("opinions.coauthor_share")
    for place, author in enumerate(report.credited):
        if author.membership is None:
            continue
        yield Fact(
            author.membership,
            source,
            category=category,
            role=DutyRole.AUTHOR if place == 0 else DutyRole.COAUTHOR,
            title=title,
            on=on,
            url=report.get_absolute_url(),
            share=100 if place == 0 else joined,
        )
