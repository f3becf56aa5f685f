import csv
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from apps.accounts.roles import Role
from apps.audit.models import AuditEntry
from apps.referrals.models import Case, Item, Upload
from apps.referrals.transitions import State
from tests.factories import DomainFactory, PlatformFactory, ReferralUnitFactory, member
from tests.portal.test_cases import ENVELOPE, text_of

OURS = Path(__file__).resolve().parents[1] / "data"
FOREIGN = (
    "ID,Description,URL,Created On\n"
    "1,A cat,video.example/1,12/21/22 16:41:59\n"
    "2,A dog,https://video.example/2,12/20/22 10:00:00\n"
    "3,A dog again,https://video.example/2,12/20/22 10:00:00\n"
    "4,Nobody's,nobody.example/4,12/20/22 10:00:00\n"
    "5,Tomorrow,https://video.example/5,12/20/68 10:00:00\n"
)
COLUMNS = {"url": "2", "external_id": "0", "note": "1", "published_on": "3", "dates": "month_first"}


def choose(client, content, name="list.csv"):
    data = content if isinstance(content, bytes) else content.encode()
    return client.post("/cases/upload/", {"file": SimpleUploadedFile(name, data, content_type="text/csv")})


def step(upload, name):
    return reverse(f"portal:{name}", args=[upload.key])


@pytest.fixture
def unit():
    return ReferralUnitFactory()


@pytest.fixture
def officer(client, unit):
    user = member(unit, Role.OFFICER)
    client.force_login(user)
    return user


@pytest.fixture
def video():
    return PlatformFactory(slug="video", name="Video Site")


@pytest.fixture
def upload(client, officer, video):
    choose(client, FOREIGN)
    return Upload.objects.get()


@pytest.fixture
def described(client, upload):
    assert client.post(step(upload, "upload"), ENVELOPE | COLUMNS | {"act": "describe"}).status_code == 302
    upload.refresh_from_db()
    return upload


class TestChoosing:
    def test_a_table_is_kept_and_leads_on(self, client, officer):
        response = choose(client, FOREIGN)
        upload = Upload.objects.get()
        assert response["Location"] == step(upload, "upload")
        assert upload.name == "list.csv" and bytes(upload.content) == FOREIGN.encode()

    @pytest.mark.parametrize(
        ("content", "sentence"),
        [
            (b"PK\x03\x04 a spreadsheet", "save it as “CSV UTF-8”"),
            (b"\n\n", "The file is empty."),
            (b"", "empty"),
        ],
    )
    def test_what_is_no_table_is_refused_in_words(self, client, officer, content, sentence):
        response = choose(client, content)
        assert response.status_code == 422 and sentence in text_of(response)
        assert not Upload.objects.exists()

    def test_it_can_be_thrown_away(self, client, upload):
        client.post(step(upload, "upload-discard"))
        assert not Upload.objects.exists()
        assert AuditEntry.objects.filter(verb="upload.discarded", operation="erase").exists()

    def test_one_left_lying_is_found_again(self, client, upload):
        assert step(upload, "upload") in client.get("/cases/upload/").content.decode()
        client.force_login(member(ReferralUnitFactory(), Role.OFFICER))
        assert "list.csv" not in client.get("/cases/upload/").content.decode()

    def test_belongs_to_the_organisation(self, client, upload):
        client.force_login(member(ReferralUnitFactory(), Role.OFFICER))
        for name in ("upload", "upload-check", "upload-rejects"):
            assert client.get(step(upload, name)).status_code == 404
        for name in ("upload-file", "upload-discard"):
            assert client.post(step(upload, name)).status_code == 404

    def test_who_may_not_file_uploads_nothing(self, client, video):
        client.force_login(member(video, Role.CONTACT_POINT))
        assert choose(client, FOREIGN).status_code == 403


class TestDescribing:
    def test_columns_and_date_format_are_suggested(self, client, upload):
        page = client.get(step(upload, "upload")).content.decode()
        assert '<option value="2" selected>URL</option>' in page
        assert '<option value="3" selected>Created On</option>' in page
        assert 'value="month_first" id="id_dates_2" required checked' in page or 'value="month_first"' in page
        assert "hxxps://video[.]example/2" in page and "A cat" in page

    def test_without_a_column_of_addresses_it_does_not_go_on(self, client, upload):
        response = client.post(step(upload, "upload"), ENVELOPE | COLUMNS | {"url": ""})
        assert response.status_code == 422
        assert "Autumn sweep" in response.content.decode()

    def test_an_instrument_s_rule_comes_back_to_its_field(self, client, upload):
        response = client.post(step(upload, "upload"), ENVELOPE | COLUMNS | {"instrument": "notice"})
        assert response.status_code == 422 and "#id_good_faith" in response.content.decode()

    def test_what_was_said_is_shown_again_on_the_way_back(self, client, described):
        page = client.get(step(described, "upload")).content.decode()
        assert "Autumn sweep" in page and '<option value="0" selected>ID</option>' in page

    def test_the_proposal_of_an_area_works_without_scripts(self, client, upload):
        page = client.post(step(upload, "upload"), {"area": "hate_speech", "act": "propose"}).content.decode()
        assert '<option value="STATEMENT_CATEGORY_ILLEGAL_OR_HARMFUL_SPEECH" selected>' in page

    def test_checking_comes_after_describing(self, client, upload):
        assert client.get(step(upload, "upload-check"))["Location"] == step(upload, "upload")


class TestChecking:
    def test_accounts_for_every_row(self, client, described):
        text = text_of(client.get(step(described, "upload-check")))
        assert "2 rows can be filed." in text and "3 rows are left over" in text
        for words in ("All rows 5", "Ready 2", "Known already 1", "No platform 1", "Not readable 1"):
            assert words in text
        assert "hxxps://video[.]example/2" in text
        assert not Case.objects.exists()

    def test_shows_one_result_on_request(self, client, described):
        text = text_of(client.get(step(described, "upload-check"), {"result": "unrouted"}))
        assert "nobody[.]example/4" in text and "video[.]example/2" not in text

    def test_names_lines_as_the_file_has_them(self, client, described):
        page = client.get(step(described, "upload-check"), {"result": "unrouted"}).content.decode()
        assert '<td class="n muted" data-label="Line">5</td>' in page

    def test_rejects_keep_their_columns_and_say_why(self, client, described):
        content = client.get(step(described, "upload-rejects")).content.decode("utf-8-sig")
        rows = list(csv.DictReader(content.splitlines()))
        assert [(row["ID"], row["result"]) for row in rows] == [
            ("3", "duplicate"),
            ("4", "unrouted"),
            ("5", "invalid"),
        ]
        assert "in the future" in rows[2]["detail"]


class TestFiling:
    def test_makes_one_case_of_the_good_rows_and_forgets_the_file(self, client, described):
        response = client.post(step(described, "upload-file"), {"act": "submit"}, follow=True)
        case = Case.objects.get()
        assert response.redirect_chain[-1][0] == reverse("portal:case", args=[case.reference])
        assert case.source == "upload" and case.leftovers.count() == 3
        assert set(case.referrals.values_list("state", flat=True)) == {State.IN_REVIEW}
        first, second = Item.objects.order_by("row")
        assert (first.url, first.external_id, first.note) == ("https://video.example/1", "1", "A cat")
        assert str(second.published_on) == "2022-12-20"
        described.refresh_from_db()
        assert described.filed_as == case.reference and bytes(described.content) == b""

    def test_happens_once(self, client, described):
        client.post(step(described, "upload-file"), {"act": "draft"})
        response = client.post(step(described, "upload-file"), {"act": "draft"}, follow=True)
        assert Case.objects.count() == 1
        assert response.redirect_chain[-1][0] == reverse("portal:case", args=[Case.objects.get().reference])

    def test_needs_a_description(self, client, upload):
        client.post(step(upload, "upload-file"), {"act": "draft"})
        assert not Case.objects.exists()

    @pytest.mark.parametrize(
        ("name", "columns"),
        [
            ("takedown_urls.csv", {"url": "2", "dates": "iso"}),
            ("alerts_export.csv", {"url": "2", "external_id": "0", "published_on": "4", "dates": "month_first"}),
        ],
    )
    def test_takes_our_own_files_of_foreign_shape(self, client, officer, video, name, columns):
        DomainFactory(platform=video, host="example")
        accounted_for(client, OURS / name, columns)

    @pytest.mark.shared_fixtures
    @pytest.mark.parametrize(
        ("name", "columns"),
        [
            ("public_takedown_urls.csv", {"url": "2", "dates": "iso"}),
            ("tcap_alerts.csv", {"url": "2", "external_id": "0", "published_on": "4", "dates": "month_first"}),
        ],
    )
    def test_takes_real_files(self, client, officer, video, shared, name, columns):
        for host in ("github.io", "wikipedia.org", "wikimedia.org", "blogspot.com"):
            DomainFactory(platform=video, host=host)
        accounted_for(client, shared / "intake" / name, columns)


def accounted_for(client, path, columns):
    """Every row of the file is an item of the case or a row left over."""
    choose(client, path.read_bytes(), name=path.name)
    upload = Upload.objects.get()
    response = client.post(step(upload, "upload"), ENVELOPE | columns | {"act": "describe"})
    assert response["Location"] == step(upload, "upload-check")
    assert client.get(step(upload, "upload-check")).status_code == 200
    client.post(step(upload, "upload-file"), {"act": "draft"})
    case = Case.objects.get()
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = len(list(csv.reader(file))) - 1
    assert Item.objects.count() + case.leftovers.count() == case.row_count == rows
    assert Item.objects.count() > 5
