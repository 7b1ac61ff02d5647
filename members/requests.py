"""A request by somebody who is logged in: pages are closed to everybody else."""

from django.http import HttpRequest

from members.models import User


class MemberRequest(HttpRequest):
    """What views of closed pages are given; `LoginRequiredMiddleware` sees to it."""

    user: User
