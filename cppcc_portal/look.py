"""How the portal looks to this browser: large type remembered in a cookie; staying logged in; one's own page."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from cppcc_portal.office.visitors import SIZES

LARGE_TYPE = "large_type"  # the cookie; its value is the size in pixels
YEAR = 365 * 24 * 60 * 60


class ChosenLanguageMiddleware:
    """Chinese unless this browser chose otherwise: a phone set to English still belongs to this office."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", language)
            return response


def type_size(request: HttpRequest) -> str:
    """The large size chosen in this browser, or "" for the standard size."""
    size = request.COOKIES.get(LARGE_TYPE, "")
    return size if size in SIZES else ""


def safe_return(request: HttpRequest) -> str:
    """Where the person came from, if that is a page of this portal; else the home page."""
    for target in (request.POST.get("next", ""), request.META.get("HTTP_REFERER", "")):
        if target and url_has_allowed_host_and_scheme(
            target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
        ):
            return target
    return reverse("home")


@login_not_required
@require_POST
def large_type(request: HttpRequest) -> HttpResponse:
    """Switch between standard and large type, or choose one of the sizes, and go back to the same page."""
    size = request.POST.get("size")
    if size is None:
        size = "" if type_size(request) else SIZES[0]
    response = HttpResponseRedirect(safe_return(request))
    if size in SIZES:
        response.set_cookie(
            LARGE_TYPE,
            size,
            max_age=YEAR,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
    else:
        response.delete_cookie(LARGE_TYPE, samesite="Lax")
    return response


@require_POST
def stay(request: HttpRequest) -> JsonResponse:
    """One tap to stay logged in: the request itself begins the idle time anew."""
    return JsonResponse({"stay": True})


def mine(request: HttpRequest) -> HttpResponse:
    """One's own page: name and roles, password, second factor, devices, type size, language, logout."""
    user: Any = request.user
    looks_on = user.chaired_ids or user.has_perm("members.view_dutyrecord")
    return render(request, "account/mine.html", {"has_duty": bool(user.seat_ids or looks_on)})


urls = (
    [
        path("large_type/", large_type, name="large_type"),
        path("stay/", stay, name="stay"),
        path("mine/", mine, name="mine"),
    ],
    "look",
)
