"""Third-party files for the browser: each is listed with version, licence and checksum, and nothing else is there."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders

VENDOR = Path(settings.BASE_DIR) / "static" / "vendor"
FILES: list[dict[str, Any]] = json.loads((VENDOR / "vendor.json").read_text())["files"]
LICENCES = {"0BSD", "MIT", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0", "OFL-1.1"}


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file["name"]))
def test_vendored_file_is_what_the_list_says(file: dict[str, Any]) -> None:
    found = finders.find(file["path"])

    assert found, f"{file['path']} is missing"
    content = Path(str(found)).read_bytes()
    assert hashlib.sha256(content).hexdigest() == file["sha256"]
    assert file["version"].encode() in content
    assert file["licence"] in LICENCES


def test_vendor_folder_holds_only_listed_files() -> None:
    listed = {file["path"] for file in FILES}

    present = {
        path.relative_to(VENDOR.parent).as_posix()
        for path in VENDOR.rglob("*")
        if path.is_file() and path.name != "vendor.json"
    }

    assert present <= listed


def test_scripts_of_a_member_page_weigh_less_than_100_kilobytes() -> None:
    own = sum(path.stat().st_size for path in (VENDOR.parent / "js").glob("*.js"))
    vendored = sum(Path(str(finders.find(file["path"]))).stat().st_size for file in FILES)

    assert own + vendored < 100_000


def test_styles_and_scripts_ask_nothing_of_other_hosts() -> None:
    for folder in ("css", "js"):
        for path in (VENDOR.parent / folder).iterdir():
            text = path.read_text()
            assert "://" not in text, path.name
            assert "@import" not in text, path.name
