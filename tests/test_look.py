"""Large type remembered in the browser, and templates that hold to the content policy."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

TEMPLATES = sorted((Path(settings.BASE_DIR) / "templates").rglob("*.html"))
INLINE = re.compile(
    r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)|javascript:|hx-on", re.IGNORECASE
)


@pytest.fixture
def client() -> Client:
    return Client()


def test_large_type_is_switched_on_and_remembered(client: Client) -> None:
    response = client.post(reverse("look:large_type"), {"next": "/proposals/"})

    assert response.status_code == 302
    assert response["Location"] == "/proposals/"
    assert response.cookies["large_type"].value == "20"


def test_large_type_is_switched_off_again(client: Client) -> None:
    client.cookies["large_type"] = "24"

    response = client.post(reverse("look:large_type"), {"next": "/"})

    assert response.cookies["large_type"].value == ""


@pytest.mark.parametrize("size", ["20", "24", "30"])
def test_large_type_takes_each_size(client: Client, size: str) -> None:
    response = client.post(reverse("look:large_type"), {"size": size})

    assert response.cookies["large_type"].value == size


@pytest.mark.parametrize(
    "target", ["https://elsewhere.example/", "//elsewhere.example", "javascript:1"]
)
def test_large_type_never_leads_away_from_the_portal(client: Client, target: str) -> None:
    response = client.post(reverse("look:large_type"), {"next": target})

    assert response["Location"] == "/"


def test_large_type_is_not_switched_by_a_link(client: Client) -> None:
    assert client.get(reverse("look:large_type")).status_code == 405


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_template_has_no_inline_script_or_style(path: Path) -> None:
    assert not INLINE.search(path.read_text()), path
