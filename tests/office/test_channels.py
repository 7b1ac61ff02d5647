import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from cppcc_portal.office import channels
from cppcc_portal.office.channels import Message, NotSent
from members.models import Person
from tests import servers

PHONE = "+8619900001234"


class Robot(HTTPServer):
    """Stands for a robot of the office; answers as the test says."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Listener)
        self.status, self.answer, self.hangs_up = 200, b'{"errcode": 0}', False
        self.heard: list[tuple[str, Any]] = []

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.server_port}"


class Listener(BaseHTTPRequestHandler):
    server: Robot

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.heard.append((self.path, json.loads(body)))
        if self.server.hangs_up:
            self.connection.close()
            return
        self.send_response(self.server.status)
        self.send_header("Location", "/elsewhere")
        self.end_headers()
        self.wfile.write(self.server.answer)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture
def robot() -> Iterator[Robot]:
    with Robot() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def left() -> list[str]:
    """What was marked as leaving."""
    return []


def message(channel: channels.Channel) -> Message:
    return Message(
        id="uid.x@portal.example.org",
        channel=channel.code,
        to=PHONE,
        shown_to=channel.shown(PHONE),
        subject="提案 118 即将到期",
        body="区教体局须在 2024-06-18 前答复。",
        url="https://portal.example.org/proposals/12/",
        created_at=datetime(2024, 3, 18, 4, tzinfo=UTC),
        dedupe_key="1|proposals.proposal:12|due|0|1|2024-06-18",
    )


def hook(settings: Settings, *urls: str) -> channels.Channel:
    settings.NOTIFY_URLS = list(urls)
    return list(channels.configured().values())[-1]


def send(channel: channels.Channel, left: list[str]) -> None:
    channel.send(message(channel), lambda: left.append(channel.code))


def test_gateway_gets_everything(settings: Settings, robot: Robot, left: list[str]) -> None:
    send(hook(settings, f"json+http://{robot.host}/in"), left)

    ((path, said),) = robot.heard
    assert path == "/in"
    assert said["to"] == PHONE
    assert said["subject"] == "提案 118 即将到期"
    assert left == ["json"]


def test_wecom_robot_calls_the_person(settings: Settings, robot: Robot, left: list[str]) -> None:
    send(hook(settings, f"wecom+http://{robot.host}/send?key=k"), left)

    ((path, said),) = robot.heard
    assert path == "/send?key=k"
    assert said["msgtype"] == "text"
    assert said["text"]["mentioned_mobile_list"] == ["19900001234"]
    assert "提案 118" in said["text"]["content"]


def test_dingtalk_robot_is_signed_and_keeps_its_secret(
    settings: Settings, robot: Robot, left: list[str]
) -> None:
    send(hook(settings, f"dingtalk+http://{robot.host}/send?access_token=t&secret=SEC1"), left)

    ((path, said),) = robot.heard
    query = parse_qs(urlsplit(path).query)
    assert set(query) == {"access_token", "timestamp", "sign"}
    assert said["at"] == {"atMobiles": ["19900001234"], "isAtAll": False}


def test_text_message_gateway(settings: Settings, robot: Robot, left: list[str]) -> None:
    send(hook(settings, f"sms+http://{robot.host}/sms"), left)

    ((_path, said),) = robot.heard
    assert said["phone"] == "19900001234"
    assert said["text"].startswith("提案 118 即将到期")


def test_robot_that_is_not_there_got_nothing(settings: Settings, left: list[str]) -> None:
    with pytest.raises(NotSent):
        send(hook(settings, f"json+http://127.0.0.1:{servers.free_port()}/"), left)


@pytest.mark.parametrize(
    ("status", "answer"),
    [(400, b""), (429, b""), (503, b""), (302, b""), (200, b'{"errcode": 45009}')],
)
def test_refusal_may_be_tried_again(
    settings: Settings, robot: Robot, left: list[str], status: int, answer: bytes
) -> None:
    robot.status, robot.answer = status, answer

    with pytest.raises(NotSent):
        send(hook(settings, f"wecom+http://{robot.host}/"), left)

    assert len(robot.heard) == 1


@pytest.mark.parametrize("status", [500, 502])
def test_fault_behind_the_robot_is_uncertain(
    settings: Settings, robot: Robot, left: list[str], status: int
) -> None:
    robot.status = status

    with pytest.raises(Exception, match=str(status)) as caught:
        send(hook(settings, f"json+http://{robot.host}/"), left)

    assert not isinstance(caught.value, NotSent)
    assert left


def test_silence_after_the_message_is_uncertain(
    settings: Settings, robot: Robot, left: list[str]
) -> None:
    robot.hangs_up = True

    with pytest.raises(OSError, match=r"."):
        send(hook(settings, f"json+http://{robot.host}/"), left)

    assert left


def test_two_robots_of_one_kind_have_their_own_codes(settings: Settings) -> None:
    settings.NOTIFY_URLS = ["wecom+https://a.example.org/1", "wecom+https://a.example.org/2"]

    assert list(channels.configured()) == ["in_app", "wecom", "wecom-2"]


@pytest.mark.parametrize("url", ["https://example.org/KEY", "wecom+ftp://KEY", "nonsense"])
def test_wrong_address_is_refused_without_showing_its_key(settings: Settings, url: str) -> None:
    settings.NOTIFY_URLS = [url]

    with pytest.raises(ImproperlyConfigured) as refusal:
        channels.configured()

    assert "KEY" not in str(refusal.value)
    assert channels.check_notify_urls()[0].id == "office.E101"


def test_phone_is_masked_where_it_is_shown(settings: Settings) -> None:
    channel = hook(settings, "sms+https://sms.example.org/send")

    assert channel.can_reach(Person(phone=PHONE))
    assert not channel.can_reach(Person(phone=""))
    assert "0000" not in channel.shown(PHONE)
    assert channel.shown(PHONE).endswith("1234")
