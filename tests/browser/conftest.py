"""People at their browsers: the district on a live server, each on a device of their own."""

import re
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.conf import settings
from playwright.sync_api import BrowserContext, Page
from pytest_django.live_server_helper import LiveServer

from cppcc_portal.office import deadlines
from members.models import User
from tests import district as made
from tests import people
from tests.browsing import logged_in

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}
LogIn = Callable[..., Page]


@pytest.fixture
def district(live_server: LiveServer) -> SimpleNamespace:
    """A district with an office, three members, a lead and a joint unit, as the live server sees it."""
    deadlines.ensure_default_rules()
    return made.district()


@pytest.fixture
def log_in(
    new_context: Callable[..., BrowserContext], live_server: LiveServer, district: SimpleNamespace
) -> LogIn:
    """Log somebody in by the login page, on a phone unless told otherwise; gives the page they then see."""

    def enter(user: User, viewport: dict[str, int] | None = None, **options: object) -> Page:
        context = new_context(
            viewport=viewport or PHONE, base_url=live_server.url, has_touch=True, **options
        )
        page = context.new_page()
        page.goto("/")
        page.get_by_label(re.compile("账号|手机号|登录名")).first.fill(user.username)
        page.locator("input[type=password]").fill(people.PASSWORD)
        page.get_by_role("main").get_by_role("button", name="登录").click()
        page.get_by_role("heading", name=f"{user.name}，您好").wait_for()
        return page

    return enter


@pytest.fixture
def open_as(
    new_context: Callable[..., BrowserContext], live_server: LiveServer, district: SimpleNamespace
) -> LogIn:
    """A device on which somebody has already logged in, a phone unless told otherwise."""

    def enter(user: User, viewport: dict[str, int] | None = None) -> Page:
        context = new_context(
            viewport=viewport or PHONE, base_url=live_server.url, has_touch=viewport is None
        )
        name = settings.SESSION_COOKIE_NAME
        session = logged_in(user).cookies[name].value
        context.add_cookies([{"name": name, "value": session, "url": live_server.url}])
        return context.new_page()

    return enter
