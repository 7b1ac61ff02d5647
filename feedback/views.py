"""Pages of adoption and the look-back: guard, form, action, redirect."""

from django.http import HttpResponse

from members.requests import MemberRequest


def index(request: MemberRequest) -> HttpResponse:
    return HttpResponse()


def adoption(request: MemberRequest, pk: int) -> HttpResponse:
    return HttpResponse()


def lookbacks(request: MemberRequest, year: int) -> HttpResponse:
    return HttpResponse()


def lookback(request: MemberRequest, pk: int) -> HttpResponse:
    return HttpResponse()
