"""What machines ask about the portal, and the page on which an operator sees what runs."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.urls import reverse
from django.utils import timezone

from apps.accounts.roles import Role
from apps.deadlines import checks
from apps.deadlines.services import watch
from apps.deadlines.watch import broker, readiness
from apps.deadlines.watch.heartbeats import note_run
from apps.deadlines.watch.state import limits
from deploy.local.ports import free_port
from tests.factories import CommissionFactory, ReferralUnitFactory, member
from tests.factories.people import UserFactory

RUNNING = reverse("portal:running")
TOKEN = "a-token-of-some-length-for-tests"
SAMPLE = re.compile(r'^[a-z_]+(\{[a-z]+="[^"]*"\})? -?\d+(\.\d+)?(e[+-]?\d+)?$')


@pytest.fixture(autouse=True)
def away(settings):
    """No broker: nothing here may need one."""
    settings.CELERY_BROKER_URL = f"redis://127.0.0.1:{free_port()}/0"


@pytest.fixture
def dead_database(monkeypatch):
    def gone(*_args, **_options):
        raise OperationalError("connection to server at 10.1.2.3 failed")

    with monkeypatch.context() as patched:
        patched.setattr(connection, "cursor", gone)
        yield


@pytest.fixture
def guarded(settings):
    settings.WATCH = replace(settings.WATCH, metrics_token=TOKEN)


@pytest.fixture
def operator(client):
    user = member(CommissionFactory(), Role.ANALYST, is_operator=True)
    client.force_login(user)
    return client


class TestHealth:
    def test_answers_without_the_database(self, client, dead_database):
        response = client.get("/healthz")
        assert (response.status_code, response.content) == (200, b"ok\n")

    def test_answers_by_any_name_and_without_tls(self, client, settings, django_assert_num_queries):
        settings.SECURE_SSL_REDIRECT, settings.ALLOWED_HOSTS = True, ["portal.example"]
        with django_assert_num_queries(0):
            assert client.get("/healthz", headers={"host": "10.0.0.7:8000"}).status_code == 200

    def test_only_reads(self, client):
        assert client.post("/healthz").status_code == 405


class TestReadiness:
    def test_is_there_though_the_broker_is_away(self, client, django_assert_max_num_queries):
        with django_assert_max_num_queries(10):  # one less on a connection that knows the database's clock
            response = client.get("/readyz")
        said = response.json()
        assert (response.status_code, said["ready"]) == (200, True), said
        assert said["checks"]["broker"]["ok"] is said["checks"]["broker"]["needed"] is False
        assert [name for name, check in said["checks"].items() if check["ok"]] == [
            "database",
            "migrations",
            "tenancy",
            "cache",
        ]

    def test_is_not_there_without_the_database(self, client, dead_database):
        response = client.get("/readyz")
        assert response.status_code == 503
        assert response.json()["checks"]["database"] == {"ok": False, "detail": "The database does not answer."}
        assert b"10.1.2.3" not in response.content

    def test_is_not_there_before_the_migrations(self, client, monkeypatch):
        later = readiness.expected_migrations() | {("deadlines", "9999_later")}
        monkeypatch.setattr(readiness, "expected_migrations", lambda: later)
        response = client.get("/readyz")
        assert response.status_code == 503
        assert response.json()["checks"]["migrations"]["detail"] == "Not migrated: deadlines.9999_later."

    def test_is_not_there_for_a_login_that_no_policy_binds(self, client, settings):
        settings.ENVIRONMENT = "production"  # the tests' own login is the owner
        response = client.get("/readyz")
        assert response.status_code == 503
        assert response.json()["checks"]["tenancy"]["detail"] == "The login role bypasses row-level security."

    def test_is_not_there_with_another_key(self, client, settings):
        settings.TENANCY_KEY = "00" * 32
        assert client.get("/readyz").status_code == 503
        assert client.get("/readyz").json()["checks"]["tenancy"]["ok"] is False


class TestFigures:
    def scrape(self, client, **headers):
        return client.get("/metrics", headers={"authorization": f"Bearer {TOKEN}", **headers})

    def test_are_nowhere_until_somebody_may_read_them(self, client):
        assert client.get("/metrics").status_code == 404

    @pytest.mark.parametrize("said", [None, "Bearer wrong", TOKEN, "Bearer ü", f"Basic {TOKEN}"])
    def test_need_the_token(self, client, guarded, said):
        response = client.get("/metrics", headers={"authorization": said} if said else {})
        assert (response.status_code, response.content) == (401, b"")
        assert response["WWW-Authenticate"].startswith("Bearer")

    @pytest.mark.parametrize(("peer", "status"), [("10.1.2.3", 200), ("10.2.0.1", 403), ("fe80::1", 403), ("", 403)])
    def test_or_an_address_of_the_network(self, client, settings, peer, status):
        settings.WATCH = replace(settings.WATCH, metrics_from=("10.1.0.0/16",))
        assert client.get("/metrics", REMOTE_ADDR=peer).status_code == status

    def test_behind_a_proxy_the_address_is_the_one_it_saw(self, client, settings):
        settings.BEHIND_PROXY, settings.WATCH = True, replace(settings.WATCH, metrics_from=("127.0.0.1/32",))
        assert client.get("/metrics", REMOTE_ADDR="127.0.0.1").status_code == 403
        for chain, status in (("127.0.0.1, 203.0.113.9", 403), ("203.0.113.9, 127.0.0.1", 200)):
            assert client.get("/metrics", headers={"x-forwarded-for": chain}).status_code == status

    def test_can_be_read_by_a_machine(self, client, guarded, django_assert_num_queries):
        note_run(["delivery.deliver_pending", "beat"], seconds=0.25)
        watch()
        with django_assert_num_queries(3):
            response = self.scrape(client)
        assert response["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
        found = parsed(response.content.decode())
        task = (("name", "delivery.deliver_pending"),)
        assert found["portal_runs_total", task] == 1
        assert found["portal_last_duration_seconds", task] == 0.25
        assert 0 <= found["portal_lag_seconds", task] < 60
        assert found["portal_late", task] == 0
        assert abs(found["portal_last_success_timestamp_seconds", task] - timezone.now().timestamp()) < 60
        assert 0 <= found["portal_beat_lag_seconds", ()] < 60
        assert found["portal_backlog_rows", (("backlog", "outbox"),)] == 0
        assert (found["portal_database_up", ()], found["portal_broker_up", ()]) == (1, 0)

    def test_tell_that_the_database_is_away(self, client, guarded, dead_database):
        response = self.scrape(client)
        assert response.status_code == 200
        assert parsed(response.content.decode()) == {("portal_database_up", ()): 0, ("portal_broker_up", ()): 0}

    def test_hold_no_tenants_words(self, client, guarded):
        ReferralUnitFactory(name="Online Safety Bureau", slug="online-safety-bureau")
        watch()
        assert "safety" not in self.scrape(client).content.decode().lower()


def parsed(text):
    """The samples of a page in text format 0.0.4; fails where it is none."""
    found, types = {}, {}
    assert text.endswith("\n")
    for line in text.splitlines():
        if line.startswith("# TYPE "):
            _hash, _type, name, kind = line.split(" ")
            assert name not in types and kind in {"gauge", "counter"}
            types[name] = kind
        elif not line.startswith("# HELP "):
            assert SAMPLE.match(line), line
            name, _brace, labels = line.rpartition(" ")[0].partition("{")
            assert name in types
            key = name, tuple(re.findall(r'([a-z]+)="([^"]*)"', labels))
            assert key not in found
            found[key] = float(line.rpartition(" ")[2])
    return found


class TestTheBroker:
    def test_is_asked_how_much_it_holds(self, settings):
        import redis

        from tests.faults.processes import broker_url

        settings.CELERY_BROKER_URL = broker_url()
        with redis.Redis.from_url(broker_url()) as client:
            client.flushdb()
            client.rpush("urgent", "one", "two")
            assert broker.ask_broker() == broker.Broker(
                answers=True, depths={"default": 0, "statistics": 0, "unacked": 0, "urgent": 2}
            )
            client.flushdb()

    def test_that_is_away_is_said_to_be_away(self):
        assert broker.ask_broker() == broker.Broker(answers=False, depths={})


class TestThePage:
    def test_is_for_operators_alone(self, client):
        client.force_login(member(CommissionFactory(), Role.ADMINISTRATOR))
        assert client.get(RUNNING).status_code == 403
        assert RUNNING not in client.get(reverse("portal:dashboard")).content.decode()

    def test_is_in_the_menu_of_an_operator(self, operator):
        assert RUNNING in operator.get(reverse("portal:dashboard")).content.decode()

    def test_says_in_words_what_runs_and_what_is_late(self, operator):
        now = timezone.now()
        watch(at=now - timedelta(hours=2))
        note_run(["delivery.deliver_pending"], at=now - timedelta(seconds=20))
        note_run(["statistics.refresh"], error=ValueError("Somebody's name"), at=now)
        text = page_text(operator.get(RUNNING))
        assert "Ran 20 s ago. Expected every 30 s." in text or "Ran 21 s ago. Expected every 30 s." in text
        assert "Climb the ladder of reminders Late Has not run yet. Expected every 1 min." in text
        assert "ValueError" in text and "Somebody" not in text
        late = [one for one in limits().values() if one.seconds < 7200 and one.name != "delivery.deliver_pending"]
        assert f"{len(late)} things are late." in text
        assert "Nothing waits." in text
        assert "Does not answer" in text

    def test_says_so_when_nothing_has_ever_run(self, operator):
        text = page_text(operator.get(RUNNING))
        assert "Nobody has counted what waits: neither the sweeper nor a worker has run." in text
        assert "Has not run yet. Expected every 15 min." in text

    def test_refreshes_its_middle_alone_and_can_be_stopped(self, operator):
        whole = operator.get(RUNNING).content.decode()
        part = operator.get(RUNNING, headers={"hx-request": "true"}).content.decode()
        assert 'hx-trigger="every 30s"' in whole and 'hx-trigger="every 30s"' in part
        assert "<html" in whole and "<html" not in part
        assert "hx-trigger" not in operator.get(RUNNING, {"refresh": "no"}).content.decode()

    def test_costs_few_queries(self, operator, django_assert_num_queries):
        watch()
        with django_assert_num_queries(16):
            operator.get(RUNNING)


def page_text(response):
    assert response.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


class TestAnOperator:
    def test_is_made_and_unmade_by_a_command(self, capsys):
        user = UserFactory(email="night.watch@operations.example")
        call_command("operator", "Night.Watch@operations.example")
        user.refresh_from_db()
        assert user.is_operator
        call_command("operator", user.email, "--revoke")
        user.refresh_from_db()
        assert not user.is_operator

    def test_must_exist(self):
        with pytest.raises(CommandError):
            call_command("operator", "nobody@operations.example")


class TestTheDeploymentCheck:
    def found(self, settings, **facts):
        settings.WATCH = replace(settings.WATCH, **facts)
        return [one.id for one in (*checks.who_may_scrape(), *checks.somebody_is_told())]

    def test_tells_what_is_not_set(self, settings):
        assert self.found(settings) == ["deadlines.I001", "deadlines.I002"]

    def test_refuses_what_opens_too_far(self, settings):
        told = {"alarm_emails": ("night@operations.example",)}
        assert self.found(settings, metrics_token="short", **told) == ["deadlines.E001"]
        assert self.found(settings, metrics_token=TOKEN, metrics_from=("0.0.0.0/0", "nowhere")) == [
            "deadlines.E003",
            "deadlines.E002",
        ]
        assert self.found(settings, metrics_token="", metrics_from=("::1/128",)) == []
