"""Builds police_units.tsv: each municipality of 1 January 2023 with its CBS code, province, police unit and inhabitants.

Units are those of article 25 of the Politiewet 2012; their areas are sums of the safety regions of the annex to the Wet
veiligheidsregio's. Where a province is not wholly in one unit, the municipalities are listed here by hand from that annex.
"""

import csv
import sys
from collections import Counter, defaultdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
import sources  # noqa: E402

HERE = Path(__file__).resolve().parent

MERGED = {"Brielle": "Voorne aan Zee", "Hellevoetsluis": "Voorne aan Zee", "Westvoorne": "Voorne aan Zee"}
OFFICIAL = {
    "Bergen (L)": "Bergen (L.)", "Bergen (NH)": "Bergen (NH.)", "Hengelo (O)": "Hengelo (O.)", "Beek": "Beek (L.)",
    "Laren": "Laren (NH.)", "Middelburg": "Middelburg (Z.)", "Rijswijk": "Rijswijk (ZH.)", "Stein": "Stein (L.)",
    "Sudwest-Fryslan": "Súdwest-Fryslân", "Noardeast-Fryslan": "Noardeast-Fryslân",
}

UNIT_OF_PROVINCE = {
    "Groningen": "Noord-Nederland", "Friesland": "Noord-Nederland", "Drenthe": "Noord-Nederland",
    "Overijssel": "Oost-Nederland", "Gelderland": "Oost-Nederland",
    "Utrecht": "Midden-Nederland", "Flevoland": "Midden-Nederland",
    "Noord-Holland": "Noord-Holland", "Zuid-Holland": "Rotterdam",
    "Zeeland": "Zeeland-West-Brabant", "Noord-Brabant": "Oost-Brabant", "Limburg": "Limburg",
}
# Safety regions that lie in another unit than the rest of their province.
EXCEPTIONS = {
    # Amsterdam-Amstelland
    "Amsterdam": "Aalsmeer|Amstelveen|Amsterdam|Diemen|Ouder-Amstel|Uithoorn",
    # Gooi en Vechtstreek (its part in Noord-Holland)
    "Midden-Nederland": "Blaricum|Gooise Meren|Hilversum|Huizen|Laren (NH.)|Wijdemeren",
    # Haaglanden, Hollands Midden
    "Den Haag": "Delft|'s-Gravenhage|Leidschendam-Voorburg|Midden-Delfland|Pijnacker-Nootdorp|Rijswijk (ZH.)|Wassenaar|"
                "Westland|Zoetermeer|Alphen aan den Rijn|Bodegraven-Reeuwijk|Gouda|Hillegom|Kaag en Braassem|Katwijk|"
                "Krimpenerwaard|Leiden|Leiderdorp|Lisse|Nieuwkoop|Noordwijk|Oegstgeest|Teylingen|Voorschoten|Waddinxveen|"
                "Zoeterwoude|Zuidplas",
    # Midden- en West-Brabant
    "Zeeland-West-Brabant": "Alphen-Chaam|Altena|Baarle-Nassau|Bergen op Zoom|Breda|Dongen|Drimmelen|Etten-Leur|"
                            "Geertruidenberg|Gilze en Rijen|Goirle|Halderberge|Hilvarenbeek|Loon op Zand|Moerdijk|"
                            "Oisterwijk|Oosterhout|Roosendaal|Rucphen|Steenbergen|Tilburg|Waalwijk|Woensdrecht|Zundert",
}
# The source puts these two into a neighbouring province.
PROVINCE_OF = {"Eemnes": "Utrecht", "West Maas en Waal": "Gelderland"}
UNIT_OF = {name: unit for unit, names in EXCEPTIONS.items() for name in names.split("|")}

# What people call them beside the official name.
OTHER_NAMES = {
    "'s-Gravenhage": "Den Haag|The Hague", "'s-Hertogenbosch": "Den Bosch", "Súdwest-Fryslân": "Súdwest Fryslân|Sudwest Fryslan",
    "Noardeast-Fryslân": "Noordoost-Friesland", "De Fryske Marren": "De Friese Meren", "Leeuwarden": "Ljouwert",
    "Bergen (L.)": "Bergen Limburg", "Bergen (NH.)": "Bergen Noord-Holland", "Hengelo (O.)": "Hengelo", "Beek (L.)": "Beek",
    "Laren (NH.)": "Laren", "Middelburg (Z.)": "Middelburg", "Rijswijk (ZH.)": "Rijswijk", "Stein (L.)": "Stein",
    "Smallingerland": "Smellingerlân", "Weststellingwerf": "Weststellingwarf", "Ooststellingwerf": "Eaststellingwerf",
}
# Names in the postcode records of 2022 → the municipality of 2023.
RECORD_NAMES = {
    "Bergen": None, "The Hague": "'s-Gravenhage", "Den Haag": "'s-Gravenhage", "Hengelo": "Hengelo (O.)", "Beek": "Beek (L.)",
    "Laren": "Laren (NH.)", "Middelburg": "Middelburg (Z.)", "Rijswijk": "Rijswijk (ZH.)", "Stein": "Stein (L.)",
    "Súdwest Fryslân": "Súdwest-Fryslân", "Bergen (L)": "Bergen (L.)", "Bergen (NH)": "Bergen (NH.)", "Hengelo (O)": "Hengelo (O.)",
    "Brielle": "Voorne aan Zee", "Hellevoetsluis": "Voorne aan Zee", "Westvoorne": "Voorne aan Zee", "Weesp": "Amsterdam",
    "Beemster": "Purmerend", "Heerhugowaard": "Dijk en Waard", "Langedijk": "Dijk en Waard", "Landerd": "Maashorst",
    "Uden": "Maashorst", "Boxmeer": "Land van Cuijk", "Cuijk": "Land van Cuijk", "Grave": "Land van Cuijk",
    "Mill en Sint Hubert": "Land van Cuijk", "Sint Anthonis": "Land van Cuijk", "Nuenar, Gerwen en Nederwetten": "Nuenen, Gerwen en Nederwetten",
    "Haaren": "Oisterwijk", "Appingedam": "Eemsdelta", "Delfzijl": "Eemsdelta", "Loppersum": "Eemsdelta",
}
# Codes younger than the extract that the others are read from, and codes that were renumbered (CBS, indeling 2023).
CODES = {
    "Voorne aan Zee": "GM1992", "Land van Cuijk": "GM1982", "Maashorst": "GM1991", "Dijk en Waard": "GM1980", "Eemsdelta": "GM1979",
    "Baarle-Nassau": "GM0744", "Hengelo (O.)": "GM0164", "Bergen (L.)": "GM0893", "Bergen (NH.)": "GM0373", "Beek (L.)": "GM0888",
    "Laren (NH.)": "GM0417", "Middelburg (Z.)": "GM0687", "Rijswijk (ZH.)": "GM0603", "Stein (L.)": "GM0971", "Altena": "GM1959",
    "West Betuwe": "GM1960", "Vijfheerenlanden": "GM1961", "Hoeksche Waard": "GM1963", "Het Hogeland": "GM1966",
    "Westerkwartier": "GM1969", "Noardeast-Fryslân": "GM1970", "Molenlanden": "GM1978", "Almere": "GM0034", "Vlieland": "GM0096",
    "Beuningen": "GM0209", "Doesburg": "GM0221", "Amsterdam": "GM0363", "Oostzaan": "GM0431", "'s-Gravenhage": "GM0518",
    "Hardinxveld-Giessendam": "GM0523", "Zoeterwoude": "GM0638", "West Maas en Waal": "GM0668", "Etten-Leur": "GM0777",
    "Landgraaf": "GM0882", "Rijssen-Holten": "GM1742", "Zuidplas": "GM1892", "Beekdaelen": "GM1954", "Montferland": "GM1955",
}


# Inhabitants on 1 January 2023 (CBS StatLine 70072ned).
INHABITANTS = {
    "Groningen": 596_075, "Friesland": 659_551, "Drenthe": 502_051, "Overijssel": 1_184_333, "Flevoland": 444_701,
    "Gelderland": 2_133_708, "Utrecht": 1_387_643, "Noord-Holland": 2_952_622, "Zuid-Holland": 3_804_906, "Zeeland": 391_124,
    "Noord-Brabant": 2_626_210, "Limburg": 1_128_367,
}
GEONAMES_PROVINCE = {
    "01": "Drenthe", "02": "Friesland", "03": "Gelderland", "04": "Groningen", "05": "Limburg", "06": "Noord-Brabant",
    "07": "Noord-Holland", "09": "Utrecht", "10": "Zeeland", "11": "Zuid-Holland", "15": "Overijssel", "16": "Flevoland",
}


def estimate_people(province_of, addresses, in_towns):
    """Inhabitants per municipality: the province's, shared out by six-character postcodes (some 17 homes each).

    Where the towns of the municipality as GeoNames counts them agree within a quarter, the mean of both is nearer.
    """
    total = Counter()
    for name, province in province_of.items():
        total[province] += addresses[name]
    people = {}
    for name, province in province_of.items():
        shared_out = INHABITANTS[province] * addresses[name] / total[province]
        towns = in_towns[name]
        people[name] = round((shared_out + towns) / 2 if 0.75 < towns / shared_out < 1.25 else shared_out)
    return people


def municipality_of_record(name, province):
    """The municipality of 2023 for a municipality name in the postcode records."""
    if name == "Bergen":
        return "Bergen (L.)" if province == "Limburg" else "Bergen (NH.)"
    return RECORD_NAMES.get(name) or name


def main():
    province_of = {}
    for name, province, _ in sources.admin_polygons("Netherlands"):
        official = OFFICIAL.get(name, name)
        province_of[MERGED.get(official, official)] = PROVINCE_OF.get(official, sources.PROVINCES[province])
    province_of["Baarle-Nassau"] = "Noord-Brabant"

    details = sources.city_details()
    codes, addresses, places = defaultdict(Counter), Counter(), defaultdict(set)
    for _, place, municipality, province in sources.postcode_records():
        name = municipality_of_record(municipality, province)
        addresses[name] += 1
        places[(place, province)].add(name)
    in_towns = Counter()
    for city in sources.cities():
        found = places.get((city["name"], GEONAMES_PROVINCE.get(city["admin1code"])), set())
        if city["countrycode"] != "NL" or len(found) != 1:
            continue
        feature, code = details.get(city["geonameid"], ("PPL", ""))
        if code:
            codes[min(found)][f"GM{int(code):04}"] += 1
        if feature != "PPLX":
            in_towns[min(found)] += city["population"]
    people = estimate_people(province_of, addresses, in_towns)

    with open(HERE / "police_units.tsv", "w", encoding="utf-8", newline="") as out:
        table = csv.writer(out, delimiter="\t", lineterminator="\n")
        table.writerow(["code", "municipality", "province", "police_unit", "population", "names"])
        for name in sorted(province_of):
            province = province_of[name]
            code = CODES.get(name) or codes[name].most_common(1)[0][0]
            table.writerow([code, name, province, UNIT_OF.get(name, UNIT_OF_PROVINCE[province]), people[name], OTHER_NAMES.get(name, "")])
    print(f"police_units.tsv: {len(province_of)} municipalities")


if __name__ == "__main__":
    main()
