"""From the world atlas (TopoJSON of Natural Earth, countries at 1:50 million) to the drawing of the Union.

Borders are simplified arc by arc, once for both neighbours, so that no gap opens between them.
"""

from dataclasses import dataclass, field
from typing import Any

from apps.portal.charts.geometry import Line, centroid, clipped, projected, signed_area, simplified

# ISO 3166-1 numeric → alpha-2. Åland is Finland's; the north of Cyprus is territory of the Union (Protocol 10).
MEMBERS = {
    "040": "AT", "056": "BE", "100": "BG", "191": "HR", "196": "CY", "203": "CZ", "208": "DK",
    "233": "EE", "246": "FI", "248": "FI", "250": "FR", "276": "DE", "300": "GR", "348": "HU",
    "372": "IE", "380": "IT", "428": "LV", "440": "LT", "442": "LU", "470": "MT", "528": "NL",
    "616": "PL", "620": "PT", "642": "RO", "703": "SK", "705": "SI", "724": "ES", "752": "SE",
}  # fmt: skip
MEMBERS_WITHOUT_CODE = {"N. Cyprus": "CY"}
NEIGHBOURS_WITHOUT_CODE = {"Kosovo"}
NEIGHBOURS = frozenset(
    {
        "826", "833", "831", "832", "756", "578", "688", "070", "008", "807", "499", "804", "112", "498", "792", "643",
        "504", "012", "788", "434", "818", "438", "020", "492", "674", "336", "352", "234", "760", "422", "376", "368",
        "268", "051", "031",
    }
)  # fmt: skip

# Corners of the picture, in degrees: west of Ireland, east of Cyprus, the North Cape, Crete.
WEST, EAST, NORTH, SOUTH = (-10.2, 36.5), (34.9, 34.6), (26.0, 71.4), (14.4, 35.2)
TOLERANCE = 0.45
SMALLEST_ISLAND = 0.15
SMALLEST_NEIGHBOUR = 8.0
SMALL_STATE = 120.0
KEEPS_EVERY_ISLAND = frozenset({"MT", "LU", "CY"})
MARGIN = 4.0


@dataclass(slots=True)
class Atlas:
    """Arcs of a TopoJSON file on the picture's plane, simplified on first use."""

    arcs: list[Line]
    geometries: list[dict[str, Any]]
    width: int
    height: int
    _simple: dict[int, Line] = field(default_factory=dict)

    def rings(self, geometry: dict[str, Any]) -> list[Line]:
        """All rings of a country, islands and holes alike."""
        polygons = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
        return [self._ring(indexes) for polygon in polygons for indexes in polygon]

    def _ring(self, indexes: list[int]) -> Line:
        points: Line = []
        for index in indexes:
            points += self._arc(index)[1 if points else 0 :]
        return points

    def _arc(self, index: int) -> Line:
        """TopoJSON writes an arc that runs backwards as its complement."""
        key = ~index if index < 0 else index
        if key not in self._simple:
            self._simple[key] = simplified(self.arcs[key], TOLERANCE)
        return self._simple[key][::-1] if index < 0 else self._simple[key]


def build_map(topology: dict[str, Any], *, width: int = 620) -> dict[str, Any]:
    """The drawing as data: `{width, height, states: {code: {path, x, y, is_small}}, neighbours: [path]}`."""
    atlas = read_atlas(topology, width=width)
    rings_of: dict[str, list[Line]] = {}
    neighbours: list[Line] = []
    for geometry in atlas.geometries:
        code = _member(geometry)
        if code:
            rings_of.setdefault(code, []).extend(_visible_islands(code, atlas.rings(geometry), atlas))
        elif _is_neighbour(geometry):
            neighbours += atlas.rings(geometry)
    return {
        "width": atlas.width,
        "height": atlas.height,
        "states": {code: _state(rings) for code, rings in sorted(rings_of.items())},
        "neighbours": _background(neighbours, atlas),
    }


def read_atlas(topology: dict[str, Any], *, width: int) -> Atlas:
    """Undo the file's quantisation, project, and scale the picture's corners to `width`."""
    left, top = projected(*WEST)[0], projected(*NORTH)[1]
    right, bottom = projected(*EAST)[0], projected(*SOUTH)[1]
    scale = width / (right - left)
    (scale_x, scale_y), (move_x, move_y) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for steps in topology["arcs"]:
        x = y = 0
        line: Line = []
        for step_x, step_y in steps:
            x, y = x + step_x, y + step_y
            plane_x, plane_y = projected(x * scale_x + move_x, y * scale_y + move_y)
            line.append(((plane_x - left) * scale, (plane_y - top) * scale))
        arcs.append(line)
    height = round((bottom - top) * scale)
    return Atlas(arcs, topology["objects"]["countries"]["geometries"], width, height)


def _member(geometry: dict[str, Any]) -> str | None:
    return MEMBERS.get(geometry.get("id", "")) or MEMBERS_WITHOUT_CODE.get(geometry["properties"]["name"])


def _is_neighbour(geometry: dict[str, Any]) -> bool:
    return geometry.get("id") in NEIGHBOURS or geometry["properties"]["name"] in NEIGHBOURS_WITHOUT_CODE


def _visible_islands(code: str, rings: list[Line], atlas: Atlas) -> list[Line]:
    """Without overseas territories, which lie outside the picture, and without specks."""
    smallest = 0.0 if code in KEEPS_EVERY_ISLAND else SMALLEST_ISLAND
    return [ring for ring in rings if _touches(ring, atlas) and abs(signed_area(ring)) >= smallest]


def _touches(ring: Line, atlas: Atlas) -> bool:
    return any(0 <= x <= atlas.width and 0 <= y <= atlas.height for x, y in ring)


def _background(rings: list[Line], atlas: Atlas) -> list[str]:
    box = (-MARGIN, -MARGIN, atlas.width + MARGIN, atlas.height + MARGIN)
    visible = (clipped(ring, box) for ring in rings if _touches(ring, atlas))
    return [_path([ring]) for ring in visible if ring and abs(signed_area(ring)) >= SMALLEST_NEIGHBOUR]


def _state(rings: list[Line]) -> dict[str, Any]:
    mainland = max(rings, key=lambda ring: abs(signed_area(ring)))
    x, y = centroid(mainland)
    return {
        "path": _path(rings),
        "x": round(x, 1),
        "y": round(y, 1),
        "is_small": abs(signed_area(mainland)) < SMALL_STATE,
    }


def _path(rings: list[Line]) -> str:
    return "".join(f"M{'L'.join(f'{x:.1f},{y:.1f}' for x, y in ring)}Z" for ring in rings)
