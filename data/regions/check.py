"""Checks regions.geojson.gz: valid, without overlaps, complete; and, given a table of places, whether they fall where they belong.

python check.py [PLACES.csv] with columns gemeente, lon, lat. Exit 1 when something is wrong.
"""

import csv
import gzip
import json
import sys
from collections import Counter
from pathlib import Path

import shapely

HERE = Path(__file__).resolve().parent
# Square degrees; some 80 m²: what rounding to five decimals leaves.
OVERLAP = 1e-8


def main():
    features = json.loads(gzip.open(HERE / "regions.geojson.gz").read())["features"]
    shapes = {f["id"]: shapely.geometry.shape(f["geometry"]) for f in features}
    kinds = Counter(f["properties"]["kind"] for f in features)
    invalid = [i for i, shape in shapes.items() if not shape.is_valid]
    local = {f["properties"]["name"]: shapes[f["id"]] for f in features if f["properties"]["kind"] == "municipality"}
    names, polygons = list(local), list(local.values())
    tree = shapely.STRtree(polygons)
    overlaps = [(names[a], names[b]) for a, b in zip(*tree.query(polygons, predicate="intersects")) if a < b
                and shapely.intersection(polygons[a], polygons[b]).area > OVERLAP]
    print(f"{dict(kinds)}; invalid {invalid}; overlaps {overlaps}")
    wrong = bool(invalid or overlaps or kinds != Counter(municipality=342, province=12, police_unit=10))
    if len(sys.argv) > 1:
        inside, near, total, misses = 0, 0, 0, Counter()
        for row in csv.DictReader(open(sys.argv[1], encoding="utf-8")):
            name = row["gemeente"]
            shape = next((local[n] for n in (name, f"{name} (L.)", f"{name} (NH.)", f"{name} (O.)", f"{name} (Z.)", f"{name} (ZH.)") if n in local), None)
            if shape is None:
                continue
            total += 1
            distance = shape.distance(shapely.Point(float(row["lon"]), float(row["lat"])))
            inside += distance == 0
            near += distance < 0.01
        print(f"{inside} of {total} places fall into their municipality ({inside / total:.2%}), {near / total:.2%} within a kilometre of it")
        wrong = wrong or inside / total < 0.98
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
