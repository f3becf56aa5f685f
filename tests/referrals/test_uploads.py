import pytest
from django.utils import timezone

from apps.accounts.roles import Role
from apps.referrals import services
from apps.referrals.intake.decoding import TableRefused
from apps.referrals.intake.mapping import read_table_rows, suggest_mapping
from apps.referrals.intake.tables import read_table
from apps.referrals.models import Case, Upload
from apps.referrals.services import Filing, UploadFiled
from tests.factories import PlatformFactory, ReferralUnitFactory, principal_for

FILING = Filing(
    instrument="referral",
    area="terrorism",
    category="STATEMENT_CATEGORY_RISK_FOR_PUBLIC_SECURITY",
    reasons="Instructions for violence.",
)
CONTENT = b"url\nhttps://video.example/1\n"


@pytest.fixture
def officer():
    return principal_for(ReferralUnitFactory(), Role.OFFICER)


@pytest.fixture
def upload(officer, acting):
    PlatformFactory(slug="video")
    with acting(officer):
        return services.keep_upload(name="list.csv", content=CONTENT, by=officer, at=timezone.now())


def file(upload, officer):
    table = read_table(CONTENT)
    rows = read_table_rows(table, suggest_mapping(table), today=timezone.localdate())
    return services.file_upload(upload, FILING, rows, submit=False, by=officer, at=timezone.now())


class TestKeeping:
    def test_what_is_no_table_is_not_kept(self, officer, acting):
        with acting(officer), pytest.raises(TableRefused):
            services.keep_upload(name="x.zip", content=b"PK\x03\x04", by=officer, at=timezone.now())
        assert not Upload.objects.exists()

    def test_a_long_name_keeps_its_ending(self, officer, acting):
        with acting(officer):
            upload = services.keep_upload(name="x" * 300 + ".csv", content=CONTENT, by=officer, at=timezone.now())
        assert len(upload.name) == 200 and upload.name.endswith(".csv")


class TestFiling:
    def test_happens_once_even_for_a_copy_read_before(self, upload, officer, acting):
        with acting(officer):
            file(upload, officer)
            with pytest.raises(UploadFiled):
                file(upload, officer)
        assert Case.objects.count() == 1

    def test_what_was_filed_is_neither_described_again_nor_thrown_away(self, upload, officer, acting):
        with acting(officer):
            file(upload, officer)
            with pytest.raises(UploadFiled):
                services.describe_upload(upload, mapping={}, by=officer, at=timezone.now())
            with pytest.raises(UploadFiled):
                services.discard_upload(upload, by=officer, at=timezone.now())
        assert Upload.objects.get().filed_as == Case.objects.get().reference
