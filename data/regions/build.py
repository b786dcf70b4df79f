"""Builds regions.geojson.gz: provinces, the 342 municipalities of 2023, the ten police units, and areas without official borders.

The raw polygons were simplified one by one, so neighbours overlap and leave gaps. All their edges are noded together and cut
into faces; each face goes to one municipality. What results shares its borders exactly, and unions of it have no slivers.
"""

import csv
import math
import sys
from collections import defaultdict
from pathlib import Path

import shapely

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
import sources  # noqa: E402
from build_table import MERGED, OFFICIAL  # noqa: E402

HERE = Path(__file__).resolve().parent
DIGITS = 5
# Everything is computed on the grid of the file's decimals, so that rounding moves no border.
GRID = 10.0**-DIGITS
# Square degrees at 52° north are about 7,600 km².
KM2_PER_DEGREE2 = 111.32 * 111.32 * math.cos(math.radians(52.2))
# Waters this large are taken out of the land; smaller ones stay part of their municipality.
LARGE_WATER_KM2 = 12.0
# Fragments smaller than this are the crumbs of cutting water out, not land that anybody misses.
CRUMB_KM2 = 0.15


def faces_of(polygons):
    """Cuts overlapping polygons into faces and gives each face to one of them: {index: polygon}."""
    edges = shapely.union_all([shapely.boundary(polygon) for polygon in polygons], grid_size=GRID)
    faces = shapely.get_parts(shapely.polygonize([edges]))
    tree = shapely.STRtree(polygons)
    given, gaps = defaultdict(list), []
    for face in faces:
        inside = face.representative_point()
        owners = [i for i in tree.query(inside) if polygons[i].contains(inside)]
        if owners:
            # Where two claim it, the smaller one: an enclave lies inside its neighbour, never the other way round.
            given[min(owners, key=lambda i: (polygons[i].area, i))].append(face)
        else:
            gaps.append(face)
    return given, gaps


def adopt(given, gaps):
    """Gives each gap to the neighbour with which it shares the longest border."""
    merged = {i: shapely.union_all(parts) for i, parts in given.items()}
    keys = sorted(merged)
    tree = shapely.STRtree([merged[i] for i in keys])
    for gap in gaps:
        near = [keys[k] for k in tree.query(gap, predicate="intersects")]
        if near:
            best = max(near, key=lambda i: (shapely.length(shapely.intersection(gap, merged[i])), -i))
            merged[best] = shapely.union(merged[best], gap)
    return merged


def polygonal(geometry, crumb_km2):
    parts = [p for p in shapely.get_parts(geometry) if p.geom_type == "Polygon" and p.area * KM2_PER_DEGREE2 >= crumb_km2]
    return shapely.union_all(parts) if parts else None


def without_small_holes(geometry, crumb_km2):
    def filled(polygon):
        rings = [r for r in polygon.interiors if shapely.Polygon(r).area * KM2_PER_DEGREE2 >= crumb_km2]
        return shapely.Polygon(polygon.exterior, rings)
    return shapely.union_all([filled(p) for p in shapely.get_parts(geometry)])


def land_of(municipalities):
    """Cuts the large waters out, first simplified so that shores do not outweigh everything else."""
    waters = [w for w in sources.water_polygons() if w.area * KM2_PER_DEGREE2 >= LARGE_WATER_KM2]
    # The shores are coarse, but where a postcode lies is land.
    inhabited = shapely.union_all([shapely.Point(lon, lat).buffer(0.006, quad_segs=3) for *_, lon, lat in sources.postcode_points()])
    water = shapely.difference(shapely.union_all(waters), inhabited)
    water = shapely.set_precision(shapely.simplify(water, 0.0006), GRID)
    land = {}
    for name, polygon in municipalities.items():
        rest = polygonal(shapely.difference(polygon, water, grid_size=GRID), CRUMB_KM2)
        land[name] = without_small_holes(rest, CRUMB_KM2) if rest is not None else polygon
    return land


def area_km2(geometry):
    """Area with the scale of the geometry's own latitude."""
    latitude = geometry.centroid.y
    return geometry.area * 111.32 * 111.32 * math.cos(math.radians(latitude))


def snapped(geometry):
    """The geometry on the grid of the file's decimals, valid there."""
    return shapely.set_precision(geometry, GRID)


def main():
    table = {row["municipality"]: row for row in csv.DictReader(open(HERE / "police_units.tsv", encoding="utf-8"), delimiter="\t")}
    dutch = [(OFFICIAL.get(n, n), p) for n, _, p in sources.admin_polygons("Netherlands")]
    abroad = [(n, p) for country in ("Belgium", "Germany") for n, _, p in sources.admin_polygons(country)
              if p.intersects(shapely.box(3.2, 50.6, 7.4, 53.6))]
    # The source has one Dutch municipality under Belgium.
    dutch += [(n, p) for n, p in abroad if n == "Baarle-Nassau"]
    polygons = [p for _, p in dutch] + [p for n, p in abroad if n != "Baarle-Nassau"]
    given, gaps = faces_of(polygons)
    given = {i: parts for i, parts in given.items() if i < len(dutch)}
    names = [n for n, _ in dutch]
    # A gap wider than 30 km² is no gap but sea or a foreign land.
    small = [gap for gap in gaps if gap.area * KM2_PER_DEGREE2 < 30]
    merged = adopt(given, small)
    parts = defaultdict(list)
    for i, polygon in merged.items():
        parts[MERGED.get(names[i], names[i])].append(polygon)
    municipalities = {name: shapely.union_all(p) for name, p in parts.items()}
    missing = sorted(set(table) ^ set(municipalities))
    if missing:
        sys.exit(f"regions: the table of police units and the polygons disagree on {missing}")

    ordered = sorted(municipalities)
    land = land_of(municipalities)
    land = {name: polygonal(snapped(land[name]), 0.0) for name in ordered}
    features = []
    units, provinces = defaultdict(list), defaultdict(list)
    for name in ordered:
        row = table[name]
        units[row["police_unit"]].append(name)
        provinces[row["province"]].append(name)
        features.append(feature(f"municipality/{row['code']}", "municipality", name, land[name], row["population"],
                                code=row["code"], province=row["province"], police_unit=row["police_unit"],
                                names=[n for n in row["names"].split("|") if n]))
    for kind, groups in (("province", provinces), ("police_unit", units)):
        for name, members in sorted(groups.items()):
            whole = without_small_holes(shapely.union_all([land[m] for m in members], grid_size=GRID), 0.0)
            people = sum(int(table[m]["population"]) for m in members)
            unit = {table[m]["police_unit"] for m in members} if kind == "province" else set()
            features.append(feature(f"{kind}/{sources.slug(name)}", kind, name, whole, people,
                                    police_unit=unit.pop() if len(unit) == 1 else "",
                                    names=["Fryslân"] if name == "Friesland" and kind == "province" else []))
    for row in csv.DictReader(open(HERE / "areas.tsv", encoding="utf-8"), delimiter="\t"):
        members = []
        for member in row["municipalities"].split("|"):
            members += provinces[member[1:]] if member.startswith("@") else [member]
        unknown = sorted(set(members) - set(land))
        if unknown:
            sys.exit(f"areas.tsv: {row['name']} has {unknown}, which are no municipalities")
        whole = without_small_holes(shapely.union_all([land[m] for m in members], grid_size=GRID), 0.0)
        area = feature(f"custom/{sources.slug(row['name'])}", "custom", row["name"], whole,
                       sum(int(table[m]["population"]) for m in members), names=[n for n in row["names"].split("|") if n])
        area["properties"]["members"] = members
        features.append(area)
    sources.write_geojson(HERE / "regions.geojson.gz", features)
    print(f"regions: {len(features)} features, {sum(shapely.get_num_coordinates(g) for g in land.values())} municipal points")


def feature(identity, kind, name, geometry, population, code="", province="", police_unit="", names=()):
    return {
        "type": "Feature", "id": identity,
        "properties": {"id": identity, "kind": kind, "name": name, "names": list(names), "code": code, "province": province,
                       "police_unit": police_unit, "population": int(population) or None, "area_km2": round(area_km2(geometry), 1)},
        "geometry": sources.round_geometry(geometry, DIGITS),
    }


if __name__ == "__main__":
    main()
