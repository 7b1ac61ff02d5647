"""Opening pages in tests: logged in as somebody, read as text, queries counted."""

from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from members.models import User


def logged_in(user: User) -> Client:
    """A browser in which this person, as the account now is, has logged in."""
    client = Client()
    client.force_login(User.objects.get(pk=user.pk), backend="members.backends.LoginBackend")
    return client


def text(answer: Any) -> str:
    return str(answer.content.decode())


def queries(client: Client, url: str) -> int:
    """How many a page asks; the lower of two counts, as what a process keeps is fetched anew now and then."""
    client.get(url)
    counts = []
    for _try in range(2):
        with CaptureQueriesContext(connection) as seen:
            assert client.get(url).status_code == 200
        counts.append(len(seen))
    return min(counts)
