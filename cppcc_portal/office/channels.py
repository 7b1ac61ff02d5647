"""The ways a notice can take to a person: in the portal, by mail, by a robot, by text message.

A new way is a class with `code`, `family`, `label`, `can_reach`, `address`, `send`.
"""

import base64
import hashlib
import hmac
import json
import os
import smtplib
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from http.client import HTTPMessage
from pathlib import Path
from typing import IO, Any
from urllib.error import HTTPError, URLError
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from django.conf import settings
from django.core import checks
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import EmailMessage, get_connection
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cppcc_portal.office.personal import mask_phone

TIMEOUT = 15  # seconds for a mail server or a robot to answer
IN_APP, BY_HAND = "in_app", "by_hand"
FAMILIES = (
    (IN_APP, _("站内")),
    ("email", _("电子邮件")),
    ("webhook", _("应用消息")),
    ("sms", _("短信")),
)


@dataclass(frozen=True)
class Message:
    """One notice on its way by one channel; `id` and `created_at` never change between attempts."""

    id: str
    channel: str
    to: str
    shown_to: str
    subject: str
    body: str
    url: str
    created_at: datetime
    dedupe_key: str

    @property
    def text(self) -> str:
        """Body and link, for channels that carry no link of their own."""
        return "\n\n".join(part for part in (self.body, self.url) if part)

    def mirror(self) -> None:
        """With NOTIFY_DIR set: leave the message there as a file, complete or not at all.

        The name is fixed by the delivery, so that a repetition finds it already there.
        """
        if not settings.NOTIFY_DIR:
            return
        folder = Path(settings.NOTIFY_DIR)
        file = folder / f"{self.id.partition('@')[0]}.json"
        if file.exists():
            return
        folder.mkdir(parents=True, exist_ok=True)
        # The draft has a fixed name too: what a killed worker left is overwritten by the next.
        draft = folder / f".{file.stem}.draft"
        with draft.open("w", encoding="utf-8") as out:
            json.dump(self.as_json(), out, ensure_ascii=False, indent=1)
            out.flush()
            os.fsync(out.fileno())
        draft.replace(file)

    def as_json(self) -> dict[str, str]:
        return {
            "id": self.id.partition("@")[0],
            "channel": self.channel,
            "to": self.shown_to,
            "subject": self.subject,
            "body": self.body,
            "created_at": timezone.localtime(self.created_at).isoformat(),
            "dedupe_key": self.dedupe_key,
        }


class NotSent(Exception):
    """The message certainly did not leave; trying again cannot double it."""


class Channel:
    """One way to a person."""

    code: str
    family: str
    label: Any
    heeds_quiet_hours = True

    def address(self, person: Any) -> str:
        """Where the message goes; empty when this person cannot be reached this way."""
        raise NotImplementedError

    def can_reach(self, person: Any) -> bool:
        return bool(self.address(person))

    def shown(self, address: str) -> str:
        """The address as files and lists may show it."""
        return address

    def send(self, message: Message, leaving: Callable[[], None]) -> None:
        """Send it; call `leaving()` at the last moment at which nothing has left yet.

        NotSent: it certainly did not leave. Anything else raised after `leaving()` counts as
        uncertain and is never repeated by itself.
        """
        raise NotImplementedError


class InApp(Channel):
    """In the portal itself: the row of the notice is the message, so nothing need be sent."""

    code = family = IN_APP
    label = _("站内")
    heeds_quiet_hours = False

    def address(self, person: Any) -> str:
        return person.user.get_username() if person.user and person.user.is_active else ""

    def send(self, message: Message, leaving: Callable[[], None]) -> None:
        """Nothing leaves, so nothing can be doubled: an attempt cut short is simply repeated."""


class Email(Channel):
    """By the office's mail server."""

    code = family = "email"
    label = _("电子邮件")

    def address(self, person: Any) -> str:
        return str(person.email)

    def send(self, message: Message, leaving: Callable[[], None]) -> None:
        connection = get_connection(timeout=TIMEOUT)
        mail = EmailMessage(
            " ".join(message.subject.split()),
            message.text,
            to=[message.to],
            headers={"Message-ID": f"<{message.id}>", "Auto-Submitted": "auto-generated"},
            connection=connection,
        )
        try:
            connection.open()
        except (OSError, smtplib.SMTPException) as error:
            raise NotSent(type(error).__name__) from error
        try:
            leaving()
            try:
                sent = connection.send_messages([mail])
            except (
                smtplib.SMTPRecipientsRefused,
                smtplib.SMTPSenderRefused,
                smtplib.SMTPDataError,
                smtplib.SMTPHeloError,
                smtplib.SMTPNotSupportedError,
            ) as refusal:
                raise NotSent(type(refusal).__name__) from refusal
            if not sent:
                raise NotSent(_("邮件服务器未接收"))
        finally:
            connection.close()


class NoRedirects(HTTPRedirectHandler):
    """A message goes where the office said, or nowhere."""

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> None:
        return None


class Hook(Channel):
    """A JSON POST to an address of the office: the base of robots and gateways."""

    scheme: str

    def __init__(self, url: str, code: str) -> None:
        self.url, self.code = url, code

    def address(self, person: Any) -> str:
        return str(person.phone)

    def shown(self, address: str) -> str:
        return mask_phone(address)

    def payload(self, message: Message) -> dict[str, Any]:
        """What is posted."""
        raise NotImplementedError

    def target(self) -> str:
        """Where it is posted."""
        return self.url

    def send(self, message: Message, leaving: Callable[[], None]) -> None:
        request = Request(  # noqa: S310  the scheme was checked in `configured`
            self.target(),
            data=json.dumps(self.payload(message), ensure_ascii=False).encode(),
            headers={
                "Content-Type": "application/json; charset=utf-8",
                "Idempotency-Key": message.id,
            },
            method="POST",
        )
        leaving()
        try:
            with build_opener(NoRedirects()).open(request, timeout=TIMEOUT) as answer:
                said = answer.read(10_000)
        except HTTPError as error:
            with error:
                # The hook answered that it does not want it; behind other 5xx it may have passed it on.
                if error.code < 500 or error.code == 503:
                    raise NotSent(f"HTTP {error.code}") from error
                raise
        except URLError as error:
            # Raised only while connecting: no whole request has left.
            raise NotSent(type(error.reason).__name__) from error
        self.read(said)

    def read(self, answer: bytes) -> None:
        """Look into the answer for a refusal; robots refuse with 200 and an error code."""
        try:
            said = json.loads(answer)
        except ValueError:
            return
        if isinstance(said, dict) and said.get("errcode"):
            raise NotSent(f"errcode {said['errcode']}")


class JsonHook(Hook):
    """Any gateway of the office that takes JSON."""

    family, scheme = "webhook", "json"
    label = _("消息网关")

    def payload(self, message: Message) -> dict[str, Any]:
        return {
            "id": message.id,
            "to": message.to,
            "subject": message.subject,
            "body": message.body,
            "url": message.url,
            "created_at": message.created_at.isoformat(),
        }


class WeCom(Hook):
    """A group robot of WeCom, which calls the person by phone number."""

    family, scheme = "webhook", "wecom"
    label = _("企业微信")

    def payload(self, message: Message) -> dict[str, Any]:
        return {
            "msgtype": "text",
            "text": {
                "content": f"{message.subject}\n{message.text}",
                "mentioned_mobile_list": [local_number(message.to)],
            },
        }


class DingTalk(Hook):
    """A group robot of DingTalk; `secret=` in its address signs each message."""

    family, scheme = "webhook", "dingtalk"
    label = _("钉钉")

    def target(self) -> str:
        parts = urlsplit(self.url)
        query = dict(parse_qsl(parts.query))
        secret = query.pop("secret", "")
        if secret:
            stamp = str(round(time.time() * 1000))
            digest = hmac.digest(secret.encode(), f"{stamp}\n{secret}".encode(), hashlib.sha256)
            query |= {"timestamp": stamp, "sign": base64.b64encode(digest).decode()}
        return urlunsplit(parts._replace(query=urlencode(query)))

    def payload(self, message: Message) -> dict[str, Any]:
        number = local_number(message.to)
        return {
            "msgtype": "text",
            "text": {"content": f"{message.subject}\n{message.text}\n@{number}"},
            "at": {"atMobiles": [number], "isAtAll": False},
        }


class Sms(Hook):
    """The office's text-message gateway, behind a small hook."""

    family, scheme = "sms", "sms"
    label = _("短信")

    def payload(self, message: Message) -> dict[str, Any]:
        text = f"{message.subject}。{message.body}"[:200]
        return {"id": message.id, "phone": local_number(message.to), "text": text}


def local_number(phone: str) -> str:
    """A mainland number as gateways want it, without +86."""
    return phone.removeprefix("+86")


HOOKS: dict[str, type[Hook]] = {hook.scheme: hook for hook in (JsonHook, WeCom, DingTalk, Sms)}


def configured() -> dict[str, Channel]:
    """The channels of this installation by code; in the portal first."""
    return _configured(bool(settings.EMAIL_URL), tuple(settings.NOTIFY_URLS))


@lru_cache(maxsize=8)
def _configured(email: bool, urls: tuple[str, ...]) -> dict[str, Channel]:
    channels: list[Channel] = [InApp()]
    if email:
        channels.append(Email())
    taken: dict[str, int] = {}
    for number, url in enumerate(urls, start=1):
        ours, _plus, web = url.partition("+")
        if ours not in HOOKS or urlsplit(web).scheme not in ("http", "https"):
            # The address itself is a secret: robots are opened by a key inside it.
            raise ImproperlyConfigured(
                f"NOTIFY_URLS, entry {number}: write it as one of "
                + ", ".join(f"{scheme}+https://…" for scheme in HOOKS)
            )
        taken[ours] = taken.get(ours, 0) + 1
        channels.append(HOOKS[ours](web, ours if taken[ours] == 1 else f"{ours}-{taken[ours]}"))
    return {channel.code: channel for channel in channels}


@checks.register
def check_notify_urls(**kwargs: Any) -> list[checks.CheckMessage]:
    """A wrong entry stops the start, not the first notice."""
    try:
        configured()
    except ImproperlyConfigured as error:
        return [checks.Error(str(error), id="office.E101")]
    return []
