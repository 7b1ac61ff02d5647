"""The goals, and the table in which every figure stands beside its goal."""

from collections.abc import Iterator
from typing import Any

# Ratios, unless a unit is named.
LIST_TO_STD20 = 3.0  # P1, at the largest size
GROWTH = 1.25  # P2
SMALL_LIST_TO_STD20, SMALL_PAGE_TO_STD20 = 2.5, 2.0  # P3, at the smallest size
ADMIN_GROWTH, ADMIN_FIND_GROWTH, ADMIN_FIND_MS = 1.2, 2.5, 80.0  # P4
POST_TO_STD20 = 6.0  # P6
THROUGHPUT_TO_STD20 = 0.6  # P13
WORKER_MB, DEMO_MB, DEMO_SECONDS = 120.0, 400.0, 6.0  # P14; shared memory counted by share
JUDGED_POSTS = ("submit", "file", "hand over", "reply")
NOT_YET = (
    "P5 dashboard",
    "P7 export of 10,000 rows",
    "P8 import of 10,000 rows",
    "P9 search box over full texts",
    "P10 similar texts",
    "P11 reminders of a province",
    "P12 scoring",
)


def table(found: dict[str, Any]) -> str:
    """All figures as plain text, with hit or miss."""
    return "\n".join(lines(found))


def lines(found: dict[str, Any]) -> Iterator[str]:
    sizes = found["sizes"]
    yield f"{found['at']}  {found['database']}  {found['machine']}"
    for size in sizes:
        prepared = found["prepared"][size]
        filled = prepared["filled_in"]
        how = f"filled in {filled} s" if filled else "used again"
        counts = ", ".join(f"{number:,} {name}" for name, number in prepared["counts"].items())
        yield f"  {size:,}: {counts} ({how})"
    if "pages" in found:
        yield from page_lines(found)
    if "posts" in found:
        yield from post_lines(found)
    if "load" in found:
        yield from load_lines(found["load"])
    yield from memory_lines(found)
    yield ""
    yield "Not in this version: " + ", ".join(NOT_YET) + "."


def heading(sizes: list[int], first: str) -> list[str]:
    cells = [f"{size:>8,} ms" for size in sizes]
    line = f"{first:<44}{''.join(cells)}  growth  × std20  queries  verdict"
    return ["", line, "-" * len(line)]


def row(name: str, figures: dict[str, Any], sizes: list[int], std20: float, verdict: str) -> str:
    ms, queries = figures["ms"], figures["queries"]
    shown = "".join(f"{ms[size]:>11.1f}" for size in sizes)
    counts = "/".join(str(queries[size]) for size in sizes)
    times = ms[sizes[-1]] / std20
    return f"{name:<44}{shown}  {growth_of(ms, sizes):>6.2f}  {times:>7.2f}  {counts:>7}  {verdict}"


def growth_of(ms: dict[int, float], sizes: list[int]) -> float:
    return ms[sizes[-1]] / ms[sizes[0]]


def page_lines(found: dict[str, Any]) -> Iterator[str]:
    sizes, compared = found["sizes"], found["compared"]
    std20 = compared["std20"]["ms"]
    yield from heading(sizes, "page (who)")
    for name, figures in compared.items():
        yield row(name, figures, sizes, std20[sizes[-1]], "")
    for page in found["pages"]:
        name = f"{page['name']} ({page['role']})"
        if page["failed"]:
            yield f"{name:<44}not measured: {page['failed']}"
            continue
        verdict = "; ".join(page_verdicts(page, sizes, std20))
        yield row(name, page, sizes, std20[sizes[-1]], verdict)


def page_verdicts(page: dict[str, Any], sizes: list[int], std20: dict[int, float]) -> Iterator[str]:
    ms, queries, goal = page["ms"], page["queries"], page["goal"]
    small, large = sizes[0], sizes[-1]
    growth = growth_of(ms, sizes)
    if goal in ("list", "mine"):
        yield judged("P1", ms[large] / std20[large] <= LIST_TO_STD20)
    if goal in ("list", "mine", "home", "detail"):
        yield judged("P2", growth <= GROWTH and queries[small] == queries[large])
    if goal == "list":
        yield judged("P3", ms[small] / std20[small] <= SMALL_LIST_TO_STD20)
    if goal in ("detail", "mine"):
        yield judged("P3", ms[small] / std20[small] <= SMALL_PAGE_TO_STD20)
    if goal == "admin":
        yield judged("P4", growth <= ADMIN_GROWTH)
    if goal == "admin_find":
        yield judged("P4", growth <= ADMIN_FIND_GROWTH and ms[large] <= ADMIN_FIND_MS)


def judged(goal: str, hit: bool) -> str:
    return f"{goal} {'hit' if hit else 'MISS'}"


def post_lines(found: dict[str, Any]) -> Iterator[str]:
    sizes, posts = found["sizes"], found["posts"]
    std20 = posts["std20"]["ms"]
    yield from heading(sizes, "posted form")
    for name, figures in posts.items():
        verdict = ""
        if name in JUDGED_POSTS:
            near = all(figures["ms"][size] / std20[size] <= POST_TO_STD20 for size in sizes)
            verdict = judged("P6", near and growth_of(figures["ms"], sizes) <= GROWTH)
        yield row(name, figures, sizes, std20[sizes[-1]], verdict)


def load_lines(load: dict[str, Any]) -> Iterator[str]:
    rates, readers = load["per_second"], load["readers"]
    yield ""
    yield "8 people at once, pages a second:"
    for name, rate in rates.items():
        share = rate / rates["std20"]
        verdict = "" if name == "std20" else judged("P13", share >= THROUGHPUT_TO_STD20)
        yield f"  {name:<30}{rate:>8.1f}  {share:>5.2f} × std20  {verdict}"
    verdict = judged("P13", readers["errors"] == 0)
    yield (
        f"{readers['people']} readers at once: {readers['per_second']} pages a second, "
        f"{readers['errors']} errors  {verdict}"
    )


def memory_lines(found: dict[str, Any]) -> Iterator[str]:
    yield ""
    for size, workers in found["workers"].items():
        sizes = ", ".join(f"{worker['rss']:.0f} MB ({worker['pss']:.0f})" for worker in workers)
        verdict = judged("P14", all(worker["pss"] <= WORKER_MB for worker in workers))
        yield f"web workers at {size:,}: resident (proportional) {sizes}  {verdict}"
    if "demo" in found:
        demo = found["demo"]
        yield (
            f"make demo: first start {demo['first_start_s']} s, second {demo['second_start_s']} s "
            f"to the first answer  {judged('P14', demo['second_start_s'] <= DEMO_SECONDS)}"
        )
        yield (
            f"whole demonstration: {demo['processes']} processes, {demo['pss']:.0f} MB proportional, "
            f"{demo['rss']:.0f} MB resident added up  {judged('P14', demo['pss'] <= DEMO_MB)}"
        )
