"""docs/webhooks.md is what an engineer copies from: its snippets are run, its tables compared with the code."""

import json
import re
import subprocess
from datetime import timedelta

import pytest
from django.utils import timezone
from standardwebhooks import WebhookVerificationError

from apps.delivery.models import Message
from apps.delivery.outgoing import Answer, NoAnswer
from apps.delivery.services.settling import WAITS
from apps.delivery.webhooks.messages import type_of
from apps.delivery.webhooks.signing import headers_for, new_pair
from apps.delivery.webhooks.verdicts import NO_ANSWERS, TRIES_WHERE_REFUSED, Outcome, verdict_on
from deploy.local.machine import node
from deploy.local.paths import ROOT

PAGE = (ROOT / "docs" / "webhooks.md").read_text()
BODY = b'{"type":"referral.sent","data":{"reference":"R-1"}}'
NOW = timezone.now()
WORDS = {
    "taken": Outcome.TAKEN,
    "later": Outcome.LATER,
    "throttled": Outcome.THROTTLED,
    "refused": Outcome.REFUSED,
    "gone": Outcome.GONE,
    "forbidden": Outcome.FORBIDDEN,
}


def blocks(language):
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


def rows(heading):
    """The cells of the table below a heading."""
    table = PAGE.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    lines = [line for line in table.splitlines() if line.startswith("|")][2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


@pytest.fixture(scope="module")
def python():
    names = {}
    for block in blocks("python"):
        exec(block, names)  # noqa: S102  it is our own document
    return names


def in_node(call, **given):
    script = (
        "\n".join(blocks("js"))
        + f"""
const given = JSON.parse(require("fs").readFileSync(0, "utf8"));
try {{ console.log(JSON.stringify({call})); }} catch (problem) {{ console.log('"refused"'); }}
"""
    )
    done = subprocess.run(
        [*node(), "-e", script], cwd=ROOT, input=json.dumps(given), capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


def signed(pair, minutes=0):
    at = timezone.now() - timedelta(minutes=minutes)
    return dict(headers_for(BODY, message="0b7a5f9e-6c1d-4a8e-9b57-0d6f6c6f7a11", at=at, keys=[pair, new_pair()]))


class TestSnippets:
    def test_in_python_read_a_message(self, python):
        pair = new_pair()
        assert python["receive"](BODY, signed(pair), pair.shared) == json.loads(BODY)
        for headers, secret in ((signed(pair), new_pair().shared), (signed(pair, minutes=6), pair.shared)):
            with pytest.raises(WebhookVerificationError):
                python["receive"](BODY, headers, secret)

    def test_in_python_answer_a_challenge(self, python):
        challenge = {"type": "endpoint.challenge", "data": {"challenge": "x"}}
        assert python["answer_to"](challenge) == (200, {"challenge": "x"})

    def test_in_python_know_us_by_the_public_key(self, python):
        pair = new_pair()
        assert python["is_ours"](BODY, signed(pair), pair.public)
        assert not python["is_ours"](BODY, signed(pair), new_pair().public)
        assert not python["is_ours"](BODY + b" ", signed(pair), pair.public)
        assert not python["is_ours"](BODY, signed(pair, minutes=6), pair.public)

    def test_in_javascript_read_a_message(self):
        pair = new_pair()
        call, common = "receive(given.body, given.headers, given.secret)", {"body": BODY.decode()}
        assert in_node(call, headers=signed(pair), secret=pair.shared, **common) == json.loads(BODY)
        assert in_node(call, headers=signed(pair, minutes=6), secret=pair.shared, **common) == "refused"
        assert in_node(call, headers=signed(pair), secret=new_pair().shared, **common) == "refused"

    def test_in_javascript_know_us_by_the_public_key(self):
        pair = new_pair()
        call, common = "isOurs(given.body, given.headers, given.key)", {"body": BODY.decode()}
        assert in_node(call, headers=signed(pair), key=pair.public, **common) is True
        assert in_node(call, headers=signed(pair), key=new_pair().public, **common) is False
        assert in_node(call, headers=signed(pair, minutes=6), key=pair.public, **common) is False


class TestTables:
    def test_name_every_type_of_message(self):
        listed = {cells[0].strip("`") for cells in rows("A message")}
        assert listed == {type_of(message) for message in Message}

    @pytest.mark.parametrize("tries", [1, TRIES_WHERE_REFUSED])
    def test_say_what_every_status_means(self, tries):
        wrong = {
            status: (meant, found)
            for status in range(200, 600)
            if (meant := documented(status, tries))
            is not (found := verdict_on(Answer(status, b""), tries=tries, at=NOW).outcome)
        }
        assert wrong == {}

    @pytest.mark.parametrize("silence", NO_ANSWERS)
    def test_say_what_silence_means(self, silence):
        told = {cells[0]: cells[1:] for cells in rows("What your answer means")}
        if silence == "forbidden":
            assert told["the name leads inside"][1].startswith("forbidden")
        else:
            (cells,) = [cells for answer, cells in told.items() if answer.startswith("nothing")]
            assert WORDS[cells[0].split(":")[0]] is verdict_on(NoAnswer(silence), tries=99, at=NOW).outcome

    def test_say_when_the_next_try_is(self):
        steps = re.search(r"\*Later\* is (.+?) after the last try, then five times a day later", PAGE)[1]
        unit = {"s": 1, "min": 60, "h": 3600}
        seconds = [int(number) * unit[word] for number, word in re.findall(r"(\d+) (s|min|h)", steps)]
        assert (*seconds, *[86_400] * 5) == WAITS


def documented(status, tries):
    """The outcome by the table: a row that names the status, else `other 4xx`, else its class."""
    table = {cells[0]: cells[1:] for cells in rows("What your answer means")}
    named = next((cells for answer, cells in table.items() if str(status) in answer.split(", ")), None)
    cells = named or table.get(f"other {status // 100}xx") or table[f"{status // 100}xx"]
    message, endpoint = cells[0].split(":")[0], cells[1].split(":")[0]
    if endpoint in {"gone", "forbidden"}:
        return WORDS[endpoint]
    if "after the fourth time refused" in cells[0] and tries >= TRIES_WHERE_REFUSED:
        return Outcome.REFUSED
    return WORDS[message.split(",")[0]]
