import re

import pytest
import yaml
from django.test import Client

from apps.api.documentation import groups


@pytest.fixture
def document():
    return yaml.safe_load(Client().get("/api/v1/schema/").content)


class TestThePage:
    def test_shows_every_call_to_everybody_without_script(self, document):
        page = Client().get("/api/v1/docs/").content.decode()
        calls = [operation["operationId"] for methods in document["paths"].values() for operation in methods.values()]
        assert [f'id="{one}"' in page for one in calls] == [True] * len(calls)
        assert "`" not in page
        assert not re.search(r"<script(?![^>]*\bsrc=)", page)

    def test_says_of_a_field_what_it_is(self, document):
        filing = next(call for group in groups(document) for call in group.calls if call.id == "cases_file")
        fields = {field.path: field for field in filing.body}
        assert (fields["instrument"].kind, fields["instrument"].required) == ("code", True)
        assert "trusted_flagger_notice" in fields["instrument"].codes
        assert (fields["keywords"].kind, fields["keywords"].required) == ("array of code", False)
        assert fields["items[].published_on"].kind == "date"
        answer = {field.path: field.kind for field in filing.answers[0].fields}
        assert answer["rows[].code"] == "string or null"
        assert '"IRU-2026-118"' in filing.request

    def test_has_words_for_every_call_and_every_error(self, document):
        for group in groups(document):
            for call in group.calls:
                assert call.summary and call.description and all(answer.description for answer in call.answers[1:])


class TestTheIndex:
    def test_leads_to_everything(self, officer):
        places = officer.client.get("/api/v1/").json()
        answers = {
            name: officer.get(address.removeprefix("http://testserver/api/v1/")) for name, address in places.items()
        }
        assert {name: one.status_code for name, one in answers.items() if one.status_code != 200} == {"webhooks": 403}
