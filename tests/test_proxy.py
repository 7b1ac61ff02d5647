"""The proxy's configuration in a real nginx: TLS, addresses, and files that the portal hands over."""

import os
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPResponse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote

import pytest

from tests import servers

ROOT = Path(__file__).resolve().parent.parent
NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")


class Portal(BaseHTTPRequestHandler):
    """Stands for the web process: hands a file over, or answers with what it was told."""

    def do_GET(self) -> None:
        body = str(self.headers).encode()
        self.send_response(200)
        if self.path.startswith("/files/"):
            body = b""
            self.send_header("X-Accel-Redirect", "/protected/a/" + quote("答复.txt"))
            self.send_header("Content-Disposition", "attachment")
            self.send_header("Cache-Control", "private")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *words: object) -> None:
        pass


@pytest.fixture(scope="module")
def proxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """An nginx with our template, TLS apart (the test has no certificate); gives its port."""
    if not NGINX:
        pytest.skip("nginx is not installed")
    home = tmp_path_factory.mktemp("proxy")
    (home / "media" / "a").mkdir(parents=True)
    (home / "media" / "a" / "答复.txt").write_text("已办理")
    subprocess.run(
        ["sh", ROOT / "deploy" / "admin-allow.sh"],
        env={"ADMIN_ALLOW": "10.1.0.0/16, 192.168.1.7", "ADMIN_ALLOW_FILE": f"{home}/allow.conf"},
        check=True,
    )
    portal = ThreadingHTTPServer(("127.0.0.1", 0), Portal)
    threading.Thread(target=portal.serve_forever, daemon=True).start()
    port, plain = servers.free_port(), servers.free_port()
    template = (ROOT / "deploy" / "nginx.conf.template").read_text()
    changes = {
        r"listen 80 default_server": f"listen 127.0.0.1:{plain}",
        r"listen 443 ssl": f"listen 127.0.0.1:{port}",
        r"    (http2|ssl_\w+) .*;\n": "",
        r"web:8000": f"127.0.0.1:{portal.server_port}",
        r"\$\{SERVER_NAME\}": "portal.example.org",
        r"/etc/nginx/admin-allow.conf": f"{home}/allow.conf",
        r"/srv/media/": f"{home}/media/",
    }
    for old, new in changes.items():
        template, count = re.subn(old, new, template)
        assert count, old
    folders = "".join(
        f"{name}_temp_path {home}/{name};\n"
        for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    head = f"daemon off; pid {home}/pid; error_log {home}/errors;"
    # Started by root, the workers would be another user, who may not read the test's folder.
    head += " user root;" if os.geteuid() == 0 else ""
    file = home / "nginx.conf"
    file.write_text(f"{head} events {{}} http {{ access_log off;\n{folders}{template}}}")
    process = subprocess.Popen([NGINX, "-e", f"{home}/errors", "-c", file])
    try:
        for _ in range(100):
            if servers.listens(port) or process.poll() is not None:
                break
            threading.Event().wait(0.05)
        assert process.poll() is None, (home / "errors").read_text()
        yield port
    finally:
        process.terminate()
        process.wait(timeout=10)
        portal.shutdown()
        portal.server_close()


def get(port: int, path: str, headers: dict[str, str] | None = None) -> HTTPResponse:
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", path, headers={"Host": "portal.example.org", **(headers or {})})
        answer = connection.getresponse()
        answer.text = answer.read().decode()  # type: ignore[attr-defined]
        return answer
    finally:
        connection.close()


def test_proxy_sends_a_file_that_the_portal_hands_over(proxy: int) -> None:
    answer = get(proxy, "/files/1/")

    assert answer.text == "已办理"  # type: ignore[attr-defined]
    assert answer.headers["Content-Disposition"] == "attachment"
    assert answer.headers["Cache-Control"] == "private"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")


def test_proxy_refuses_the_file_asked_for_directly(proxy: int) -> None:
    assert get(proxy, "/protected/a/" + quote("答复.txt")).status == 404


def test_proxy_keeps_other_addresses_from_the_admin(proxy: int) -> None:
    assert get(proxy, "/admin/").status == 403
    assert get(proxy, "/metrics").status == 403


def test_proxy_overwrites_what_a_visitor_says_of_its_address(proxy: int) -> None:
    answer = get(proxy, "/", {"X-Forwarded-For": "10.1.2.3", "X-Forwarded-Host": "evil.example"})

    heard = answer.text  # type: ignore[attr-defined]
    assert "X-Forwarded-For: 127.0.0.1" in heard
    assert "10.1.2.3" not in heard
    assert "evil.example" not in heard
