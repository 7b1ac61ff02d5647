"""The public pages: whoever asks is a visitor there, so no answer can hold anything personal."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from cppcc_portal.office import parameters

PUBLIC = "/public/"
SIZES = ("20", "24", "30")  # of large type, in pixels

GetResponse = Callable[[HttpRequest], HttpResponse]


class VisitorMiddleware:
    """Below /public/ no cookie is read and none is set: login, language and type size of a browser
    are unknown to these pages, so a proxy may keep one answer for everybody.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(PUBLIC):
            return self.get_response(request)
        request.META.pop("HTTP_COOKIE", None)
        response = self.get_response(request)
        response.cookies.clear()
        # What looked for a session found none: the answer depends on its address alone.
        response["Vary"] = "Accept-Encoding"
        if response.status_code in (200, 404) and request.method in ("GET", "HEAD"):
            seconds = parameters.get("public.cache_seconds")
            response["Cache-Control"] = f"public, max-age={seconds}" if seconds else "no-cache"
        else:
            response["Cache-Control"] = "no-store"
        return response
