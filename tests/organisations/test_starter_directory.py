import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from django.core.validators import validate_slug

from apps.organisations.data import DirectoryEntry, starter_directory
from apps.organisations.models.platform import ServiceType, SizeClass
from apps.referrals.intake.addresses import Address, has_known_suffix, host_suffixes, read_address
from apps.referrals.intake.mapping import read_table_rows, suggest_mapping
from apps.referrals.intake.rows import Row
from apps.referrals.intake.tables import read_table
from apps.taxonomy.territories import Country

ENTRIES = starter_directory()
ROUTES = {domain: entry.slug for entry in ENTRIES for domain in entry.domains}


def route(url: str) -> str | None:
    address = read_address(url)
    assert isinstance(address, Address)
    return next((ROUTES[suffix] for suffix in host_suffixes(address.host) if suffix in ROUTES), None)


class TestEntries:
    @pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.slug)
    def test_use_known_codes(self, entry: DirectoryEntry):
        validate_slug(entry.slug)
        assert entry.slug == entry.slug.lower() and entry.name
        assert entry.service_type in ServiceType.values
        assert entry.size_class in SizeClass.values
        assert entry.establishment_country in Country.values
        assert entry.domains

    @pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.slug)
    def test_name_hosts_under_real_suffixes(self, entry: DirectoryEntry):
        for domain in entry.domains:
            assert re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", domain)
            assert has_known_suffix(f"www.{domain}")
            assert domain not in {"co.uk", "com.be", "com.cy", "com.mt"}

    def test_are_unique_in_slug_name_and_domain(self):
        for values in (
            [entry.slug for entry in ENTRIES],
            [entry.name.casefold() for entry in ENTRIES],
            [domain for entry in ENTRIES for domain in entry.domains],
        ):
            assert [value for value, count in Counter(values).items() if count > 1] == []

    def test_presume_no_exemption_where_the_size_is_unknown(self):
        assert {entry.size_class for entry in ENTRIES if not entry.size_is_known} == {"medium"}

    def test_are_the_designated_services_among_others(self):
        designated = {entry.slug for entry in ENTRIES if entry.size_class == "vlop"}
        assert {
            "facebook",
            "youtube",
            "tiktok",
            "x",
            "wikipedia",
            "amazon-store",
            "google-search",
            "bing",
        } <= designated
        assert "github" not in designated


class TestRouting:
    @pytest.mark.parametrize(
        ("url", "slug"),
        [
            ("https://somebody.github.io/page", "github"),
            ("https://apps.apple.com/app/id1", "app-store"),
            ("https://play.google.com/store/apps/details?id=x", "google-play"),
            ("https://www.google.com/search?q=x", "google-search"),
            ("https://docs.google.com/document/d/x", "google-drive"),
            ("https://en.wikipedia.org/wiki/Cat", "wikipedia"),
            ("https://commons.wikimedia.org/wiki/File:Cat.jpg", "wikimedia"),
            ("https://youtu.be/x", "youtube"),
            ("https://m.facebook.com/x", "facebook"),
            ("https://fb.watch/x", "facebook"),
            ("https://vm.tiktok.com/x", "tiktok"),
            ("https://t.co/x", "x"),
            ("https://t.me/x", "telegram"),
            ("https://web.archive.org/web/2020/x", "internet-archive"),
            ("https://justpaste.it/x", "justpaste-it"),
            ("https://notfacebook.com/", None),
            ("https://apple.com/", None),
        ],
    )
    def test_takes_the_longest_match(self, url: str, slug: str | None):
        assert route(url) == slug

    @pytest.mark.shared_fixtures
    @pytest.mark.parametrize(
        ("name", "unrouted"), [("public_takedown_urls", {"beznadyoga.com"}), ("tcap_alerts", set())]
    )
    def test_knows_the_platforms_of_real_input(self, shared: Path, name: str, unrouted: set[str]):
        table = read_table((shared / "intake" / f"{name}.csv").read_bytes())
        rows = read_table_rows(table, suggest_mapping(table), today=date(2026, 11, 23))
        hosts = {row.address.host for row in rows if isinstance(row, Row)}
        assert {host for host in hosts if route(f"https://{host}/") is None} == unrouted
