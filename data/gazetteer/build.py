"""Builds places.tsv.gz: every place that the geoparser can mean before anybody imports more.

Dutch places are the official ones of the postcode records (name and municipality on record), with the point of the populated
place in GeoNames where one of that name lies near, else the mean of the place's postcodes.
"""

import csv
import io
import json
import math
import re
import sys
import unicodedata
from collections import Counter, defaultdict
from pathlib import Path

import shapely

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "regions"))
import sources  # noqa: E402
from build_table import GEONAMES_PROVINCE, municipality_of_record  # noqa: E402

HERE = Path(__file__).resolve().parent
COLUMNS = ("id name kind lon lat radius_m municipality province police_unit country population postcodes names qualifiers").split()

# What the postal sources write behind a name to tell namesakes apart.
SUFFIX = re.compile(r"\s+(?:\((?P<a>[^)]+)\)|(?P<b>Dr|Fr|Fryslân|Gn|Gr|Gld|Gd|Lb|L|NB|NH|Ov|Ut|U|Zh|ZH|Zld|Ze|Fl|Gem\. .+))$")
ABBREVIATIONS = {
    "Drenthe": "Dr|Dr.|Drente", "Flevoland": "Fl|Flev", "Friesland": "Fr|Frl|Fryslân|Frl.", "Gelderland": "Gld|Gd|Gld.|Ge",
    "Groningen": "Gn|Gr|Gron", "Limburg": "L|Lb|Lim", "Noord-Brabant": "NB|N-B|N.B.|Brabant", "Noord-Holland": "NH|N-H|N.H.",
    "Overijssel": "Ov|Ov.|O", "Utrecht": "Ut|U|Utr", "Zeeland": "Zld|Z|Ze", "Zuid-Holland": "ZH|Z-H|Z.H.",
}
# Two points of one name in one municipality further apart than this are two places; nearer ones are one.
NAMESAKE_KM = 6.0
# Places that the postal sources count under Winterswijk, Rotterdam and Noordwijk: name, municipality, lon, lat, from general knowledge.
ADDED_PLACES = [
    ("Brinkheurne", "Winterswijk", 6.743, 51.952), ("Corle", "Winterswijk", 6.64, 51.96), ("Henxel", "Winterswijk", 6.76, 51.99),
    ("Huppel", "Winterswijk", 6.742, 51.999), ("Kotten", "Winterswijk", 6.768, 51.943), ("Miste", "Winterswijk", 6.66, 51.944),
    ("Noordwijk aan Zee", "Noordwijk", 4.435, 52.244), ("Ratum", "Winterswijk", 6.81, 51.978), ("Woold", "Winterswijk", 6.717, 51.93), ("Vondelingenplaat", "Rotterdam", 4.34, 51.88),
]
# Points that the postal source has wrong, from general knowledge to the minute: (name, municipality) → lon, lat.
MENDED_POINTS = {("Noordwijk", "Westerkwartier"): (6.25, 53.167)}


def km(lon_a, lat_a, lon_b, lat_b):
    """Flat-earth distance, good to a percent over such stretches."""
    return math.hypot((lon_a - lon_b) * 111.32 * math.cos(math.radians((lat_a + lat_b) / 2)), (lat_a - lat_b) * 111.32)


def base_name(name):
    """The name without the qualifier that a postal source put behind it."""
    name = " ".join(name.replace("`", "'").replace("’", "'").split())
    return SUFFIX.sub("", name)


def key(name):
    """Names that differ only in case, accents, hyphens and apostrophes are the same name."""
    flat = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return "".join(c for c in flat if c.isalnum())


def radius_m(points, centre, population):
    """An honest extent: as far as the place's postcodes reach, or what its inhabitants usually take up (1,500 per km² of town)."""
    by_people = 1000 * math.sqrt((population or 300) / 1500 / math.pi) + 400
    by_points = max((1000 * km(*point, *centre) for point in points), default=0) + 500 if len(points) > 1 else 0
    return int(round(min(max(by_people, by_points * 0.8, 500), 15000), -1))


def other_names():
    """(key of name, country) → other names, and → the Dutch name that the place goes by, from the table beside this program."""
    table, dutch = defaultdict(list), {}
    for line in (HERE / "other_names.tsv").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            name, country, others = line.split("\t")
            marked = [n[1:] for n in [name, *others.split("|")] if n.startswith("*")]
            name, others = name.lstrip("*"), [o.lstrip("*") for o in others.split("|")]
            table[key(name), country] = [o for o in others if o != name]
            dutch.update({(key(name), country): n for n in marked})
    return table, dutch


class Municipalities:
    """Municipalities with code, province, unit and polygon."""

    def __init__(self):
        with open(HERE.parent / "regions" / "police_units.tsv", encoding="utf-8") as table:
            self.rows = {row["municipality"]: row for row in csv.DictReader(table, delimiter="\t")}
        self.by_code = {row["code"]: name for name, row in self.rows.items()}
        import gzip
        features = json.loads(gzip.open(HERE.parent / "regions" / "regions.geojson.gz").read())["features"]
        self.regions = features
        local = [f for f in features if f["properties"]["kind"] == "municipality"]
        self.names = [f["properties"]["name"] for f in local]
        self.polygons = [shapely.geometry.shape(f["geometry"]) for f in local]
        self.tree = shapely.STRtree(self.polygons)

    def at(self, lon, lat):
        return self.names[self.tree.nearest(shapely.Point(lon, lat))]


def dutch_places(municipalities, names):
    """The official places with their postcodes and points, and what GeoNames adds to them."""
    points = defaultdict(list)  # postcode → [(key of place, lon, lat)]
    for code, place, _, lon, lat in sources.postcode_points():
        points[code].append((key(base_name(place)), lon, lat))
    official = defaultdict(set)  # (base name, municipality) → postcodes
    spelled = defaultdict(Counter)
    records_of = Counter()
    for code, place, municipality, province in sources.postcode_records():
        name = base_name(place)
        where = municipality_of_record(municipality, province)
        official[key(name), where].add(code)
        spelled[key(name), where][name] += 1
        records_of[key(name), where, code] += 1
    # Places that only the postal points know: their municipality is that of the postcode's records, else of the ground.
    owner = defaultdict(Counter)
    for (name, where), codes in official.items():
        for code in codes:
            owner[code][where] += records_of[name, where, code]
    known = {(name, code) for (name, _), codes in official.items() for code in codes}
    for code, place, _, lon, lat in sources.postcode_points():
        name = base_name(place)
        if (key(name), code) not in known:
            where = owner[code].most_common(1)[0][0] if owner[code] else municipalities.at(lon, lat)
            official[key(name), where].add(code)
            spelled[key(name), where][name] += 1

    drop_slips(official, records_of)

    details = sources.city_details()
    cities = [city for city in sources.cities() if city["countrycode"] == "NL"]
    by_key = defaultdict(list)
    # GeoNames may go by what is another name here: "The Hague".
    own_name = {key(other): name for (name, country), others in names.items() if country == "NL" for other in others}
    for city in cities:
        spelled_key = key(base_name(city["name"]))
        also = {key(base_name(other)) for other in names.get((spelled_key, "NL"), [])}
        for name_key in {spelled_key, own_name.get(spelled_key, spelled_key), *also}:
            by_key[name_key].append(city)
    used, places = set(), []
    for (name_key, where), unordered in sorted(official.items()):
        codes = sorted(unordered)
        own = [(lon, lat) for code in codes for k, lon, lat in points[code] if k == name_key]
        some = own or [(lon, lat) for code in codes for _, lon, lat in points[code]]
        if not some:
            continue
        centre = (sum(p[0] for p in some) / len(some), sum(p[1] for p in some) / len(some))
        near = [c for c in by_key[name_key] if km(c["longitude"], c["latitude"], *centre) < NAMESAKE_KM + 2]
        best = min(near, key=lambda c: km(c["longitude"], c["latitude"], *centre), default=None)
        population = None
        if best is not None:
            used.add(best["geonameid"])
            centre = (best["longitude"], best["latitude"])
            population = best["population"] or None
        name = spelled[name_key, where].most_common(1)[0][0]
        centre = MENDED_POINTS.get((name, where), centre)
        places.append(dutch_row(municipalities, names, name, where, centre, some, population, codes, "locality"))
    taken = {(key(p["name"]), p["municipality"]) for p in places}
    for name, where, lon, lat in ADDED_PLACES:
        if (key(name), where) not in taken:
            places.append(dutch_row(municipalities, names, name, where, (lon, lat), [(lon, lat)], None, [], "locality"))
            taken.add((key(name), where))
    for city in cities:
        if city["geonameid"] in used:
            continue
        feature, code = details.get(city["geonameid"], ("PPL", ""))
        centre = (city["longitude"], city["latitude"])
        where = municipalities.by_code.get(f"GM{int(code):04}") if code.isdigit() else None
        where = where or municipalities.at(*centre)
        name = base_name(city["name"])
        if (key(name), where) in taken:
            continue
        taken.add((key(name), where))
        kind = "district" if feature == "PPLX" else "locality"
        places.append(dutch_row(municipalities, names, name, where, centre, [centre], city["population"] or None, [], kind))
    return places


def drop_slips(official, records_of):
    """Takes out slips of the records: a handful of addresses "in Amersfoort" that stand under Leiden make no second Amersfoort."""
    weight = Counter()
    for (name, where, _), count in records_of.items():
        weight[name, where] += count
    heaviest = Counter()
    for (name, _), count in weight.items():
        heaviest[name] = max(heaviest[name], count)
    for pair in list(official):
        if weight[pair] < 10 and heaviest[pair[0]] > 20 * weight[pair]:
            del official[pair]


def dutch_row(municipalities, names, name, where, centre, points, population, codes, kind):
    row = municipalities.rows[where]
    others = list(names.get((key(name), "NL"), []))
    if name == "'s-Gravenhage":
        # The register's name; nobody says it.
        others, name = [name, *(other for other in others if other != "Den Haag")], "Den Haag"
    return {
        "id": f"nl/{sources.slug(where)}/{sources.slug(name)}", "name": name, "kind": kind, "lon": centre[0], "lat": centre[1],
        "radius_m": radius_m(points, centre, population), "municipality": where, "province": row["province"],
        "police_unit": row["police_unit"], "country": "NL", "population": population, "postcodes": codes,
        "names": [o for o in others if o != name],
        "qualifiers": [row["province"], *ABBREVIATIONS[row["province"]].split("|"), where.split(" (")[0]],
    }


def region_rows(municipalities, places):
    """Provinces and municipalities: their point is that of their land, a municipality's that of its main place when it has one."""
    rows = []
    largest = {}
    for place in places:
        if key(place["name"]) == key(place["municipality"].split(" (")[0]):
            largest[place["municipality"]] = (place["lon"], place["lat"])
    for feature in municipalities.regions:
        p = feature["properties"]
        if p["kind"] == "police_unit":
            continue
        inside = shapely.geometry.shape(feature["geometry"]).representative_point()
        lon, lat = largest.get(p["name"], (inside.x, inside.y)) if p["kind"] == "municipality" else (inside.x, inside.y)
        name = p["name"].split(" (")[0]
        rows.append({
            "id": p["id"], "name": name, "kind": p["kind"], "lon": lon, "lat": lat,
            "radius_m": int(round(1000 * math.sqrt(p["area_km2"] / math.pi), -1)),
            "municipality": p["name"] if p["kind"] == "municipality" else "",
            "province": p["province"] if p["kind"] == "municipality" else p["name"],
            "police_unit": p["police_unit"], "country": "NL", "population": p["population"], "postcodes": [],
            "names": [n for n in p["names"] if n != name] + (["Drente"] if p["name"] == "Drenthe" else []) + (["Brabant"] if p["name"] == "Noord-Brabant" else []), "qualifiers": [],
        })
    return rows


def postcode_rows(municipalities):
    by_code = defaultdict(list)
    for code, place, _, lon, lat in sources.postcode_points():
        by_code[code].append((lon, lat))
    owner = defaultdict(Counter)
    for code, _, municipality, province in sources.postcode_records():
        owner[code][municipality_of_record(municipality, province)] += 1
    rows = []
    for code, some in sorted(by_code.items()):
        centre = (sum(p[0] for p in some) / len(some), sum(p[1] for p in some) / len(some))
        where = owner[code].most_common(1)[0][0] if owner[code] else municipalities.at(*centre)
        row = municipalities.rows[where]
        rows.append({"id": f"pc4/{code}", "name": code, "kind": "postcode", "lon": centre[0], "lat": centre[1], "radius_m": 1500,
                     "municipality": where, "province": row["province"], "police_unit": row["police_unit"], "country": "NL",
                     "population": None, "postcodes": [code], "names": [], "qualifiers": []})
    return rows


def country_rows():
    dutch = {}
    for line in (HERE / "country_names.tsv").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            code, all_names = line.split("\t")
            dutch[code] = all_names.split("|")
    capitals, weight = {}, defaultdict(list)
    for city in sources.cities():
        weight[city["countrycode"]].append((city["population"], city["longitude"], city["latitude"]))
    rows = []
    for country in sources.countries():
        some = weight.get(country["iso"])
        if not some:
            continue
        # The point of the largest city: a country is drawn as a country, never as a point.
        _, lon, lat = max(some)
        english = country["name"]
        all_names = dutch.get(country["iso"], [english])
        rows.append({"id": f"country/{country['iso']}", "name": all_names[0], "kind": "country", "lon": lon, "lat": lat,
                     "radius_m": int(round(1000 * math.sqrt(max(float(country["areakm2"] or 1), 1) / math.pi), -2)),
                     "municipality": "", "province": "", "police_unit": "", "country": country["iso"],
                     "population": int(country["population"] or 0) or None, "postcodes": [],
                     "names": [n for n in [*all_names[1:], english] if n != all_names[0]], "qualifiers": []})
    return rows


def foreign_rows(names, dutch):
    least = {"BE": 0, "DE": 1000, "LU": 0, "FR": 15_000, "GB": 40_000, "ES": 30_000, "IT": 30_000, "AT": 20_000, "CH": 20_000, "PT": 30_000,
             "PL": 50_000, "US": 75_000, "SR": 20_000, "MA": 50_000, "TR": 75_000, "CW": 0, "AW": 0, "SX": 0, "BQ": 0}
    details = sources.city_details()
    called = {key(city["name"]) for city in sources.cities() if city["countrycode"] == "BE"}
    rows = []
    for city in sources.cities():
        country = city["countrycode"]
        wanted = city["population"] >= least.get(country, 100_000) or (key(city["name"]), country) in names
        if country == "NL" or not wanted or details.get(city["geonameid"], ("", ""))[0] == "PPLX":
            continue
        others = list(names.get((key(city["name"]), country), []))
        name = dutch.get((key(city["name"]), country), city["name"])
        alternative_keys = {key(name) for name in city["alternatenames"]}
        for (name_key, of), listed in names.items():
            # The table may use the Dutch name as its first; the source then has it among the alternatives, and no place by it.
            if of == country == "BE" and name_key in alternative_keys and name_key not in called:
                first = next((n for n in city["alternatenames"] if key(n) == name_key), None)
                if first and city["population"] > 10_000:
                    others += [first, *listed]
                    name = dutch.get((name_key, of), name)
        others = [o for o in dict.fromkeys([*others, city["name"]]) if o != name]
        centre = (city["longitude"], city["latitude"])
        rows.append({"id": f"gn/{city['geonameid']}", "name": name, "kind": "locality", "lon": centre[0], "lat": centre[1],
                     "radius_m": radius_m([centre], centre, city["population"]), "municipality": "", "province": "",
                     "police_unit": "", "country": country, "population": city["population"] or None, "postcodes": [],
                     "names": others, "qualifiers": []})
    return rows


def area_rows():
    """Continents, regions without borders of their own, states, waters: areas.tsv, by hand."""
    rows = []
    for line in (HERE / "areas.tsv").read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        name, kind, country, lon, lat, radius_km, thousands, others = (line.split("\t") + ["", ""])[:8]
        rows.append({"id": f"area/{country.lower() or 'world'}/{sources.slug(name)}", "name": name, "kind": kind, "lon": float(lon),
                     "lat": float(lat), "radius_m": int(1000 * float(radius_km)), "municipality": "", "province": "", "police_unit": "",
                     "country": country, "population": int(1000 * float(thousands)) if thousands else None, "postcodes": [],
                     "names": [n for n in others.split("|") if n], "qualifiers": []})
    return rows


def main():
    municipalities, (names, dutch) = Municipalities(), other_names()
    places = dutch_places(municipalities, names)
    rows = country_rows() + region_rows(municipalities, places) + places + postcode_rows(municipalities) + foreign_rows(names, dutch) + area_rows()
    seen = Counter()
    out = io.StringIO()
    out.write("\t".join(COLUMNS) + "\n")
    for row in rows:
        seen[row["id"]] += 1
        if seen[row["id"]] > 1:
            row["id"] += f"-{seen[row['id']]}"
        cells = [row["id"], row["name"], row["kind"], f"{row['lon']:.5f}", f"{row['lat']:.5f}", str(row["radius_m"]), row["municipality"],
                 row["province"], row["police_unit"], row["country"], "" if row["population"] is None else str(row["population"]),
                 ",".join(row["postcodes"]), "|".join(row["names"]), "|".join(row["qualifiers"])]
        out.write("\t".join(cells) + "\n")
    sources.write_gzip(HERE / "places.tsv.gz", out.getvalue().encode())
    print("gazetteer:", dict(Counter(row["kind"] for row in rows)))


if __name__ == "__main__":
    main()
