"""Outgoing HTTP reaches machines on the public internet, and nothing else."""

import os
import socket
import subprocess
import sys
import time

import pytest
from werkzeug import Response

from apps.delivery.outgoing import AddressRefused, NoAnswer, is_public, post, read_address
from deploy.local.lint import production
from deploy.local.paths import ROOT
from deploy.local.ports import free_port
from tests.delivery.receiver import drip

# Every way to write an inner address (security.md 4.4), and what only looks like an address.
REFUSED = (
    "https://127.0.0.1/",
    "https://2130706433/",
    "https://0x7f000001/",
    "https://0x7f.1/",
    "https://0177.0.0.1/",
    "https://127.1/",
    "https://127.0.0.1./",
    "https://0/",
    "https://[::1]/",
    "https://[::]/",
    "https://[::ffff:127.0.0.1]/",
    "https://[::ffff:7f00:1]/",
    "https://[::127.0.0.1]/",
    "https://[64:ff9b::7f00:1]/",
    "https://[2002:7f00:1::]/",
    "https://[fd00:ec2::254]/",
    "https://[fe80::1]/",
    "https://169.254.169.254/latest/meta-data/",
    "https://10.0.0.1/",
    "https://172.16.0.1/",
    "https://192.168.1.1/",
    "https://100.64.0.1/",
    "https://198.18.0.1/",
    "https://224.0.0.1/",
    "https://240.0.0.1/",
    "https://255.255.255.255/",
    "https://93.184.215.14/",
    "https://localhost/",
    "https://LOCALHOST/",
    "https://a.localhost/",
    "https://printer/",
    "https://printer.local/",
    "https://db.internal/",
    "https://router.lan/",
    "https://hooks.example./",
    "http://hooks.example/",
    "ftp://hooks.example/",
    "file:///etc/passwd",
    "gopher://hooks.example:443/_x",
    "javascript:alert(1)",
    "https:hooks.example",
    "//hooks.example/",
    "hooks.example",
    "",
    "https://",
    "https://hooks.example:80/",
    "https://hooks.example:22/",
    "https://hooks.example:6379/",
    "https://hooks.example:99999/",
    "https://user@hooks.example/",
    "https://user:pass@hooks.example/",
    "https://@hooks.example/",
    "https://hooks.example@127.0.0.1/",
    "https://hooks.example\\@evil.example/",
    "https://hooks.example%00.evil.example/",
    "https://hooks.example/#@evil.example",
    "https://hooks.example/\r\nHost: evil",
    " https://hooks.example/",
    "https://hooks.example/ x",
    "https://hooks.exam\u200bple/",
    "https://①②⑦.⓪.⓪.①/",
    "https://hooks.example/" + "a" * 500,
)
TAKEN = {
    "https://hooks.example/": "https://hooks.example/",
    "https://HOOKS.example": "https://hooks.example/",
    "https://hooks.example:443/a?b=c": "https://hooks.example/a?b=c",
    "https://hooks.example:8443/a": "https://hooks.example:8443/a",
    "https://bücher.example/": "https://xn--bcher-kva.example/",
}
INNER = [
    "0.0.0.0",  # noqa: S104  an address that is refused, not one to listen at
    "10.1.2.3",
    "100.64.0.1",
    "100.127.255.255",
    "127.0.0.1",
    "127.8.8.8",
    "169.254.169.254",
    "172.31.0.1",
    "192.0.0.8",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.0.1",
    "198.19.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::7f00:1",
    "::ffff:127.0.0.1",
    "::ffff:0:7f00:1",
    "64:ff9b::7f00:1",
    "64:ff9b::808:808",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:20::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "2002:808:808::",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fec0::1",
    "ff02::1",
]
OUTER = ("8.8.8.8", "93.184.215.14", "2606:4700:4700::1111", "2a00:1450:4001:82f::200e")


@pytest.fixture
def in_production(settings):
    settings.OUTGOING_MAY_REACH_LOOPBACK = False


@pytest.fixture
def names(monkeypatch):
    """What the resolver says from now on: `names["hooks.example"] = ["10.0.0.1"]`; each look-up takes the next one."""
    known = {}
    real = socket.getaddrinfo

    def look_up(host, port, *args, **options):
        if host not in known:
            return real(host, port, *args, **options)
        address = known[host].pop(0) if len(known[host]) > 1 else known[host][0]
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        return [(family, socket.SOCK_STREAM, 6, "", (address, port))]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return known


class TestAnAddress:
    @pytest.mark.parametrize("text", REFUSED)
    def test_is_refused_if_it_leads_inside_or_can_be_read_in_two_ways(self, in_production, text):
        with pytest.raises(AddressRefused):
            read_address(text)

    @pytest.mark.parametrize(("text", "read"), TAKEN.items())
    def test_is_taken_as_a_browser_reads_it(self, in_production, text, read):
        assert read_address(text) == read

    @pytest.mark.parametrize("text", ["http://127.0.0.1:8001/hook", "http://localhost:8001/hook"])
    def test_on_this_machine_is_for_tests_and_the_demo(self, settings, text):
        settings.OUTGOING_MAY_REACH_LOOPBACK = True
        assert read_address(text) == text
        settings.OUTGOING_MAY_REACH_LOOPBACK = False
        with pytest.raises(AddressRefused):
            read_address(text)

    @pytest.mark.parametrize(
        "text", ["http://127.0.0.2/", "http://[::1]/", "http://10.0.0.1/", "http://hooks.example/"]
    )
    def test_of_another_machine_stays_refused_even_there(self, settings, text):
        settings.OUTGOING_MAY_REACH_LOOPBACK = True
        with pytest.raises(AddressRefused):
            read_address(text)


class TestAMachine:
    @pytest.mark.parametrize("address", [*INNER, "::ffff:8.8.8.8"])
    def test_inside_is_not_public(self, address):
        assert not is_public(address)

    @pytest.mark.parametrize("address", OUTER)
    def test_outside_is_public(self, address):
        assert is_public(address)


class TestPost:
    @pytest.mark.parametrize("address", INNER)
    def test_asks_the_name_where_it_leads_each_time(self, in_production, names, address):
        names["hooks.example"] = [address]
        with pytest.raises(NoAnswer) as refusal:
            post("https://hooks.example/", b"{}", {})
        assert refusal.value.code == "forbidden"

    def test_connects_to_what_it_looked_up_and_never_looks_twice(self, names, httpserver):
        """Rebinding: the second answer of the resolver would be another machine."""
        httpserver.expect_request("/hook").respond_with_data("ok")
        names["localhost"] = ["127.0.0.1", "10.0.0.1"]
        assert post(f"http://localhost:{httpserver.port}/hook", b"{}", {}).status == 200
        assert httpserver.log[0][0].headers["Host"] == f"localhost:{httpserver.port}"
        assert names["localhost"] == ["10.0.0.1"]

    def test_refuses_this_machine_in_production(self, in_production, httpserver):
        with pytest.raises(NoAnswer) as refusal:
            post(httpserver.url_for("/hook"), b"{}", {})
        assert refusal.value.code == "forbidden" and not httpserver.log

    def test_follows_no_redirect(self, httpserver):
        target = httpserver.url_for("/inner")
        httpserver.expect_request("/hook").respond_with_response(Response(status=307, headers={"Location": target}))
        httpserver.expect_request("/inner").respond_with_data("secret")
        assert post(httpserver.url_for("/hook"), b"{}", {}).status == 307
        assert [asked.path for asked, _answer in httpserver.log] == ["/hook"]

    @pytest.mark.parametrize("status", [200, 302])
    def test_reads_sixteen_kibibytes_of_an_endless_answer(self, httpserver, status):
        sent = []

        def endless():
            for _chunk in range(100_000):
                sent.append(1)
                yield b"x" * 65536

        answer = Response(endless(), status=status, headers={"Location": "https://elsewhere.example/"})
        httpserver.expect_request("/hook").respond_with_response(answer)
        found = post(httpserver.url_for("/hook"), b"{}", {})
        assert found.status == status and len(found.body) == 16 * 1024
        assert len(sent) < 1000

    def test_keeps_no_cookie_between_two_messages(self, httpserver):
        httpserver.expect_request("/hook").respond_with_data("ok", headers={"Set-Cookie": "a=b"})
        for _message in range(2):
            post(httpserver.url_for("/hook"), b"{}", {})
        assert "Cookie" not in httpserver.log[1][0].headers

    @pytest.mark.parametrize("proxy", ["HTTP_PROXY", "http_proxy", "ALL_PROXY"])
    def test_lets_the_environment_name_no_proxy(self, httpserver, monkeypatch, proxy):
        monkeypatch.setenv(proxy, "http://127.0.0.1:9")
        httpserver.expect_request("/hook").respond_with_data("ok")
        assert post(httpserver.url_for("/hook"), b"{}", {}).status == 200

    def test_tells_a_name_that_leads_nowhere(self):
        with pytest.raises(NoAnswer) as refusal:
            post("https://nowhere.invalid/", b"{}", {})
        assert refusal.value.code == "name"

    def test_tells_a_machine_that_does_not_listen(self):
        with pytest.raises(NoAnswer) as refusal:
            post(f"http://127.0.0.1:{free_port()}/", b"{}", {})
        assert refusal.value.code == "connection"

    def test_tells_what_is_not_tls(self, httpserver):
        with pytest.raises(NoAnswer) as refusal:
            post(httpserver.url_for("/hook").replace("http:", "https:"), b"{}", {})
        assert refusal.value.code == "tls"


class TestTheTime:
    @pytest.mark.parametrize(
        "opening", [b"", b"HTTP/1.1 200 OK\r\nX-Slow: ", b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"]
    )
    def test_is_up_for_whoever_drips_byte_by_byte(self, opening):
        """Each byte comes well within the limit of a single read; all of them together do not."""
        port, started = drip(opening), time.monotonic()
        with pytest.raises(NoAnswer) as refusal:
            post(f"http://127.0.0.1:{port}/", b"{}", {}, seconds=1)
        assert refusal.value.code == "timeout"
        assert time.monotonic() - started < 2.5


@pytest.mark.parametrize(("loopback", "fine"), [("false", True), ("true", False)])
def test_a_deployment_check_refuses_loopback_in_production(loopback, fine):
    environment = {"PATH": os.environ["PATH"], **production(), "OUTGOING_MAY_REACH_LOOPBACK": loopback}
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode == 0) is fine, done.stderr
    assert ("delivery.E001" in done.stderr) is not fine
