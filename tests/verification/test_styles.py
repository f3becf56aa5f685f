"""Every style of removal in the documentation, served by a real server and found as the documentation says."""

import re
import socket
import time

import pytest
from werkzeug import Response

from apps.verification.findings import CLAIMS, Finding, Reason, confirms, contradicts
from apps.verification.looking import look_at
from apps.verification.places import sibling_of
from apps.verification.reading import read_html
from apps.verification.styles import Answer, Look, judge
from tests.delivery.receiver import drip
from tests.verification.site import SPECIAL, STYLES, documented


class TestEveryDocumentedStyle:
    @pytest.mark.parametrize(("style", "finding", "reason"), documented(), ids=[row[0] for row in documented()])
    def test_is_found_as_documented(self, site, style, finding, reason):
        look, verdict = look_at(site.url_for(f"/{style}/content"))
        assert (verdict.finding, verdict.reason) == (finding, reason)
        assert "/10.0.0.1" not in repr(look)

    def test_is_served(self):
        assert {row[0] for row in documented()} == STYLES.keys() | SPECIAL.keys()
        assert len(documented()) >= 12

    def test_has_known_codes_and_every_finding_is_met(self):
        assert {row[1] for row in documented()} == set(Finding.values)
        assert {row[2] for row in documented()} <= set(Reason.values)


class TestALook:
    def test_sends_an_honest_name_and_no_cookie_back(self, site, settings):
        settings.CHECKER_AGENT = "Checker/1 (+https://portal.example)"
        look_at(site.url_for("/page/content"))
        look_at(site.url_for("/page/content"))
        asked = [request for request, _answer in site.log]
        assert {request.headers["User-Agent"] for request in asked} == {settings.CHECKER_AGENT}
        assert not any("Cookie" in request.headers for request in asked)
        assert [request.method for request in asked[:4]] == ["HEAD", "GET", "HEAD", "GET"]

    def test_fetches_nothing_of_a_file(self, site):
        look_at(site.url_for("/file/content"))
        assert ("GET", "/file/content") not in [(request.method, request.path) for request, _answer in site.log]

    def test_reads_64_kib_of_an_endless_page(self, httpserver, open_egress):
        sent = []

        def endless():
            for _chunk in range(10_000):
                sent.append(1)
                yield b"<p>A speech of great length.</p>" * 2048

        def serve(request):
            if request.method == "HEAD":
                return Response(content_type="text/html")
            is_asked = request.path == "/speech"
            return Response(endless(), content_type="text/html") if is_asked else Response(status=404)

        httpserver.expect_request(re.compile("/.*")).respond_with_handler(serve)
        look, verdict = look_at(httpserver.url_for("/speech"))
        assert verdict.finding == Finding.STILL_THERE
        assert len(look.answer.reading.text) <= 64 * 1024 and len(sent) < 200

    @pytest.mark.parametrize("opening", [b"", b"HTTP/1.1 200 OK\r\nX-Slow: "])
    def test_hangs_up_on_whoever_drips(self, open_egress, settings, opening):
        settings.CHECKER_SECONDS = 1
        port, started = drip(opening), time.monotonic()
        _look, verdict = look_at(f"http://127.0.0.1:{port}/")
        assert (verdict.finding, verdict.reason) == (Finding.UNREACHABLE, Reason.TIMEOUT)
        assert time.monotonic() - started < 2.5

    @pytest.mark.parametrize(
        "address",
        [
            "http://10.0.0.1/x",
            "http://[::1]/x",
            "http://169.254.169.254/latest",
            "https://printer.lan/",
            "ftp://files.example/x",
            "https://user:word@video.example/",
            "https://video.example:6379/",
            "http://abcdefghijklmnop.onion/",
        ],
    )
    def test_asks_no_address_that_is_not_public(self, open_egress, address, monkeypatch):
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_k: pytest.fail("a name was looked up"))
        _look, verdict = look_at(address)
        assert (verdict.finding, verdict.reason) == (Finding.UNCLEAR, Reason.ADDRESS_REFUSED)

    @pytest.mark.parametrize("address", ["http://video.example/x", "https://video.example/x"])
    def test_refuses_a_public_name_that_leads_inside(self, open_egress, address, monkeypatch):
        inner = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("10.0.0.1", 80))]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_k: inner)
        _look, verdict = look_at(address)
        assert (verdict.finding, verdict.reason) == (Finding.UNREACHABLE, Reason.FORBIDDEN)

    def test_follows_no_redirect_to_this_machine_in_production(self, httpserver, open_egress, settings, monkeypatch):
        """The first answer came from outside; the second address leads inside, and is never asked."""
        from apps.delivery.outgoing import Fetched
        from apps.verification import looking

        settings.OUTGOING_MAY_REACH_LOOPBACK = False
        asked = []

        def answer(method, address, **_options):
            asked.append(address)
            return Fetched(302, {"location": httpserver.url_for("/inner")})

        monkeypatch.setattr(looking, "fetch", answer)
        _look, verdict = look_at("https://video.example/x")
        assert verdict.reason == Reason.ADDRESS_REFUSED
        assert asked == ["https://video.example/x"] and not httpserver.log

    def test_goes_by_the_proxy_where_one_is_named(self, httpserver, settings):
        settings.CHECKER_PROXY_URL = httpserver.url_for("/")
        settings.OUTGOING_MAY_REACH_LOOPBACK = False
        httpserver.expect_request("/speech").respond_with_data("gone", status=410)
        _look, verdict = look_at("http://video.example/speech")
        assert verdict.finding == Finding.GONE
        assert [request.host for request, _answer in httpserver.log] == ["video.example"] * 2


class TestJudging:
    def page(self, text, **facts):
        reading = read_html(text.encode(), "text/html")
        return Answer(address="https://video.example/x", status=200, media_type="text/html", reading=reading, **facts)

    def test_waits_for_the_comparison_before_it_says_still_there(self):
        text = "<title>A speech</title>" + "All of what was said on Sunday. " * 20
        look = Look(asked="https://video.example/x", answer=self.page(text))
        assert judge(look).is_doubtful
        gone = Answer(address="https://video.example/y", status=404)
        compared = Look(asked="https://video.example/x", answer=self.page(text), sibling=gone, compared=True)
        assert judge(compared).finding == Finding.STILL_THERE

    def test_stays_in_doubt_where_the_made_up_address_gives_no_answer(self):
        text = "<title>A speech</title>" + "All of what was said on Sunday. " * 20
        look = Look(asked="https://video.example/x", answer=self.page(text), compared=True)
        assert judge(look).finding == Finding.UNCLEAR

    @pytest.mark.parametrize(
        "text",
        [
            "<title>Seite nicht gefunden</title>",
            "<h1>Cette page n’existe plus</h1>",
            "<p>Sorry, this page isn&rsquo;t available.</p>",
            "<p>Ce contenu n'est plus disponible.</p>",
        ],
    )
    def test_knows_the_words_of_several_languages(self, text):
        look = Look(asked="https://video.example/x", answer=self.page(text))
        assert judge(look).finding == Finding.SOFT_NOT_FOUND

    def test_reads_no_words_of_scripts_and_styles(self):
        text = "<title>A speech</title><script>var e = 'page not found';</script>" + "<p>Said on Sunday.</p>" * 20
        assert judge(Look(asked="https://video.example/x", answer=self.page(text))).is_doubtful

    @pytest.mark.parametrize(
        ("address", "same"),
        [
            ("https://video.example/watch?v=abcdefghijk", "https://video.example/watch?v="),
            ("https://video.example/a/post-1.html", "https://video.example/a/"),
            ("https://video.example/", "https://video.example/"),
        ],
    )
    def test_makes_up_a_neighbour_of_the_same_form(self, address, same):
        made_up = sibling_of(address)
        assert made_up != address and made_up.startswith(same) and made_up == sibling_of(address)
        assert made_up.endswith(".html") is address.endswith(".html")


class TestWhatAFindingSays:
    @pytest.mark.parametrize("outcome", sorted(CLAIMS))
    def test_gone_verifies_every_claim(self, outcome):
        assert confirms(Finding.GONE, outcome) and not contradicts(Finding.GONE, outcome)

    def test_a_block_by_place_verifies_only_what_was_claimed_for_a_place(self):
        assert confirms(Finding.GEO_BLOCKED, "DISABLED_EU") and not confirms(Finding.GEO_BLOCKED, "REMOVED")

    def test_there_elsewhere_does_not_contradict_some_countries(self):
        assert contradicts(Finding.STILL_THERE, "REMOVED")
        assert not contradicts(Finding.STILL_THERE, "DISABLED_COUNTRIES")
        assert not contradicts(Finding.STILL_THERE, "NO_ACTION")
