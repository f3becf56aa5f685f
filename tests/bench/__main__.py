"""`make bench`: every figure beside its floor from the same interleaved run, as JSON on standard output.

Ratios and processor time per request are what counts; absolute rates move with whatever else the machine does.
Bounded: about ten minutes, six of them building a million clocks, loopback only.
"""

import itertools
import json
import statistics
import sys
import time
from typing import Any

from rich.console import Console

from apps.accounts.secrets import digest_of
from tests.bench import answers, bulk, chasing, databases, deliveries
from tests.bench.load import Load, http, once, run
from tests.bench.servers import Server, serving

ROUNDS, SECONDS, CLIENTS, ROWS = 5, 3.0, (1, 4, 8), 10_000
SMALL, LARGE = 10_000, 200_000
say = Console(stderr=True).print
numbers = itertools.count()

FILING = {
    "instrument": "referral", "area": "terrorism", "category": "STATEMENT_CATEGORY_RISK_FOR_PUBLIC_SECURITY",
    "keywords": ["KEYWORD_TERRORIST_CONTENT"], "legal_basis": "Regulation (EU) 2016/794, Article 4(1)(m)",
    "reasons": "Instructions for an attack on a public event.", "language": "en", "urgency": "day", "submit": True,
}  # fmt: skip


def ours(keys: dict[str, Any], rows: int = 1) -> bytes:
    n = next(numbers)
    items = [{"url": f"https://{keys['host']}/{n}/{row}", "external_id": f"{n}-{row}"} for row in range(rows)]
    headers = {
        "Authorization": f"Bearer {keys['writer']}",
        "Content-Type": "application/json",
        "Idempotency-Key": f"b-{n}",
    }
    return http("POST", "/api/v1/cases/", headers, json.dumps({**FILING, "items": items}).encode())


def bare(keys: dict[str, Any]) -> bytes:
    n = next(numbers)
    given = {k: v for k, v in FILING.items() if isinstance(v, str) and k != "instrument"}
    body = {**given, "url": f"https://{keys['host']}/{n}", "host": keys["host"], "tlp": "amber", "external_id": str(n)}
    headers = {"Authorization": f"Bearer {keys['writer']}", "Content-Type": "application/json"}
    return http("POST", "/file/", headers, json.dumps(body).encode())


def measured(server: Server, request: Any, *, clients: int, expect: int, seconds: float = SECONDS) -> dict[str, float]:
    before = server.cpu_seconds()
    load: Load = run(server.port, request, clients=clients, seconds=seconds, expect=expect)
    assert load.unexpected == 0, f"{load.unexpected} of {len(load.latencies)} answers were not {expect}"
    spent = server.cpu_seconds() - before
    return {
        "rps": load.rate,
        "p50_ms": 1000 * load.quantile(0.5),
        "p95_ms": 1000 * load.quantile(0.95),
        "cpu_ms": 1000 * spent / len(load.latencies),
    }


def compared(rounds: list[tuple[dict[str, float], dict[str, float]]]) -> dict[str, Any]:
    """Medians of both sides, and the median of the ratios within each round."""
    sides = [{k: round(statistics.median(r[side][k] for r in rounds), 2) for k in rounds[0][side]} for side in (0, 1)]
    ratio = {k: round(statistics.median(r[0][k] / r[1][k] for r in rounds), 3) for k in rounds[0][0]}
    return {"ours": sides[0], "floor": sides[1], "ours_to_floor": ratio}


def single(portal: Server, floor: Server, keys: dict[str, Any]) -> dict[str, Any]:
    for server, request in ((portal, lambda _n: ours(keys)), (floor, lambda _n: bare(keys))):
        measured(server, request, clients=4, expect=201, seconds=1.0)
    found: dict[str, Any] = {}
    for clients in CLIENTS:
        say(f"filing one referral, {clients} clients")
        rounds = [
            (
                measured(portal, lambda _n: ours(keys), clients=clients, expect=201),
                measured(floor, lambda _n: bare(keys), clients=clients, expect=201),
            )
            for _ in range(ROUNDS)
        ]
        found[f"{clients} clients"] = compared(rounds)
    return found


def many(portal: Server, keys: dict[str, Any], url: str) -> dict[str, Any]:
    say(f"filing {ROWS} rows in one call")
    rounds = []
    for n in range(ROUNDS):
        body = ours(keys, ROWS)
        start, before = time.perf_counter(), portal.cpu_seconds()
        assert once(portal.port, body) == 201
        taken, spent = time.perf_counter() - start, portal.cpu_seconds() - before
        rounds.append((taken, bulk.copy_rows(url, ROWS, n * ROWS), spent))
    return {
        "ours_seconds": round(statistics.median(r[0] for r in rounds), 3),
        "floor_seconds": round(statistics.median(r[1] for r in rounds), 3),
        "ours_to_floor": round(statistics.median(r[0] / r[1] for r in rounds), 2),
        "ours_cpu_seconds": round(statistics.median(r[2] for r in rounds), 2),
    }


def lists(small: tuple[Server, dict[str, Any]], large: tuple[Server, dict[str, Any]]) -> dict[str, Any]:
    pages = {
        "GET items/ as platform": ("/api/v1/items/", "platform"),
        "GET items/ as sender": ("/api/v1/items/", "reader"),
        "inbox page": ("/referrals/", "cookie"),
    }
    found = {}
    for name, (path, key) in pages.items():
        say(f"{name} at {SMALL} and {LARGE} items")
        requests = [read(path, key, keys) for _server, keys in (small, large)]
        rounds = [
            tuple(
                measured(server, lambda _n, r=request: r, clients=1, expect=200)
                for (server, _keys), request in zip((large, small), reversed(requests), strict=True)
            )
            for _ in range(ROUNDS)
        ]
        figures = compared(rounds)  # type: ignore[arg-type]  # pairs
        found[name] = {
            f"{LARGE}": figures["ours"],
            f"{SMALL}": figures["floor"],
            "large_to_small": figures["ours_to_floor"],
        }
    return found


def read(path: str, key: str, keys: dict[str, Any]) -> bytes:
    named = {"Cookie": keys[key]} if key == "cookie" else {"Authorization": f"Bearer {keys[key]}"}
    return http("GET", path, named)


def main() -> None:
    databases.bootstrap()
    say(f"building databases of {SMALL} and {LARGE} items")
    small, large = databases.built(SMALL), databases.built(LARGE)
    floor = databases.floor(digest_of(small["writer"]), small["host"])
    application = "referral_portal.wsgi:application"
    with (
        serving(application, small["environment"]) as little,
        serving(application, large["environment"]) as big,
        serving("tests.bench.floor.wsgi:application", floor) as bottom,
    ):
        figures = {
            "file one referral (floor F)": single(little, bottom, small),
            f"file {ROWS} rows (floor B)": many(little, small, databases.url(f"bench_{SMALL}")),
            "lists": lists((little, small), (big, large)),
            f"answer {answers.BATCH} items in one call": answers.measure(big, large, databases.url(f"bench_{LARGE}")),
            f"deliver {deliveries.MESSAGES} webhooks": deliveries.measure(
                small, databases.url(f"bench_{SMALL}"), SMALL
            ),
        }
    say(f"a sweep among {chasing.SMALL} and {chasing.LARGE} clocks")
    figures[f"sweep with {chasing.DUE} clocks due"] = chasing.measure()
    json.dump(figures, sys.stdout, indent=2)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
