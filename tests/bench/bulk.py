"""Floor B: the rows that a filing of 10,000 addresses leaves, put there by COPY alone."""

import hashlib
import time
from datetime import UTC, datetime

import psycopg

TABLES = """
CREATE TABLE IF NOT EXISTS floor_bulk_item (LIKE referrals_item INCLUDING ALL);
CREATE TABLE IF NOT EXISTS floor_bulk_event (LIKE referrals_event INCLUDING ALL);
CREATE TABLE IF NOT EXISTS floor_bulk_outbox (LIKE delivery_delivery INCLUDING ALL);
"""


def copy_rows(url: str, count: int, start: int) -> float:
    """Seconds to COPY `count` items with an event and an outbox row each, in one durable transaction."""
    at = datetime.now(UTC)
    with psycopg.connect(url) as database, database.cursor() as cursor:
        cursor.execute(TABLES)
        database.commit()
        begin = time.perf_counter()
        with cursor.copy(
            "COPY floor_bulk_item (sender_id, recipient_id, disclosed, referral_id, reference, row, external_id,"
            " url_raw, url, url_hash, host, content_type, content_language, account, note, filed_at) FROM STDIN"
        ) as copy:
            for n in range(start, start + count):
                address = f"https://bench.example/{n}"
                url_hash = hashlib.sha256(address.encode()).digest()
                row = (f"I-{n}", n, "", address, address, url_hash, "bench.example", "", "", "", "", at)
                copy.write_row((1, 2, False, 1, *row))
        with cursor.copy(
            "COPY floor_bulk_event (sender_id, recipient_id, disclosed, referral_id, verb, at, actor_label) FROM STDIN"
        ) as copy:
            for _ in range(count):
                copy.write_row((1, 2, False, 1, "item.filed", at, "Bench"))
        with cursor.copy(
            "COPY floor_bulk_outbox (sender_id, recipient_id, key, channel, message, about, facts, urgent, next_at,"
            " created_at) FROM STDIN"
        ) as copy:
            for n in range(start, start + count):
                copy.write_row((1, 2, f"{n}:portal", "portal", "referral_sent", f"R-{n}", "{}", False, at, at))
        database.commit()
        return time.perf_counter() - begin
