"""Tables that leave the portal: no cell of them is ever read as a formula (quality SA12)."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

import tablib
from django.http import HttpResponse
from django.utils import timezone
from import_export import resources
from import_export.formats.base_formats import CSV, XLSX

# What Excel, WPS and LibreOffice take as the beginning of a formula, full-width forms among them.
FORMULA_MARKS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def safe_cell(value: Any) -> Any:
    """The value as a cell may hold it: nothing as "", moments in local time, formulae as plain text."""
    if value is None:
        return ""
    if isinstance(value, bool | int | float):
        return value
    if hasattr(value, "tzinfo"):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
    text = str(value)
    return f"'{text}" if text.lstrip(" \u3000").startswith(FORMULA_MARKS) else text


def csv_response(name: str, headings: Sequence[Any], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """A CSV file that Excel opens with the right characters (UTF-8 with BOM)."""
    written = io.StringIO()
    table = csv.writer(written)
    table.writerow([str(heading) for heading in headings])
    for row in rows:
        table.writerow([safe_cell(value) for value in row])
    response = HttpResponse(
        written.getvalue().encode("utf-8-sig"), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def table_response(
    name: str, form: str, headings: Sequence[Any], rows: Iterable[Sequence[Any]]
) -> HttpResponse:
    """The same table as Excel (`xlsx`) or as CSV; `name` goes without its ending."""
    if form != "xlsx":
        return csv_response(f"{name}.csv", headings, rows)
    table = tablib.Dataset(headers=[str(heading) for heading in headings])
    for row in rows:
        table.append([safe_cell(value) for value in row])
    response = HttpResponse(XLSX().export_data(table), content_type=XLSX.CONTENT_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return response


class SafeCSV(CSV):
    CONTENT_TYPE = "text/csv; charset=utf-8"


FORMATS = (XLSX, SafeCSV)


class PlainDiff(resources.Diff):
    """The preview's differences without inline styles, which the page's policy forbids."""

    def as_html(self) -> list[Any]:
        return [
            type(cell)(
                cell.replace(' style="background:#e6ffe6;"', "").replace(
                    ' style="background:#ffe6e6;"', ""
                )
            )
            for cell in super().as_html()
        ]


class SafeResource(resources.ModelResource):
    """A table in or out: formula-safe on the way out, found by the office's own keys on the way in."""

    def export_resource(self, instance: Any, *args: Any, **kwargs: Any) -> list[Any]:
        return [safe_cell(value) for value in super().export_resource(instance, *args, **kwargs)]

    def get_diff_class(self) -> type[PlainDiff]:
        return PlainDiff

    def before_save_instance(self, instance: Any, row: Any, **kwargs: Any) -> None:
        """The history of the register names who brought the file in."""
        instance._history_user = kwargs.get("user")
