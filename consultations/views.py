"""Pages of topics, research and sessions: guard, form, action, redirect."""

from django.http import HttpResponse

from members.requests import MemberRequest


def index(request: MemberRequest) -> HttpResponse:
    return HttpResponse()


def plan(request: MemberRequest, year: int) -> HttpResponse:
    return HttpResponse()


def topic(request: MemberRequest, pk: int) -> HttpResponse:
    return HttpResponse()


def research(request: MemberRequest, pk: int) -> HttpResponse:
    return HttpResponse()


def session(request: MemberRequest, pk: int) -> HttpResponse:
    return HttpResponse()
