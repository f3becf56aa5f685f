import json
import re
from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

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
from apps.portal.charts.atlas import MEMBERS, build_map
from apps.portal.charts.choropleth import classes_of
from apps.portal.charts.geometry import clipped, projected, signed_area, simplified
from apps.portal.charts.scales import nice_ticks, number

EVIL = '<script>"&</script>'
SQUARE = [(0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0)]
ATLAS = Path(__file__).resolve().parents[2] / "node_modules" / "world-atlas" / "countries-50m.json"


def parsed(drawing: str) -> Xml.Element:
    return Xml.fromstring(drawing)  # noqa: S314  our own drawing; that it parses is half of the test


def heights(drawing: str, css: str) -> list[float]:
    return [float(rect.get("height", "0")) for rect in parsed(drawing).iter("rect") if rect.get("class") == css]


def small_map(tmp_path, settings):
    """Two states are enough to see how values become colours."""
    path = tmp_path / "map.json"
    state = {"path": "M0,0L1,0L1,1Z", "x": 1, "y": 1, "is_small": False}
    states = {"FR": state, "MT": {**state, "is_small": True}, "GR": state}
    path.write_text(json.dumps({"width": 10, "height": 10, "states": states, "neighbours": ["M0,0L2,2Z"]}))
    settings.EU_MAP_PATH = path


class TestTicks:
    @pytest.mark.parametrize(
        ("maximum", "expected"),
        [
            (0, (0, 1)),
            (4, (0, 1, 2, 3, 4)),
            (500, (0, 200, 400, 600)),
            (0.3, (0, 0.1, 0.2, 0.3)),
            (1e6, (0, 250000, 500000, 750000, 1000000)),
        ],
    )
    def test_are_round_and_reach_the_maximum(self, maximum, expected):
        assert nice_ticks(maximum) == pytest.approx(expected)


class TestNumbers:
    def test_follow_the_language(self):
        with translation.override("fr"):
            assert re.sub(r"\s", " ", number(1234.56)) == "1 234,6"

    def test_keep_whole_figures_whole(self):
        with translation.override("en"):
            assert number(1200.0) == "1,200"

    def test_show_a_dash_for_what_is_not_known(self):
        assert number(None) == "–"


class TestStackedColumns:
    def draw(self, *values, name="Removed"):
        labels = [f"month {index}" for index in range(len(values[0]))]
        return stacked_columns("c", title="T", labels=labels, series=[Series(name, tuple(row)) for row in values])

    def test_stands_in_proportion_to_its_values(self):
        drawing = self.draw((100, 200)).drawing
        low, high = heights(drawing, "s1")
        assert high / low == pytest.approx(2, rel=0.02)

    def test_stacks_the_second_series_on_the_first(self):
        root = parsed(self.draw((100,), (50,)).drawing)
        first, second = (next(r for r in root.iter("rect") if r.get("class") == css) for css in ("s1", "s2"))
        assert float(second.get("y")) + float(second.get("height")) <= float(first.get("y"))

    def test_leaves_labels_out_before_they_overlap(self):
        many = self.draw(tuple(range(1, 61))).drawing
        assert len(re.findall(r">month \d+</text>", many)) < 30
        assert ">month 59</text>" in many

    @pytest.mark.parametrize("values", [((0, 0, 0),), ((),)])
    def test_draws_nothing_when_nothing_was_counted(self, values):
        figure = self.draw(*values)
        assert figure.drawing == ""
        assert len(figure.table.rows) == len(values[0])

    def test_escapes_names(self):
        assert "<script>" not in self.draw((1,), name=EVIL).drawing

    def test_has_its_numbers_as_a_table(self):
        assert self.draw((1, 2), (3, 4)).table.rows == (("month 0", "1", "3"), ("month 1", "2", "4"))


class TestHorizontalBars:
    def test_fill_the_width_with_the_largest(self):
        drawing = horizontal_bars("b", title="T", bars=[Bar("A", 50), Bar("B", 100)], width=340).drawing
        widths = [float(r.get("width")) for r in parsed(drawing).iter("rect") if r.get("class") == "s1"]
        assert widths == [170, 340]

    def test_shorten_a_long_name_and_keep_it_whole_in_the_tooltip(self):
        long = "Unsafe, non-compliant or prohibited products and services of all kinds"
        drawing = horizontal_bars("b", title="T", bars=[Bar(long, 1)]).drawing
        assert "…</text>" in drawing
        assert f"<title>{long}: 1</title>" in drawing

    @pytest.mark.parametrize("bars", [[], [Bar("A", 0)]])
    def test_draw_nothing_without_amounts(self, bars):
        assert horizontal_bars("b", title="T", bars=bars).drawing == ""

    def test_escape_names(self):
        assert "<script>" not in horizontal_bars("b", title=EVIL, bars=[Bar(EVIL, 1)]).drawing


class TestDumbbell:
    def test_puts_the_ninety_percent_mark_right_of_the_median(self):
        root = parsed(dumbbell("d", title="T", spreads=[Spread("A", 10, 40)]).drawing)
        median, p90 = (float(circle.get("cx")) for circle in root.iter("circle"))
        assert p90 > median

    @pytest.mark.parametrize("spreads", [[], [Spread("A", 0, 0)]])
    def test_draws_nothing_without_times(self, spreads):
        assert dumbbell("d", title="T", spreads=spreads).drawing == ""

    def test_says_all_of_it_in_the_description(self):
        drawing = dumbbell("d", title="T", spreads=[Spread("A", 10, 40)]).drawing
        assert "A: median 10 h, 90 % within 40 h." in drawing


class TestSparkline:
    def test_is_hidden_from_screen_readers(self):
        assert 'aria-hidden="true"' in sparkline([1, 2, 3])

    def test_of_equal_values_is_a_line(self):
        assert "nan" not in sparkline([5, 5, 5])

    @pytest.mark.parametrize("values", [[], [3]])
    def test_needs_two_values(self, values):
        assert sparkline(values) == ""


class TestChoropleth:
    def test_gives_equal_states_the_same_class(self):
        classes = classes_of([1, 1, 1, 1, 5, 9])
        assert classes.of(1) == "q3" and classes.of(9) == "q5"

    def test_names_the_range_of_each_class_by_its_real_values(self):
        classes = classes_of(range(1, 11))
        assert list(zip(classes.starts, classes.ends, strict=True)) == [(1, 2), (3, 4), (5, 6), (7, 8), (9, 10)]

    def test_marks_small_states_and_takes_greece_by_either_code(self, tmp_path, settings):
        small_map(tmp_path, settings)
        figure = choropleth(
            "m", title="T", areas=[Area("FR", "France", 9), Area("EL", "Greece", 2), Area("MT", "Malta", None)]
        )
        assert figure.drawing.count("<circle") == 1
        assert "Greece: 2" in figure.drawing
        assert [entry.swatch for entry in figure.legend] == ["q4", "q5", "q0"]

    def test_lists_the_highest_first(self, tmp_path, settings):
        small_map(tmp_path, settings)
        figure = choropleth("m", title="T", areas=[Area("FR", "France", 2), Area("GR", "Greece", 9)])
        assert figure.table.rows == (("Greece", "9"), ("France", "2"))

    def test_falls_back_to_the_table_where_the_map_was_not_built(self, tmp_path, settings):
        settings.EU_MAP_PATH = tmp_path / "missing.json"
        figure = choropleth("m", title="T", areas=[Area("FR", "France", 2)])
        assert figure.drawing == "" and figure.note and figure.table.rows

    @pytest.mark.parametrize("areas", [[], [Area("FR", "France", 0)], [Area("FR", "France", None)]])
    def test_draws_nothing_without_amounts(self, areas, tmp_path, settings):
        small_map(tmp_path, settings)
        figure = choropleth("m", title="T", areas=areas)
        assert figure.drawing == "" and figure.legend == ()


class TestGeometry:
    def test_projection_keeps_its_centre_and_north_up(self):
        assert projected(10, 52) == pytest.approx((0, 0), abs=1e-9)
        assert projected(10, 60)[1] < 0 < projected(20, 52)[0]

    def test_simplification_keeps_ends_and_corners(self):
        line = [(0.0, 0.0), (5.0, 0.01), (10.0, 0.0), (10.0, 10.0)]
        assert simplified(line, 0.5) == [(0.0, 0.0), (10.0, 0.0), (10.0, 10.0)]

    def test_simplification_leaves_tiny_islands_alone(self):
        assert simplified([*SQUARE, SQUARE[0]], 50) == [*SQUARE, SQUARE[0]]

    def test_clipping_keeps_the_part_inside(self):
        assert abs(signed_area(clipped(SQUARE, (5, -5, 20, 5)))) == pytest.approx(25)

    def test_clipping_away_everything_leaves_nothing(self):
        assert clipped(SQUARE, (50, 50, 60, 60)) == []


class TestBuildMap:
    def test_says_what_is_missing(self, tmp_path):
        with pytest.raises(CommandError, match="npm ci"):
            call_command("build_map", source=tmp_path / "none.json")

    @pytest.mark.skipif(not ATLAS.is_file(), reason="the atlas comes with `npm ci`")
    def test_draws_every_member_state(self, tmp_path, settings):
        settings.EU_MAP_PATH = tmp_path / "eu.json"
        call_command("build_map", verbosity=0)
        states = json.loads(settings.EU_MAP_PATH.read_text())["states"]
        assert set(states) == set(MEMBERS.values()) and len(states) == 27
        assert {code for code, state in states.items() if state["is_small"]} == {"LU", "MT"}

    @pytest.mark.skipif(not ATLAS.is_file(), reason="the atlas comes with `npm ci`")
    def test_lets_no_border_gape(self):
        """France and Germany share the points of their border exactly."""
        states = build_map(json.loads(ATLAS.read_text()))["states"]
        france, germany = (set(re.findall(r"[\d.-]+,[\d.-]+", states[code]["path"])) for code in ("FR", "DE"))
        assert len(france & germany) > 10
