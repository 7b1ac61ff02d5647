"""Web, worker and clock in one terminal, for a demonstration or a small office."""

import errno
import os
import socket
import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from cppcc_portal.management import supervise


def checked(bind: str) -> tuple[str, int]:
    """Host and port of BIND ("127.0.0.1:8000"); CommandError when it is something else."""
    host, _colon, port = bind.rpartition(":")
    if not host or not port.isdigit() or not 0 < int(port) < 65536:
        raise CommandError(
            f"BIND={bind} 不是“地址:端口”，例如 127.0.0.1:8000。\n"
            f"BIND={bind} is not HOST:PORT, for example 127.0.0.1:8000."
        )
    return supervise.address(bind)


def refuse_busy_port(bind: str) -> None:
    """Say plainly that the port is taken, before anything is started."""
    host, port = checked(bind)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise CommandError(
                    f"不能在 {bind} 上监听：{error.strerror}。\n"
                    f"Cannot listen on {bind}: {error.strerror}."
                ) from error
            other = f"{bind.rpartition(':')[0]}:{port + 1 if port < 65535 else 8001}"
            raise CommandError(
                f"端口 {port} 已被占用，可能门户已在运行。换一个端口：BIND={other} make demo\n"
                f"Port {port} is busy; perhaps the portal is running already. "
                f"Choose another: BIND={other} make demo"
            ) from error


class Command(BaseCommand):
    help = "Run web, worker and clock together; Ctrl-C or TERM ends all of them."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--bind", default="", help="HOST:PORT, instead of BIND")

    def handle(self, *args: Any, **options: Any) -> None:
        bind = options["bind"] or settings.BIND
        refuse_busy_port(bind)
        accounts = settings.VAR_DIR / "demo-accounts.txt"
        command = [sys.executable, supervise.__file__, "--bind", bind, "--accounts", str(accounts)]
        # This process has loaded the whole portal; the one that only waits need not.
        os.execv(sys.executable, command)  # noqa: S606
