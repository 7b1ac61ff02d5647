"""The year of public-opinion reports in figures: each is the number of the rows that it opens.

A figure and its list ask the same rows, in the year in which the thing happened. What was taken out is
in none of them.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cppcc_portal.office.instructions import Instruction, Level
from cppcc_portal.office.keys import split_key
from proposals.models import (
    AdoptionRecord,
    Bulletin,
    OpinionAuthor,
    OpinionDispatch,
    OpinionReport,
    OpinionReportChange,
)
from proposals.models.bulletins import SUBJECT

STATUS = OpinionReport.Status
Line = dict[str, Any]


@dataclass(frozen=True)
class Figure:
    """One figure of a year: what it counts, in words, and the rows."""

    code: str
    label: Any
    formula: Any
    rows: Callable[[int], QuerySet[Any]]
    line: Callable[[Any], Line]


# Rows ------------------------------------------------------------------------------------------


def _handed_in() -> QuerySet[OpinionReport]:
    return OpinionReport.objects.exclude(status__in=[STATUS.DRAFT, STATUS.TAKEN_OUT])


def submitted(year: int) -> QuerySet[OpinionReport]:
    return _handed_in().filter(submitted_at__year=year)


def registered(year: int) -> QuerySet[OpinionReport]:
    return _handed_in().filter(year=year)


def _stepped(verb: str, year: int) -> Q:
    steps = OpinionReportChange.objects.filter(verb=verb, at__year=year)
    return Q(pk__in=steps.values("subject"))


def selected(year: int) -> QuerySet[OpinionReport]:
    put_away = Q(status=STATUS.KEPT) | Q(status=STATUS.ARCHIVED, bulletin=None)
    return _handed_in().filter(_stepped("select", year)).exclude(put_away)


def kept(year: int) -> QuerySet[OpinionReport]:
    put_away = Q(status=STATUS.KEPT) | Q(status=STATUS.ARCHIVED, bulletin=None)
    return _handed_in().filter(_stepped("keep", year)).filter(put_away)


def issued(year: int) -> QuerySet[OpinionReport]:
    return _handed_in().filter(bulletin__issued_on__year=year)


def adoptions(year: int) -> QuerySet[AdoptionRecord]:
    rows = AdoptionRecord.objects.current().filter(adopted_on__year=year)
    return rows.exclude(bulletin__text__digest="")


def adopted(year: int) -> QuerySet[OpinionReport]:
    return _handed_in().filter(bulletin__in=adoptions(year).values("bulletin"))


def adopted_at(level: str) -> Callable[[int], QuerySet[OpinionReport]]:
    """Adopted at this level, once however many adopted it."""

    def rows(year: int) -> QuerySet[OpinionReport]:
        at_level = adoptions(year).filter(level=level)
        return _handed_in().filter(bulletin__in=at_level.values("bulletin"))

    return rows


def instructions(year: int) -> QuerySet[Instruction]:
    rows = Instruction.objects.filter(
        subject__startswith=SUBJECT, replaced_by=None, given_on__year=year
    )
    emptied = Bulletin.objects.filter(text__digest="").values_list("pk", flat=True)
    return rows.exclude(subject__in=[f"{SUBJECT}{pk}" for pk in emptied])


def _on(rows: QuerySet[Instruction]) -> list[int]:
    return [split_key(key)[1] for key in rows.values_list("subject", flat=True)]


def instructed(year: int) -> QuerySet[OpinionReport]:
    return _handed_in().filter(bulletin__in=_on(instructions(year)))


def bulletins(year: int) -> QuerySet[Bulletin]:
    return Bulletin.objects.filter(year=year).exclude(text__digest="")


def sent(year: int) -> QuerySet[OpinionDispatch]:
    rows = OpinionDispatch.objects.standing().filter(unit__isnull=False, sent_on__year=year)
    return rows.exclude(bulletin__text__digest="")


def answered(year: int) -> QuerySet[OpinionDispatch]:
    rows = OpinionDispatch.objects.filter(
        status=OpinionDispatch.Status.ANSWERED, answered_on__year=year
    )
    return rows.exclude(bulletin__text__digest="")


# Lines -----------------------------------------------------------------------------------------


def of_report(report: OpinionReport) -> Line:
    facts = [report.label, report.author_names, report.get_status_display(), report.bulletin]
    return {"title": str(report), "url": report.get_absolute_url(), "facts": facts}


def of_bulletin(bulletin: Bulletin) -> Line:
    facts = [str(bulletin), bulletin.get_kind_display(), bulletin.issued_on]
    return {"title": bulletin.title, "url": bulletin.get_absolute_url(), "facts": facts}


def of_adoption(adoption: AdoptionRecord) -> Line:
    facts = [str(adoption), str(adoption.bulletin), adoption.adopted_on]
    url = adoption.bulletin.get_absolute_url()
    return {"title": adoption.bulletin.title, "url": url, "facts": facts}


def of_instruction(instruction: Instruction) -> Line:
    """Who, at which level and when; what it says stands with the issue."""
    bulletin = Bulletin(pk=split_key(instruction.subject)[1])
    title = _("%(who)s批示") % {"who": instruction.who}
    facts = [instruction.get_level_display(), instruction.given_on]
    return {"title": title, "url": bulletin.get_absolute_url(), "facts": facts}


def of_dispatch(dispatch: OpinionDispatch) -> Line:
    facts = [dispatch.receiver, dispatch.get_status_display(), dispatch.sent_on, dispatch.result]
    url = dispatch.get_absolute_url()
    return {"title": dispatch.bulletin.title, "url": url, "facts": facts}


OF_REPORTS = (
    Figure(
        "submitted",
        gettext_lazy("提交"),
        gettext_lazy("最近一次提交在本年的来稿，不含草稿和已移出的。"),
        submitted,
        of_report,
    ),
    Figure(
        "registered",
        gettext_lazy("登记"),
        gettext_lazy("登记号属于本年的来稿。"),
        registered,
        of_report,
    ),
    Figure(
        "selected",
        gettext_lazy("选用"),
        gettext_lazy("本年选用的来稿，不含后来改为留存的。"),
        selected,
        of_report,
    ),
    Figure(
        "kept", gettext_lazy("留存"), gettext_lazy("本年留存、没有再选用的来稿。"), kept, of_report
    ),
    Figure(
        "issued",
        gettext_lazy("印发"),
        gettext_lazy("编入本年印发的刊物的来稿；综合稿按编入的每篇计。"),
        issued,
        of_report,
    ),
    Figure(
        "adopted",
        gettext_lazy("采用"),
        gettext_lazy("本年被任何一级采用的来稿，每篇计一次；已更正的采用不计。"),
        adopted,
        of_report,
    ),
    *(
        Figure(
            f"adopted_{level.value}",
            gettext_lazy("%s采用") % level.label,
            gettext_lazy("本年被这一级采用的来稿，同一级采用几次也只计一次。"),
            adopted_at(level.value),
            of_report,
        )
        for level in Level
    ),
    Figure(
        "instructed",
        gettext_lazy("获批示"),
        gettext_lazy("本年收到领导批示的来稿，每篇计一次。"),
        instructed,
        of_report,
    ),
)
OF_OTHERS = (
    Figure(
        "bulletins",
        gettext_lazy("刊物期数"),
        gettext_lazy("本年印发的刊物，已移出的不计。"),
        bulletins,
        of_bulletin,
    ),
    Figure(
        "adoptions",
        gettext_lazy("采用次数"),
        gettext_lazy("本年登记有效的采用记录，同一期可以有几条。"),
        adoptions,
        of_adoption,
    ),
    Figure(
        "instructions",
        gettext_lazy("批示次数"),
        gettext_lazy("本年的领导批示，同一期可以有几条；已更正的不计。"),
        instructions,
        of_instruction,
    ),
    Figure(
        "sent",
        gettext_lazy("送单位"),
        gettext_lazy("本年报送单位的次数，已改办的按新单位计。"),
        sent,
        of_dispatch,
    ),
    Figure(
        "answered",
        gettext_lazy("单位答复"),
        gettext_lazy("本年单位作出的答复。"),
        answered,
        of_dispatch,
    ),
)
FIGURES = {figure.code: figure for figure in (*OF_REPORTS, *OF_OTHERS)}

# By whom, and where it went --------------------------------------------------------------------


@dataclass(frozen=True)
class Grouping:
    """How the reports of a year are told apart: rows that name the report, its group and the group's name."""

    code: str
    label: Any
    rows: Callable[[], QuerySet[Any]]
    report: str
    key: str
    name: str

    def reports_of(self, key: str) -> QuerySet[Any]:
        """The keys of the reports in one group."""
        return self.rows().filter(**{self.key: key}).values(self.report)

    def lines(self, year: int) -> Iterator[Line]:
        """One line for each group that has anything, with all figures of reports; one query."""
        counts = {
            figure.code: Count(
                self.report,
                distinct=True,
                filter=Q(**{f"{self.report}__in": figure.rows(year).values("pk")}),
            )
            for figure in OF_REPORTS
        }
        rows = self.rows().order_by().values(self.key, self.name).annotate(**counts)
        for row in rows.order_by(self.name, self.key):
            cells = [(figure, row[figure.code]) for figure in OF_REPORTS]
            if any(count for _figure, count in cells):
                name = row[self.name] or _("未填写")
                yield {"key": row[self.key], "name": name, "cells": cells}


def _members() -> QuerySet[Any]:
    return OpinionAuthor.objects.filter(membership__isnull=False)


GROUPINGS = {
    grouping.code: grouping
    for grouping in (
        Grouping(
            "sector",
            gettext_lazy("按界别"),
            lambda: _members().filter(membership__sector__isnull=False),
            "report",
            "membership__sector",
            "membership__sector__name",
        ),
        Grouping(
            "party",
            gettext_lazy("按党派"),
            lambda: _members().exclude(membership__person__party=""),
            "report",
            "membership__person__party",
            "membership__person__party",
        ),
        Grouping(
            "committee",
            gettext_lazy("按专委会"),
            lambda: _members().filter(membership__committee__isnull=False),
            "report",
            "membership__committee",
            "membership__committee__name",
        ),
        Grouping(
            "body",
            gettext_lazy("按反映单位"),
            lambda: OpinionAuthor.objects.filter(body__isnull=False),
            "report",
            "body",
            "body__name",
        ),
        Grouping(
            "unit",
            gettext_lazy("按报送的单位"),
            lambda: OpinionDispatch.objects.standing().filter(
                unit__isnull=False, bulletin__reports__isnull=False
            ),
            "bulletin__reports",
            "unit",
            "unit__name",
        ),
    )
}


def rows_of(figure: Figure, year: int, grouping: Grouping | None = None, key: str = "") -> Any:
    """Exactly what the figure counts, or its part of one group."""
    rows = figure.rows(year)
    if grouping is not None:
        rows = rows.filter(pk__in=grouping.reports_of(key))
    return rows


def with_names(rows: QuerySet[Any]) -> QuerySet[Any]:
    """The rows with what their lines show, in as many queries whatever their number."""
    if rows.model is OpinionReport:
        reports: Any = rows
        return reports.select_related("bulletin").with_authors()
    if rows.model is Bulletin:
        return rows.select_related("text")
    if rows.model is Instruction:
        return rows.select_related("leader")
    rows = rows.select_related("bulletin__text")
    return rows.select_related("unit", "result") if rows.model is OpinionDispatch else rows
