"""Invented content for the component page: every component in every state. Never shown in production."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from apps.portal.charts import (
    Area,
    Bar,
    Series,
    Spread,
    choropleth,
    dumbbell,
    horizontal_bars,
    sparkline,
    stacked_columns,
)
from apps.portal.presenters.navigation import Item, Section
from apps.portal.presenters.status import MARKS
from apps.portal.presenters.tiles import Change, Event, Step, Tab, Tile
from apps.referrals.transitions import State

MONTHS = ("Dec", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov")
STATES = {
    "AT": ("Austria", 61), "BE": ("Belgium", 118), "BG": ("Bulgaria", 34), "HR": ("Croatia", 12),
    "CY": ("Cyprus", 4), "CZ": ("Czechia", 41), "DK": ("Denmark", 38), "EE": ("Estonia", 9),
    "FI": ("Finland", 55), "FR": ("France", 170), "DE": ("Germany", 164), "GR": ("Greece", 29),
    "HU": ("Hungary", 18), "IE": ("Ireland", 72), "IT": ("Italy", 121), "LV": ("Latvia", 8),
    "LT": ("Lithuania", 16), "LU": ("Luxembourg", 6), "MT": ("Malta", 5), "NL": ("Netherlands", 131),
    "PL": ("Poland", 66), "PT": ("Portugal", 27), "RO": ("Romania", 58), "SK": ("Slovakia", 11),
    "SI": ("Slovenia", 7), "ES": ("Spain", 109), "SE": ("Sweden", 44),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Person:
    """Stands where the principal stands."""

    label: str = "Signe Lindqvist"
    email: str = "signe.lindqvist@bureau.example"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the sample list."""

    reference: str
    subject: str
    platform: str
    urgency: str
    state: str
    sent_at: datetime
    due_at: datetime | None
    met_at: datetime | None = None


class FilterForm(forms.Form):
    q = forms.CharField(label="Search", required=False)
    state = forms.MultipleChoiceField(
        label="State",
        required=False,
        choices=State.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    platform = forms.ChoiceField(
        label="Platform", required=False, choices=[("", "All platforms"), ("1", "VidStream"), ("2", "ForumHub")]
    )


class AnswerForm(forms.Form):
    outcome = forms.ChoiceField(
        label="Outcome", widget=forms.RadioSelect, choices=[("REMOVED", "Content removed"), ("NO_ACTION", "No action")]
    )
    ground = forms.ChoiceField(
        label="Ground",
        help_text="It goes into the statement of reasons.",
        choices=[("", "Choose a ground"), ("law", "Illegal content"), ("terms", "Against the terms and conditions")],
    )
    explanation = forms.CharField(
        label="Explanation", widget=forms.Textarea(attrs={"rows": 3}), help_text="The sender reads this text."
    )
    platform_reference = forms.CharField(label="Your reference", required=False)
    file = forms.FileField(label="List of addresses", required=False, help_text="CSV, up to 20 MB.")
    notify = forms.BooleanField(label="Send the statement of reasons to the user now", required=False)


def frame() -> dict[str, Any]:
    """What the frame shows when nobody is signed in on the component page."""
    return {
        "principal": Person(),
        "nav": [
            Section(
                "",
                (
                    Item("My desk", "#desk", "house", current=False),
                    Item("New case", "#new", "file-plus", current=False),
                    Item("Referrals", "#inbox", "inbox", current=True),
                    Item("Overdue", "#overdue", "clock-alert", current=False),
                ),
            ),
            Section("Oversight", (Item("Monitoring", "#m", "chart-no-axes-combined", current=False),)),
        ],
        "acting_for": {
            "name": "Online Safety Bureau",
            "kind": "Internet referral unit",
            "role": "Officer",
            "others": [{"slug": "harbour", "name": "Harbour Hotline"}],
        },
    }


def rows(now: datetime) -> list[Row]:
    """Lines in all moods of a deadline."""
    hour = timedelta(hours=1)
    return [
        Row("R-7KQ4-93DM-X", "Livestream re-uploads of an attack", "VidStream", "life", "sent",
            now - hour, now + hour / 2),
        Row("R-2MF8-K0TA-4", "Incitement to violence against a minority, 12 posts", "ForumHub", "hour", "received",
            now - 4 * hour, now - 3 * hour),
        Row("R-9XV1-3QPB-H", "Fake investment adverts that use a public figure", "PicPost", "day", "acknowledged",
            now - 20 * hour, now + 4 * hour),
        Row("R-4D7T-WN52-K", "Unlabelled e-cigarette liquids", "MarketLane", "standard", "info_requested",
            now - 50 * hour, now + 118 * hour),
        Row("R-6HB3-0RYE-M", "Phishing network, 31 pages", "Bluewave", "standard", "answered", now - 90 * hour,
            now + 78 * hour, now - 12 * hour),
        Row("R-1ZC9-8GJS-7", "Recalled baby carriers still on sale", "MarketLane", "crisis", "draft", now, None),
    ]  # fmt: skip


def figures() -> dict[str, Any]:
    """Each chart, and each of its quiet states."""
    volumes = [9, 11, 15, 31, 33, 45, 57, 84, 131, 178, 270, 500]
    series = [
        Series("Removed", tuple(round(v * 0.55) for v in volumes)),
        Series("Restricted", tuple(round(v * 0.12) for v in volumes)),
        Series("No action", tuple(round(v * 0.18) for v in volumes)),
        Series("Still open", (0,) * 11 + (219,)),
    ]
    platforms = [
        Bar("Scams and fraud", 1339),
        Bar("Illegal or harmful speech", 306),
        Bar("Unsafe, non-compliant or prohibited products and services", 202),
        Bar("Protection of minors", 174),
        Bar("Violence", 12),
    ]
    times = [Spread("MarketLane", 20.04, 101.5), Spread("Bluewave", 21.1, 74.8), Spread("ChatSphere", 24.3, 97.3)]
    return {
        "columns": stacked_columns("sg-columns", title="Items by month and outcome", labels=MONTHS, series=series),
        "bars": horizontal_bars("sg-bars", title="Items by category", bars=platforms),
        "dumbbell": dumbbell("sg-dumbbell", title="Hours from receipt to answer", spreads=times),
        "map": choropleth(
            "sg-map", title="Referrals by member state", areas=[Area(c, n, v) for c, (n, v) in STATES.items()]
        ),
        "no_rows": horizontal_bars("sg-none", title="Without rows", bars=[]),
        "all_zero": stacked_columns(
            "sg-zero", title="All zero", labels=MONTHS[:3], series=[Series("Removed", (0, 0, 0))], width=340
        ),
        "one_row": dumbbell("sg-one", title="One row", spreads=times[:1], width=340, label_width=90),
    }


def tiles() -> list[Tile]:
    """Key figures with good, bad and no change."""
    line = sparkline([3, 4, 3, 5, 4, 6, 5, 7, 6, 9, 8, 12])
    return [
        Tile("Items referred", "1,571", change=Change("138 %", "up"), note="against the month before", sparkline=line),
        Tile("Answered in time", "93", "%", Change("3 points", "up", is_good=True), definition="1,461 of 1,571 items"),
        Tile("Median time to answer", "23", "h", Change("8 %", "down", is_good=True), sparkline=line),
        Tile("Overdue now", "69", change=Change("12 %", "up", is_good=False), note="oldest 6 days", url="#overdue"),
    ]


def page(query: Any) -> dict[str, Any]:
    """Everything the component page shows."""
    now = timezone.now()
    refused = AnswerForm(data={})
    refused.is_valid()
    return {
        **frame(),
        "now": now,
        "rows": rows(now),
        "marks": {str(kind): list(marks) for kind, marks in MARKS.items()},
        "later": now + timedelta(minutes=5),
        "dues": [now + timedelta(hours=h) for h in (-80, -3, 0.4, 5, 30, 150)],
        "tiles": tiles(),
        "figures": figures(),
        "filter_form": FilterForm(query),
        "answer_form": AnswerForm(),
        "refused_form": refused,
        "steps": [Step("Addresses", "done", "#"), Step("Reasons", "current"), Step("Check and submit", "next")],
        "tabs": [Tab("All", "#", is_current=True, count=1400), Tab("New", "#", count=81), Tab("Mine", "#")],
        "facts": [("From", "Online Safety Bureau"), ("Category", "Violence"), ("Assigned", "")],
        "events": [
            Event(now, "ForumHub", "asked for information.", "message-circle-question-mark", "wait",
                  quote="Please supply the profile identifier: the address leads to a sign-in page."),
            Event(now - timedelta(hours=2), "ForumHub", "confirmed receipt.", "check", "busy"),
            Event(now - timedelta(hours=5), "Online Safety Bureau", "sent the referral with 4 items.", "send", "info"),
        ],
        "address": "https://vidstream.example/watch?v=9fK2mQ71xB0",
    }  # fmt: skip
