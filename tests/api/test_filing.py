import pytest

from apps.accounts.roles import Role
from apps.referrals.models import Case, Item, Referral
from tests.api.conftest import filing


class TestFiling:
    def test_makes_a_case_a_referral_per_platform_and_an_item_per_address(self, officer, video):
        response = officer.post("cases/", filing("https://video.example/1", "https://video.example/2", submit=True))
        assert response.status_code == 201
        body = response.json()
        (referral,) = body["referrals"]
        assert referral == {
            "reference": Referral.objects.get().reference,
            "platform": "video",
            "platform_name": video.name,
            "state": "in_review",
            "items": 2,
        }
        assert [row["result"] for row in body["rows"]] == ["filed", "filed"]
        assert {row["item"] for row in body["rows"]} == set(Item.objects.values_list("reference", flat=True))
        assert Case.objects.get().source == "api"

    def test_answers_for_every_row_and_files_the_good_ones(self, officer, video):
        body = filing("https://video.example/1", "https://nobody.example/", "no address", "https://video.example/1")
        body["items"].append({"url": "https://video.example/2", "colour": "red"})
        rows = officer.post("cases/", body).json()["rows"]
        assert [(row["row"], row["result"], row["code"]) for row in rows] == [
            (0, "filed", None),
            (1, "unrouted", "unrouted"),
            (2, "invalid", "not_an_address"),
            (3, "duplicate", "repeated"),
            (4, "invalid", "unknown_field"),
        ]
        assert all(row["detail"].endswith(".") for row in rows[1:])
        assert Item.objects.count() == 1

    def test_writes_nothing_in_a_dry_run_and_says_the_same(self, officer, video):
        body = filing("https://video.example/1", "https://nobody.example/")
        dry = officer.post("cases/?dry_run=true", body, key="")
        assert dry.status_code == 200
        assert dry.json()["case"] is None
        assert not Case.objects.exists()
        wet = officer.post("cases/", body).json()
        assert [row["result"] for row in dry.json()["rows"]] == [row["result"] for row in wet["rows"]]

    def test_keeps_halves_of_characters_and_nul_out_of_the_database(self, officer, video):
        body = filing("https://video.example/1")
        body["items"] += [{"url": "https://video.example/2", "note": "\ud800"}, {"url": "a\0b"}, {"\0": "\udfff"}]
        response = officer.post("cases/", body)
        assert response.status_code == 201
        assert [row["result"] for row in response.json()["rows"]] == ["filed", "invalid", "invalid", "invalid"]

    def test_refuses_when_no_row_can_be_filed_and_says_why_by_row(self, officer, video):
        response = officer.post("cases/", filing("https://nobody.example/"))
        assert response.status_code == 422
        assert response.json()["code"] == "nothing_to_file"
        assert response.json()["rows"][0]["code"] == "unrouted"

    def test_takes_at_most_ten_thousand_rows(self, officer, monkeypatch):
        monkeypatch.setattr("apps.api.views.cases.MOST_ROWS", 2)
        response = officer.post("cases/", filing(*["https://video.example/1"] * 3))
        assert response.status_code == 422
        assert (response.json()["code"], response.json()["limit"]) == ("too_many_rows", 2)

    @pytest.mark.parametrize(
        ("fields", "code", "named"),
        [
            ({"colour": "red"}, "unknown_field", "colour"),
            ({"sender": "unit"}, "unknown_field", "sender"),
            ({"reasons": 5}, "invalid", "reasons"),
            ({"submit": "yes"}, "invalid", "submit"),
            ({"items": []}, "invalid", "items"),
            ({"items": {"url": "x"}}, "invalid", "items"),
            ({"keywords": "KEYWORD_OTHER"}, "invalid", "keywords"),
            ({"title": "a\0b"}, "invalid", "title"),
            ({"note": "\ud800"}, "invalid", "note"),
            ({"category": "STATEMENT_CATEGORY_OF_OURS"}, "filing_invalid", "category"),
            ({"urgency": "soon"}, "filing_invalid", "urgency"),
        ],
    )
    def test_names_the_fields_that_are_wrong(self, officer, fields, code, named):
        response = officer.post("cases/", filing("https://video.example/1", **fields))
        assert response.status_code == 422
        assert response.json()["code"] == code
        assert list(response.json()["errors"]) == [named]

    def test_is_refused_to_whoever_may_not_issue_the_instrument(self, officer, video):
        body = filing("https://video.example/1", instrument="trusted_flagger_notice", good_faith=True)
        response = officer.post("cases/", body)
        assert (response.status_code, response.json()["code"]) == (422, "instrument_not_permitted")

    def test_is_forbidden_to_platforms(self, contact):
        response = contact.post("cases/", filing("https://video.example/1"))
        assert (response.status_code, response.json()["code"]) == (403, "permission_denied")

    def test_speaks_the_language_asked_for_and_keeps_its_codes(self, officer, video):
        body = filing("https://nobody.example/", "https://video.example/1")
        german = officer.post("cases/?dry_run=true", body, **{"Accept-Language": "fr"})
        assert german.headers["Content-Language"] == "fr"
        assert german.json()["rows"][0]["code"] == "unrouted"

    def test_takes_an_external_identifier_once(self, officer, video):
        officer.post("cases/", filing("https://video.example/1", external_id="118"))
        response = officer.post("cases/", filing("https://video.example/2", external_id="118"))
        assert (response.status_code, response.json()["code"]) == (409, "external_id_taken")


class TestCases:
    def test_are_listed_newest_first_and_logged(self, officer, video):
        from apps.audit.models import AuditEntry

        for number in range(3):
            officer.post("cases/", filing(f"https://video.example/{number}", title=f"Case {number}"))
        found = officer.get("cases/").json()["results"]
        assert [case["title"] for case in found] == ["Case 2", "Case 1", "Case 0"]
        entry = AuditEntry.objects.get(verb="case.listed")
        assert entry.details == {"references": [case["reference"] for case in found]}

    def test_say_what_became_of_every_row(self, officer, video):
        case = officer.post("cases/", filing("https://video.example/1", "https://nobody.example/", "x")).json()["case"]
        body = officer.get(f"cases/{case}/").json()
        assert body["leftovers"] == {"invalid": 1, "unrouted": 1}
        assert body["rows"] == 3
        assert [(row["platform"], row["items"]) for row in body["referrals"]] == [("video", 1)]

    def test_are_nobody_elses(self, officer, contact, api, video):
        from tests.factories import ReferralUnitFactory

        case = officer.post("cases/", filing("https://video.example/1")).json()["case"]
        stranger = api(ReferralUnitFactory(), Role.OFFICER)
        missing = stranger.get("cases/C-0000-0000-0/")
        for client in (stranger, contact):
            response = client.get(f"cases/{case}/")
            assert (response.status_code, response.content) == (404, missing.content)
