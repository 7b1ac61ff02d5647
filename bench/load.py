"""Many people at once on one page."""

import threading
import time

from bench.client import Client, Failed


def press(
    port: int, path: str, cookies: dict[str, str], *, people: int, seconds: float
) -> tuple[float, int]:
    """How many pages a second were served to `people` who each ask again at once, and errors."""
    served = [0] * people
    errors = [0] * people
    begin = threading.Event()

    def read(one: int) -> None:
        client = Client(port)
        client.cookies = dict(cookies)
        begin.wait()
        while time.monotonic() < until:
            try:
                client.get(path)
            except (Failed, OSError):
                errors[one] += 1
            else:
                served[one] += 1
        client.close()

    threads = [threading.Thread(target=read, args=(one,), daemon=True) for one in range(people)]
    until = time.monotonic() + seconds
    for thread in threads:
        thread.start()
    begun = time.monotonic()
    until = begun + seconds
    begin.set()
    for thread in threads:
        thread.join(timeout=seconds + 90)
    return sum(served) / (time.monotonic() - begun), sum(errors)
