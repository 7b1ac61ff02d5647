"""What every page knows: name of the portal, size of type, where one is, what is unread, whom to ask."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from cppcc_portal import look
from cppcc_portal.office import parameters
from cppcc_portal.office.notices import Notice
from members.accounts import idle_minutes
from members.roles import Role

DESK_ROLES = frozenset({Role.UNIT_CLERK, Role.UNIT_LEADER})
DESK_READERS = DESK_ROLES | {Role.SUPERVISION}  # who only looks on finds all units there

# By role, which every page knows already; the pages themselves ask for the rights.
PLAN_ROLES = frozenset(
    {
        Role.MEMBER,
        Role.COMMITTEE_CHAIR,
        Role.COMMITTEE_STAFF,
        Role.OFFICE,
        Role.SECRETARY_GENERAL,
        Role.LEADER,
    }
)
OPINION_ROLES = PLAN_ROLES | {Role.TOWN, Role.INFORMANT, Role.SUPERVISION}
DASHBOARD_ROLES = frozenset({Role.COMMITTEE_CHAIR, Role.LEADER})


@dataclass(frozen=True)
class NavItem:
    """One entry of the main navigation; on a phone one tab."""

    key: str
    label: Any
    url: str
    current: bool
    unread: bool = False  # carries the badge of unread notices


class Portal:
    """The `portal` of every template; each fact is looked up only when a page shows it."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        # An error before the session middleware leaves a request without user.
        self.user: Any = getattr(request, "user", None)

    @cached_property
    def name(self) -> str:
        return parameters.get("portal.name")

    @cached_property
    def help_text(self) -> str:
        return parameters.get("portal.help_text")

    @cached_property
    def help_phone(self) -> str:
        return parameters.get("portal.help_phone")

    @cached_property
    def type_size(self) -> str:
        """ "20", "24" or "30" (pixels) in large type, else ""."""
        return look.type_size(self.request)

    @cached_property
    def type_sizes(self) -> list[tuple[str, Any]]:
        names = (_("标准"), _("大"), _("特大"), _("最大"))
        return list(zip(("", *look.SIZES), names, strict=True))

    @cached_property
    def languages(self) -> list[tuple[str, str]]:
        """Code and own name of the languages other than the present one."""
        present = getattr(self.request, "LANGUAGE_CODE", settings.LANGUAGE_CODE)
        return [(code, str(name)) for code, name in settings.LANGUAGES if code != present]

    @cached_property
    def in_wechat(self) -> bool:
        return "MicroMessenger" in self.request.headers.get("User-Agent", "")

    @cached_property
    def logged_in(self) -> bool:
        return bool(self.user and self.user.is_authenticated)

    @cached_property
    def idle_seconds(self) -> int:
        """After how long without a request the session ends; 0 for visitors."""
        if not self.logged_in:
            return 0
        return 60 * idle_minutes(self.user)

    @cached_property
    def unread(self) -> int:
        return Notice.objects.unread_by(self.user).count() if self.logged_in else 0

    @cached_property
    def nav(self) -> list[NavItem]:
        return list(self._entries()) if self.logged_in else []

    @cached_property
    def section(self) -> NavItem | None:
        """The entry under which the present page lies, if it is not that entry's own page."""
        return next(
            (
                item
                for item in self.nav
                if item.current and item.url not in ("/", self.request.path)
            ),
            None,
        )

    def _entries(self) -> Iterator[NavItem]:
        path = self.request.path
        roles = self.user.roles
        home = reverse("home")
        yield NavItem("home", _("首页"), home, path == home)
        if roles - DESK_ROLES or self.user.is_staff or not roles & DESK_ROLES:
            yield self._entry("proposals", _("提案"), "proposals:index")
        if roles & OPINION_ROLES:
            yield self._entry("opinions", _("社情民意"), "opinions:index")
        if roles & DESK_READERS:
            yield self._entry("desk", _("办理"), "desk:index")
        if roles & PLAN_ROLES:
            yield self._entry("consultations", _("协商"), "consultations:index", "/feedback/")
        if roles & DASHBOARD_ROLES:
            yield self._entry("dashboard", _("看板"), "dashboard:index")
        yield self._entry("notices", _("消息"), "notices:index", unread=True)
        if self.user.is_staff:
            yield self._entry("admin", _("工作台"), "admin:index")
        mine = reverse("look:mine")
        own = path == mine or path.startswith(("/account/", "/duty/"))
        yield NavItem("mine", _("我的"), mine, own)

    def _entry(
        self, key: str, label: Any, name: str, *beside: str, unread: bool = False
    ) -> NavItem:
        """An entry for the pages below its address, and below those `beside` it."""
        url = reverse(name)
        return NavItem(key, label, url, self.request.path.startswith((url, *beside)), unread)


def portal(request: HttpRequest) -> dict[str, Portal]:
    """The context processor."""
    return {"portal": Portal(request)}
