"""The year of public-opinion reports: figures that open their rows, and the same as an Excel file."""

from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from import_export.formats.base_formats import XLSX
from tablib import Databook, Dataset

from cppcc_portal.office import audit
from cppcc_portal.office.paging import newest
from cppcc_portal.office.spreadsheets import safe_cell
from members.requests import MemberRequest
from proposals.models import OpinionReport
from proposals.opinion_figures import (
    FIGURES,
    GROUPINGS,
    OF_OTHERS,
    OF_REPORTS,
    registered,
    rows_of,
    with_names,
)


def _years(request: HttpRequest) -> tuple[int, list[int]]:
    """The year asked for, and those there are, the latest first; only for who sees all reports."""
    user: Any = request.user
    if not user.has_perm("proposals.view_opinionreport"):
        raise PermissionDenied
    known = OpinionReport.objects.order_by().values_list("year", flat=True).distinct()
    years = {timezone.localdate().year, *(one for one in known if one is not None)}
    asked = request.GET.get("year", "")
    if asked and asked not in map(str, years):
        raise Http404
    return int(asked or timezone.localdate().year), sorted(years, reverse=True)


def _rows_url(code: str, year: int, **more: Any) -> str:
    return f"{reverse('opinions:figure_rows', args=[code])}?{urlencode({'year': year, **more})}"


def figures(request: MemberRequest) -> HttpResponse:
    """What was handed in, registered, used, adopted and instructed in a year, by whom and where it went."""
    year, years = _years(request)
    tiles = [
        {
            "label": figure.label,
            "figure": figure.rows(year).count(),
            "url": _rows_url(figure.code, year),
        }
        for figure in FIGURES.values()
    ]
    tables = [
        {
            "code": grouping.code,
            "label": grouping.label,
            "lines": [
                {
                    "name": line["name"],
                    "cells": [
                        {
                            "count": count,
                            "url": _rows_url(figure.code, year, by=grouping.code, of=line["key"]),
                        }
                        for figure, count in line["cells"]
                    ],
                }
                for line in grouping.lines(year)
            ],
        }
        for grouping in GROUPINGS.values()
    ]
    context = {
        "year": year,
        "years": [
            {"label": str(one), "url": f"?year={one}", "current": one == year} for one in years
        ],
        "tiles": tiles,
        "headings": [figure.label for figure in OF_REPORTS],
        "tables": tables,
        "formulas": list(FIGURES.values()),
        "as_of": timezone.localtime(),
    }
    return render(request, "opinions/figures.html", context)


def figure_rows(request: MemberRequest, code: str) -> HttpResponse:
    """Exactly the rows that a figure counts, or its part of one group."""
    year, _all = _years(request)
    figure = FIGURES.get(code)
    by, of = request.GET.get("by", ""), request.GET.get("of", "")[:60]
    grouping = GROUPINGS.get(by)
    if figure is None or (by and (grouping is None or figure not in OF_REPORTS)):
        raise Http404
    group = ""
    if grouping is not None:
        if grouping.code != "party" and not (of.isascii() and of.isdigit() and len(of) < 19):
            raise Http404
        named = grouping.rows().filter(**{grouping.key: of}).values_list(grouping.name, flat=True)
        group = named.first() or ""
        if not group:
            raise Http404
    found = rows_of(figure, year, grouping, of)
    page = newest(with_names(found), request)
    context = {
        "year": year,
        "figure": figure,
        "group": group,
        "page": page,
        "lines": [figure.line(row) for row in page],
        "count": found.count(),
        "back_url": f"{reverse('opinions:figures')}?year={year}",
    }
    return render(request, "opinions/figure_rows.html", context)


def export(request: MemberRequest) -> HttpResponse:
    """The same figures as a workbook, with the register of the year; no cell is ever a formula."""
    year, _all = _years(request)
    sheets = [_sheet(_("总数"), [_("项目"), _("数量"), _("口径")])]
    for figure in (*OF_REPORTS, *OF_OTHERS):
        sheets[0].append([str(figure.label), figure.rows(year).count(), str(figure.formula)])
    for grouping in GROUPINGS.values():
        headings = [str(grouping.label), *(str(figure.label) for figure in OF_REPORTS)]
        sheet = _sheet(str(grouping.label), headings)
        for line in grouping.lines(year):
            counts = [count for _figure, count in line["cells"]]
            sheet.append([safe_cell(line["name"]), *counts])
        sheets.append(sheet)
    register = _sheet(
        _("登记册"), [_("登记号"), _("标题"), _("作者"), _("提交时间"), _("状态"), _("刊物")]
    )
    reports = with_names(registered(year)).order_by("serial")
    for report in reports:
        row = [report.label, report, report.author_names, report.submitted_at]
        row += [report.get_status_display(), report.bulletin]
        register.append([safe_cell(value) for value in row])
    sheets.append(register)
    audit.record(
        "opinionreport.export",
        by=request.user,
        fields={"year": (None, year), "rows": (None, len(register))},
    )
    name = _("社情民意%s年统计.xlsx") % year
    headers = {"Content-Disposition": content_disposition_header(True, name)}
    written = Databook(sheets).export("xlsx")
    return HttpResponse(written, content_type=XLSX().get_content_type(), headers=headers)


def _sheet(title: str, headings: list[str]) -> Dataset:
    return Dataset(title=title, headers=headings)
