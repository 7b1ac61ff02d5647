"""Papers handed out: as Word, which the office edits and seals, or with ?as=pdf as PDF."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header

from cppcc_portal.office import audit, pdf, word
from cppcc_portal.office.documents import Paper, file_name


def given(request: HttpRequest, paper: Paper, subject: Any, kind: str, *words: Any) -> HttpResponse:
    """The file to download, named by `words`; that it was printed, perhaps with numbers, is on record."""
    audit.record(f"paper.{kind}", subject, by=request.user)
    ending = "pdf" if request.GET.get("as") == "pdf" else "docx"
    writer = {"pdf": pdf, "docx": word}[ending]
    name = f"{file_name(*words)}.{ending}"
    headers = {"Content-Disposition": content_disposition_header(True, name)}
    return HttpResponse(writer.written(paper), content_type=writer.TYPE, headers=headers)
