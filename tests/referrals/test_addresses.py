from hashlib import sha256
from time import process_time

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from apps.referrals.intake.addresses import Address, AddressFlag, defang, host_suffixes, read_address
from apps.referrals.intake.problems import RowCode, RowError


def address(raw: str) -> Address:
    found = read_address(raw)
    assert isinstance(found, Address), found
    return found


def code(raw: str, *, assume_scheme: bool = True) -> RowCode:
    found = read_address(raw, assume_scheme=assume_scheme)
    assert isinstance(found, RowError), found
    return found.code


class TestCanonicalForm:
    @pytest.mark.parametrize(
        ("raw", "canonical"),
        [
            ("https://EXAMPLE.com", "https://example.com/"),
            ("https://example.com:443/a/../b", "https://example.com/b"),
            ("http://example.com:80/", "http://example.com/"),
            ("https://example.com:8443/", "https://example.com:8443/"),
            ("https://example.com./x", "https://example.com/x"),
            ("https://example.com/x?utm_source=a&fbclid=b", "https://example.com/x?utm_source=a&fbclid=b"),
            ("  https://example.com/x \n", "https://example.com/x"),
            ("\ufeffhttps://example.com/x\u200b", "https://example.com/x"),
            ("https://apps.example.com/app/ркн/id1", "https://apps.example.com/app/%D1%80%D0%BA%D0%BD/id1"),
            ("https:\\\\example.com\\x", "https://example.com/x"),
            ("http://xn--e1afmkfd.example/", "http://xn--e1afmkfd.example/"),
            ("http://пример.example/", "http://xn--e1afmkfd.example/"),
        ],
    )
    def test_is_that_of_browsers(self, raw: str, canonical: str):
        assert address(raw).canonical == canonical

    def test_keeps_what_was_received_untouched(self):
        raw = " HTTPS://Example.COM:443/A#b "
        assert address(raw).raw == raw

    def test_ends_before_the_fragment_which_is_kept_beside_it(self):
        found = address("https://en.example.org/wiki/Cat#/media/File:Cat.jpg")
        assert found.canonical == "https://en.example.org/wiki/Cat"
        assert found.fragment == "#/media/File:Cat.jpg"
        assert found.url == "https://en.example.org/wiki/Cat#/media/File:Cat.jpg"

    def test_is_what_the_hash_is_made_of(self):
        found = address("https://example.com/x#one")
        assert (
            found.url_hash == sha256(b"https://example.com/x").digest() == address("https://EXAMPLE.com/x#two").url_hash
        )
        assert found.url_hash != address("http://example.com/x").url_hash

    @given(
        host=st.from_regex(r"[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?(\.[a-z]{2,8}){1,3}", fullmatch=True),
        port=st.sampled_from(["", ":80", ":443", ":8080"]),
        scheme=st.sampled_from(["http://", "https://", "HTTPS://", ""]),
        rest=st.text(min_size=0, max_size=60),
    )
    def test_is_its_own_canonical_form(self, host: str, port: str, scheme: str, rest: str):
        found = read_address(f"{scheme}{host}{port}/{rest}")
        assume(isinstance(found, Address))
        assert isinstance(found, Address)
        again = address(found.url)
        assert (again.canonical, again.fragment, again.url_hash) == (found.canonical, found.fragment, found.url_hash)
        assert again.flags <= found.flags

    @given(st.text(max_size=200))
    def test_or_an_error_comes_of_any_text(self, raw: str):
        found = read_address(raw)
        if isinstance(found, Address):
            assert found.canonical.startswith(("http://", "https://"))
            assert address(found.canonical).canonical == found.canonical
        else:
            assert found.detail.endswith(".")


class TestHost:
    def test_is_the_one_a_browser_would_ask(self):
        assert address("https://example.com\\@evil.example/").host == "example.com"
        assert address("http://0x7f.1/").host == "127.0.0.1"
        assert address("http://2130706433/").host == "127.0.0.1"
        assert address("https://exa\u200bmple.com/").host == "example.com"

    def test_is_ascii_with_a_form_for_people(self):
        found = address("https://faß.de/")
        assert (found.host, found.host_unicode) == ("xn--fa-hia.de", "faß.de")

    @pytest.mark.parametrize(
        ("raw", "registrable"),
        [
            ("https://www.example.co.uk/", "example.co.uk"),
            ("https://somebody.github.io/x", "somebody.github.io"),
            ("https://github.io/", "github.io"),
            ("https://b.c.mm/", "b.c.mm"),
            ("https://a.b.unheard-of/", "b.unheard-of"),
            ("https://192.0.2.7/", "192.0.2.7"),
            ("https://[2001:db8::1]/", "[2001:db8::1]"),
        ],
    )
    def test_has_a_registrable_part(self, raw: str, registrable: str):
        assert address(raw).registrable == registrable

    def test_may_be_a_number(self):
        assert AddressFlag.IP_HOST in address("http://[2001:db8::1]:8080/x").flags
        assert AddressFlag.IP_HOST in address("192.0.2.7/x").flags

    def test_yields_its_parents_longest_first(self):
        assert host_suffixes("a.b.example.com") == ("a.b.example.com", "b.example.com", "example.com", "com")
        assert host_suffixes("192.0.2.7") == ("192.0.2.7",)
        assert host_suffixes("[2001:db8::1]") == ("[2001:db8::1]",)


class TestWhatIsTolerated:
    @pytest.mark.parametrize(
        "raw",
        [
            "example.com/x",
            "//example.com/x",
            "www.example.com",
            "example.com:8080/x",
            "example.com:443",
            "example.com?q",
        ],
    )
    def test_a_missing_scheme_is_assumed_and_told(self, raw: str):
        found = address(raw)
        assert found.canonical.startswith("https://")
        assert found.flags == {AddressFlag.SCHEME_ASSUMED}

    def test_a_missing_scheme_may_be_refused(self):
        assert code("example.com/x", assume_scheme=False) is RowCode.NOT_AN_ADDRESS

    def test_name_and_password_are_removed_and_told(self):
        found = address("https://user:secret@example.com/x")
        assert found.canonical == "https://example.com/x"
        assert found.flags == {AddressFlag.USERINFO_REMOVED}

    @pytest.mark.parametrize(
        "raw",
        [
            "hxxps://example[.]com/a[.]b",
            "hXXps[:]//example(.)com/a[.]b",
            "hxxps[://]example{.}com/a[.]b",
            "h**ps://example[dot]com/a[.]b",
            "https://example[.]com/a[.]b",
        ],
    )
    def test_a_defanged_address_is_mended_up_to_its_path(self, raw: str):
        found = address(raw)
        assert found.canonical == "https://example.com/a[.]b"
        assert found.flags == {AddressFlag.REFANGED}

    def test_a_blank_in_the_path_is_encoded_and_told(self):
        found = address("https://example.com/a b")
        assert found.canonical == "https://example.com/a%20b"
        assert found.flags == {AddressFlag.SPACE_ENCODED}

    @pytest.mark.parametrize(
        "raw", ["https://example.com/\u200bx", "https://exam\u00adple.com/", "https://example.com/\u202ex"]
    )
    def test_hidden_characters_are_told(self, raw: str):
        assert AddressFlag.HIDDEN_CHARACTERS in address(raw).flags

    def test_mixed_scripts_in_one_word_are_told(self):
        assert address("https://p\u0430ypal.example/").flags == {AddressFlag.MIXED_SCRIPT}

    def test_a_word_of_lookalikes_is_told(self):
        assert address("https://xn--80ak6aa92e.com/").flags == {AddressFlag.IMITATES_LATIN}

    @pytest.mark.parametrize(
        "raw", ["https://пример.рф/", "https://例え-テスト.jp/", "https://müller.de/", "https://москва.com/"]
    )
    def test_an_honest_foreign_name_is_not_suspected(self, raw: str):
        assert not address(raw).flags


class TestWhatIsRefused:
    @pytest.mark.parametrize(
        ("raw", "expected"),
        [
            ("", RowCode.ADDRESS_MISSING),
            (" \u200b\n", RowCode.ADDRESS_MISSING),
            ("hello", RowCode.NOT_AN_ADDRESS),
            ("two words", RowCode.NOT_AN_ADDRESS),
            ("example.com is bad", RowCode.NOT_AN_ADDRESS),
            ("somebody@example.com", RowCode.NOT_AN_ADDRESS),
            ("@handle", RowCode.NOT_AN_ADDRESS),
            ("21.12", RowCode.NOT_AN_ADDRESS),
            ("21.12.2026", RowCode.NOT_AN_ADDRESS),
            ("localhost:8000/x", RowCode.NOT_AN_ADDRESS),
            ("https://exa mple.com/", RowCode.NOT_AN_ADDRESS),
            ("https://example.com:99999/", RowCode.NOT_AN_ADDRESS),
            ("https://", RowCode.NOT_AN_ADDRESS),
            ("https://a.example/1 https://a.example/2", RowCode.SEVERAL_ADDRESSES),
            ("https://a.example/1, www.example.com", RowCode.SEVERAL_ADDRESSES),
            ("javascript:alert(1)", RowCode.SCHEME_NOT_ALLOWED),
            ("ftp://example.com/x", RowCode.SCHEME_NOT_ALLOWED),
            ("tg://resolve?domain=x", RowCode.SCHEME_NOT_ALLOWED),
            ("magnet:?xt=urn:btih:0", RowCode.SCHEME_NOT_ALLOWED),
            ("mailto:a@example.com", RowCode.SCHEME_NOT_ALLOWED),
            ("http:///x", RowCode.HOST_MISSING),
            ("http://intranet/x", RowCode.HOST_MISSING),
            ("https://example..com/", RowCode.HOST_INVALID),
            ("https://.example.com/", RowCode.HOST_INVALID),
            ("https://example.com../", RowCode.HOST_INVALID),
            (f"https://{'a' * 64}.example/", RowCode.HOST_INVALID),
            (f"https://{'a.' * 130}example/", RowCode.HOST_INVALID),
            ("https://example.com/a\nhttps://example.com/b", RowCode.CONTROL_CHARACTER),
            ("https://exam\tple.com/", RowCode.CONTROL_CHARACTER),
            ("https://example.com/\0", RowCode.CONTROL_CHARACTER),
            ("https://example.com/\udcff", RowCode.NOT_UTF8),
            ("https://example.com/" + "a" * 9000, RowCode.ADDRESS_TOO_LONG),
            ("https://example.com/" + "ä" * 4100, RowCode.ADDRESS_TOO_LONG),
        ],
    )
    def test_with_a_code_and_a_sentence(self, raw: str, expected: RowCode):
        assert code(raw) is expected
        found = read_address(raw)
        assert isinstance(found, RowError)
        assert found.detail.endswith(".") and len(found.detail) < 300

    def test_only_beyond_8192_bytes(self):
        longest = "https://example.com/" + "a" * (8192 - 20)
        assert address(longest).raw == longest
        assert code(longest + "a") is RowCode.ADDRESS_TOO_LONG

    def test_and_never_echoes_control_characters(self):
        found = read_address("two \x1b[31mwords")
        assert isinstance(found, RowError)
        assert "\x1b" not in found.detail


class TestDefang:
    def test_leaves_nothing_to_click(self):
        assert defang("https://www.example.com/a.b?c=d.e") == "hxxps://www[.]example[.]com/a.b?c=d.e"
        assert defang("http://192.0.2.7:8080/") == "hxxp://192[.]0[.]2[.]7:8080/"

    @given(
        st.from_regex(r"https?://[a-z0-9]{1,9}(\.[a-z]{2,6}){1,3}(:[1-9][0-9]{1,3})?(/[!-~]{0,20})?", fullmatch=True)
    )
    def test_is_undone_by_reading(self, raw: str):
        found = read_address(raw)
        assume(isinstance(found, Address))
        assert isinstance(found, Address)
        assert address(defang(found.url)).url == found.url


class TestSpeed:
    def test_ten_thousand_different_addresses_take_less_than_a_quarter_of_a_second(self):
        raws = [f"https://www.video{number % 3000}.example.com/watch?v={number}#t" for number in range(10_000)]
        read_address(raws[0])

        def seconds() -> float:
            start = process_time()
            for raw in raws:
                read_address(raw)
            return process_time() - start

        assert min(seconds() for _ in range(4)) < 0.25

    @pytest.mark.parametrize("raw", ["[" * 8000, " x" * 4000, "h" * 8000 + ":", "a." * 4000, "https://" + "@" * 8000])
    def test_hostile_text_costs_no_more_than_50_milliseconds(self, raw: str):
        def seconds() -> float:
            start = process_time()
            read_address(raw)
            return process_time() - start

        assert min(seconds() for _ in range(3)) < 0.05
