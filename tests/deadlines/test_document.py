"""docs/reminders.md shows the ladder as it is."""

import re
from pathlib import Path

from apps.deadlines.ladder import LADDER

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reminders.md"


def test_the_page_shows_every_rung_with_its_share_of_the_time():
    rows = re.findall(r"^\| `(\w+)` \| (\d+) \|", PAGE.read_text(), re.MULTILINE)
    assert rows == [(step.rung.value, str(step.percent)) for step in LADDER]
