"""Pages of the office machinery that belong to no app."""

import logging
from urllib.parse import quote
from uuid import UUID

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from cppcc_portal.office import audit
from cppcc_portal.office.files import Attachment

logger = logging.getLogger("portal.files")


@require_safe
def fetch(request: HttpRequest, uid: UUID) -> HttpResponseBase:
    """A file for whoever may read its subject now. Missing, removed and forbidden look the same."""
    attachment = Attachment.objects.filter(uid=uid).first()
    if attachment is None or not attachment.can_be_read_by(request.user):
        raise Http404
    if attachment.restricted:
        audit.record("file.fetch", attachment, by=request.user)
    response = _contents(attachment)
    inline = attachment.is_viewable and request.GET.get("view") == "1"
    response["Content-Disposition"] = str(content_disposition_header(not inline, attachment.name))
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, no-store"
    return response


def _contents(attachment: Attachment) -> HttpResponseBase:
    if settings.PROTECTED_FILES_PREFIX:
        prefix = settings.PROTECTED_FILES_PREFIX.strip("/")
        response = HttpResponse(content_type=attachment.content_type)
        response["X-Accel-Redirect"] = quote(f"/{prefix}/{attachment.path}")
        return response
    try:
        return FileResponse(attachment.open(), content_type=attachment.content_type)
    except FileNotFoundError as error:
        logger.error("The file of %s is missing on disk.", attachment.uid)
        raise Http404 from error
