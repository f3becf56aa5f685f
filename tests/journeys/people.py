import json
import re
import uuid
from collections.abc import Sequence
from html.parser import HTMLParser
from typing import Any

from django.test import Client

from apps.accounts.models import User
from tests.factories.people import PASSWORD


class Visitor:
    """Somebody at a browser without scripts. Signs in by the form, follows where the portal leads."""

    def __init__(self, person: User):
        self.client = Client()
        self.open("/sign-in/")
        page = self.send("/sign-in/", login=person.email, password=PASSWORD)
        assert person.name in page, "signing in leads to a page that greets the person"

    def open(self, path: str) -> str:
        return self._page(self.client.get(path, follow=True))

    def send(self, path: str, **data: Any) -> str:
        response = self.client.post(path, data, follow=True)
        self.place = response.request["PATH_INFO"]
        return self._page(response)

    @staticmethod
    def _page(response: Any) -> str:
        assert response.status_code == 200, response.content.decode()[:2000]
        return str(response.content.decode("utf-8-sig"))


class Program:
    """Another system, with a token."""

    def __init__(self, token: str):
        self.client = Client(headers={"Authorization": f"Bearer {token}"})

    def get(self, path: str, **query: str) -> Any:
        response = self.client.get(f"/api/v1/{path}", query)
        assert response.status_code == 200, response.content
        return response.json()

    def post(self, path: str, body: Any) -> Any:
        headers = {"Idempotency-Key": uuid.uuid4().hex}
        response = self.client.post(
            f"/api/v1/{path}", json.dumps(body), content_type="application/json", headers=headers
        )
        assert response.status_code in {200, 201}, response.content
        return response.json()


def references(page: str, name: str) -> list[str]:
    """The rows of a list that can be ticked, by the name of their boxes."""
    return re.findall(rf'name="{name}"\s+value="([^"]+)"', page)


def table_rows(page: str) -> list[Sequence[str]]:
    """Every row of every table of a page, as the words of its cells."""
    reader = _TableReader()
    reader.feed(page)
    return [[" ".join(cell.split()) for cell in row] for row in reader.rows]


class _TableReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self._in_cell = False

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        if tag == "tr":
            self.rows.append([])
        if tag in {"td", "th"}:
            self.rows[-1].append("")
            self._in_cell = True

    def handle_endtag(self, tag: str) -> None:
        if tag in {"td", "th"}:
            self._in_cell = False

    def handle_data(self, data: str) -> None:
        if self._in_cell:
            self.rows[-1][-1] += data
