"""Say by the exit code whether one process of the portal is well: `python deploy/health.py web|beat`.

Runs inside the container, with nothing but Python's own library, every half minute.
"""

import os
import sys
import time
import urllib.request
from pathlib import Path

BEAT_WRITES_WITHIN = 10 * 60  # seconds; Celery's scheduler saves its state every three minutes


def web() -> bool:
    """The web process answers /healthz under the name that it allows."""
    port = os.environ.get("BIND", "127.0.0.1:8000").rpartition(":")[2]
    host = os.environ.get("ALLOWED_HOSTS", "localhost").split(",")[0].strip().lstrip("*.")
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/healthz",
        headers={"Host": host or "localhost", "X-Forwarded-Proto": "https"},
    )
    with urllib.request.urlopen(request, timeout=8) as answer:  # noqa: S310
        return answer.status == 200


def beat() -> bool:
    """The scheduler has saved its state lately."""
    files = Path(os.environ.get("VAR_DIR", "var")).glob("beat-schedule*")
    newest = max((file.stat().st_mtime for file in files), default=0)
    return time.time() - newest < BEAT_WRITES_WITHIN


if __name__ == "__main__":
    parts = {"web": web, "beat": beat}
    if len(sys.argv) != 2 or sys.argv[1] not in parts:
        sys.exit(__doc__)
    try:
        well = parts[sys.argv[1]]()
    except OSError as fault:
        sys.exit(f"{sys.argv[1]}: {fault}")
    sys.exit(0 if well else f"{sys.argv[1]} is not well")
