from collections.abc import Callable, Iterator
from secrets import token_hex

import psycopg
import pytest
import redis

from deploy.local.paths import LOCAL
from deploy.local.ports import answers, runs, wait_until
from deploy.local.services import Services


@pytest.fixture
def open_services() -> Iterator[Callable[[], Services]]:
    """Opens the same pair of servers as often as asked, as different programs would."""
    home = LOCAL / f"try-{token_hex(4)}"
    yield lambda: Services(home=home, durable=True)
    Services(home=home, durable=True).discard()


def superuser(services: Services) -> psycopg.Connection:
    return psycopg.connect(services.environment()["DATABASE_SUPERUSER_URL"], autocommit=True)


class TestServices:
    def test_keep_data_ports_and_secrets_over_a_restart(self, open_services):
        services = open_services()
        services.start()
        before = services.environment()
        with superuser(services) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 1 AS fact")
        services.stop()
        again = open_services()
        again.start()
        assert again.environment() == before
        with superuser(again) as connection:
            assert connection.execute("SELECT fact FROM kept").fetchone() == (1,)

    def test_survive_a_killed_database_and_a_stale_process_id(self, open_services):
        services = open_services()
        services.start()
        with superuser(services) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 1 AS fact")
        lock, pid = services.postgres.lock_file, services.postgres.pid
        _, *rest = lock.read_text().splitlines()
        services.postgres.kill()
        wait_until(lambda: not runs(pid, program="postgres"), seconds=20, failure="It does not die.")
        lock.write_text("\n".join(["1", *rest]))  # process 1 exists everywhere and is not PostgreSQL
        open_services().start()
        with superuser(open_services()) as connection:
            assert connection.execute("SELECT fact FROM kept").fetchone() == (1,)

    def test_start_twice_is_start_once_and_stop_twice_is_stop_once(self, open_services):
        services = open_services()
        services.start()
        port = services.postgres.port
        assert port is not None
        open_services().start()
        assert services.postgres.port == port
        services.stop()
        services.stop()
        assert not answers(port)

    def test_ask_for_passwords(self, open_services):
        services = open_services()
        services.start()
        environment = services.environment()
        secret = environment["DATABASE_SUPERUSER_URL"].split(":")[2].split("@")[0]
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(environment["DATABASE_SUPERUSER_URL"].replace(secret, "wrong"))
        with pytest.raises(redis.AuthenticationError):
            redis.Redis(port=services.valkey.port).ping()

    def test_are_postgresql_18_with_utf8_and_utc(self, open_services):
        services = open_services()
        services.start()
        with superuser(services) as connection:
            version = connection.info.server_version
            facts = [connection.execute(f"SHOW {name}").fetchone() for name in ("server_encoding", "timezone", "fsync")]
        assert version // 10000 == 18
        assert facts == [("UTF8",), ("UTC",), ("on",)]
