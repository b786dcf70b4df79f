"""Compares places.tsv.gz with the official register: python check.py DIRECTORY, with <province>.csv.zst or .csv files of addresses.

Every official place must be found under its name and municipality, its point within 2 km of the mean of its addresses.
"""

import csv
import gzip
import io
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from build import base_name, key, km  # noqa: E402

HERE = Path(__file__).resolve().parent


def addresses(directory):
    for file in sorted(Path(directory).glob("[A-Z]*.csv.zst")):
        unpacked = subprocess.run(["zstd", "-dc", str(file)], check=True, capture_output=True).stdout
        yield from csv.DictReader(io.StringIO(unpacked.decode()), delimiter=";")


def main():
    with gzip.open(HERE / "places.tsv.gz", "rt", encoding="utf-8") as table:
        places = [row for row in csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE) if row["kind"] == "locality" and row["country"] == "NL"]
    ours = defaultdict(list)
    for place in places:
        for name in [place["name"], *place["names"].split("|")]:
            if name:
                ours[key(base_name(name))].append(place)
    official = defaultdict(lambda: [0, 0.0, 0.0])
    for row in addresses(sys.argv[1]):
        if row["lat"] and row["lon"]:
            mean = official[row["woonplaats"], row["gemeente"]]
            mean[0] += 1; mean[1] += float(row["lon"]); mean[2] += float(row["lat"])
    missing, elsewhere, far = [], [], []
    for (name, municipality), (count, lon, lat) in sorted(official.items()):
        lon, lat = lon / count, lat / count
        named = ours[key(base_name(name))]
        right = [p for p in named if key(p["municipality"].split(" (")[0]) == key(municipality.split(" (")[0])]
        if not named:
            missing.append((name, municipality))
        elif not right:
            elsewhere.append((name, municipality, [p["municipality"] for p in named]))
        elif (distance := min(km(float(p["lon"]), float(p["lat"]), lon, lat) for p in right)) > 2:
            far.append((name, municipality, round(distance, 1), count))
    print(f"official places {len(official)}, not found {len(missing)}, other municipality {len(elsewhere)}, further than 2 km {len(far)}")
    for title, rows in (("not found", missing), ("other municipality", elsewhere), ("further than 2 km", far)):
        for row in rows:
            print(" ", title, *row)
    sys.exit(1 if missing or elsewhere or far else 0)


if __name__ == "__main__":
    main()
