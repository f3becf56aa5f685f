"""Plane geometry for the map: pure functions over points."""

import math
from collections.abc import Iterator

Point = tuple[float, float]
Line = list[Point]

_CENTRE_LONGITUDE, _CENTRE_LATITUDE = math.radians(10), math.radians(52)
_TINY_RING = 12


def projected(longitude: float, latitude: float) -> Point:
    """Lambert azimuthal equal-area around 10° E, 52° N, as official maps of Europe use; y grows downwards."""
    east, north = math.radians(longitude) - _CENTRE_LONGITUDE, math.radians(latitude)
    sin_centre, cos_centre = math.sin(_CENTRE_LATITUDE), math.cos(_CENTRE_LATITUDE)
    cosine = sin_centre * math.sin(north) + cos_centre * math.cos(north) * math.cos(east)
    stretch = math.sqrt(2 / max(1 + cosine, 1e-9))
    x = stretch * math.cos(north) * math.sin(east)
    y = stretch * (cos_centre * math.sin(north) - sin_centre * math.cos(north) * math.cos(east))
    return x, -y


def simplified(line: Line, tolerance: float) -> Line:
    """Douglas-Peucker. Ends stay, so neighbours that share the line still meet; tiny rings stay whole."""
    if len(line) < 4 or (line[0] == line[-1] and len(line) < _TINY_RING):
        return line
    kept, open_spans = {0, len(line) - 1}, [(0, len(line) - 1)]
    while open_spans:
        first, last = open_spans.pop()
        distance, index = _farthest(line, first, last)
        if distance > tolerance:
            kept.add(index)
            open_spans += [(first, index), (index, last)]
    return [line[index] for index in sorted(kept)]


def _farthest(line: Line, first: int, last: int) -> tuple[float, int]:
    """The point between two others that lies farthest from their connection."""
    (x1, y1), (x2, y2) = line[first], line[last]
    dx, dy = x2 - x1, y2 - y1
    length = math.hypot(dx, dy)
    best, best_index = 0.0, first
    for index in range(first + 1, last):
        x, y = line[index]
        distance = abs(dy * (x - x1) - dx * (y - y1)) / length if length else math.hypot(x - x1, y - y1)
        if distance > best:
            best, best_index = distance, index
    return best, best_index


def signed_area(ring: Line) -> float:
    """The shoelace formula; the sign is the direction."""
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in _edges(ring)) / 2


def centroid(ring: Line) -> Point:
    """The centre of gravity of a ring that is not flat."""
    sum_x = sum((x1 + x2) * (x1 * y2 - x2 * y1) for (x1, y1), (x2, y2) in _edges(ring))
    sum_y = sum((y1 + y2) * (x1 * y2 - x2 * y1) for (x1, y1), (x2, y2) in _edges(ring))
    weight = 6 * signed_area(ring) or 1
    return sum_x / weight, sum_y / weight


def clipped(ring: Line, box: tuple[float, float, float, float]) -> Line:
    """The part of a ring inside (left, top, right, bottom): Sutherland-Hodgman, one side after the other."""
    for axis, limit, keeps_greater in ((0, box[0], True), (1, box[1], True), (0, box[2], False), (1, box[3], False)):
        ring = _cut(ring, axis, limit, keeps_greater=keeps_greater)
    return ring


def _cut(ring: Line, axis: int, limit: float, *, keeps_greater: bool) -> Line:
    kept: Line = []
    for start, end in _edges(ring):
        starts_inside = (start[axis] >= limit) == keeps_greater
        ends_inside = (end[axis] >= limit) == keeps_greater
        if starts_inside:
            kept.append(start)
        if starts_inside != ends_inside:
            share = (limit - start[axis]) / (end[axis] - start[axis])
            kept.append((start[0] + share * (end[0] - start[0]), start[1] + share * (end[1] - start[1])))
    return kept


def _edges(ring: Line) -> Iterator[tuple[Point, Point]]:
    return zip(ring, ring[1:] + ring[:1], strict=True)
