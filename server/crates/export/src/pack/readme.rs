//! What lies in a pack, in Dutch and English.

use crate::provenance::{Provenance, ROWS_SHA256_COVERS};
use crate::words::Language;

const NL: &str = "\
# {title}

Dit pakket hoort bij een ranglijst van plaatsen die in berichten genoemd zijn. Het bevat berichten en namen: behandel het vertrouwelijk.
{synthetic}
| bestand | wat |
|---|---|
| `report.html`, `report.pdf` | het verslag, om te lezen: kaart, ranglijst, werkwijze, grenzen, filter, herkomst |
| `hotspots.xlsx`, `hotspots.csv` | de ranglijst als tabel; het blad Kolommen van de werkmap legt elke kolom uit |
| `hotspots.geojson`, `hotspots.gpkg`, `hotspots.kml`, `hotspots.kmz`, `hotspots.gpx` | de ranglijst voor kaarten (QGIS, Google Earth, navigatie) |
| `messages.jsonl` | de berichten achter de lijst: een JSON-object per regel, met elke vermelding (`start` en `end` zijn bytes in de UTF-8-tekst), zekerheid, redenen, andere mogelijkheden, en de bestanden waaruit de bron is ingelezen |
| `messages.csv` | dezelfde berichten, een regel per vermelding |
| `manifest.json` | filter, aantallen, versies, maker, tijdstip, en van elk bestand grootte en SHA-256 |
| `SHA256SUMS` | dezelfde sommen en die van het manifest, voor `sha256sum -c` |

Een vermelding met `accepted: false` is herkend maar te onzeker om te tellen. De berichten zijn die welke aan het filter voldoen en een
plaats uit de lijst noemen; van elk bericht staan alle vermeldingen erbij.

## Controleren

`speurkaart export verify PAKKET` rekent alle sommen na en zegt wat niet klopt. Zonder Speurkaart: pak uit en voer `sha256sum -c SHA256SUMS`
uit. De sommen tonen vergissingen en beschadiging. Tegen opzet helpen ze alleen als de SHA-256 van `manifest.json` elders is vastgelegd;
een handtekening is het niet.

`rows_sha256`: {covers}
";

const EN: &str = "\
# {title}

This pack belongs to a ranked list of places named in messages. It holds messages and names: treat it as confidential.
{synthetic}
| file | what |
|---|---|
| `report.html`, `report.pdf` | the report, for reading: map, ranked list, method, limits, filter, provenance |
| `hotspots.xlsx`, `hotspots.csv` | the list as a table; the workbook's sheet of columns explains each |
| `hotspots.geojson`, `hotspots.gpkg`, `hotspots.kml`, `hotspots.kmz`, `hotspots.gpx` | the list for maps (QGIS, Google Earth, navigation) |
| `messages.jsonl` | the messages behind the list: a JSON object a line, with every mention (`start` and `end` are bytes into the UTF-8 text), confidence, reasons, alternatives, all its sources (one message of two phones has two), and the files that they were read from |
| `messages.csv` | the same messages, a line a mention |
| `manifest.json` | filter, counts, versions, maker, time, and size and SHA-256 of each file |
| `SHA256SUMS` | the same sums and that of the manifest, for `sha256sum -c` |

A mention with `accepted: false` was recognised but is too unsure to count. The messages are those that pass the filter and name a place
of the list; each comes with all its mentions.

## Checking

`speurkaart export verify PACK` sums everything up again and says what does not agree. Without Speurkaart: unpack and run
`sha256sum -c SHA256SUMS`. The sums show mistakes and damage. Against intent they help only when the SHA-256 of `manifest.json` is written
down elsewhere; they are no signature.

`rows_sha256`: {covers}
";

/// The file that says what the others are.
pub(super) fn readme(language: Language, provenance: &Provenance) -> String {
    let synthetic = if provenance.synthetic {
        language.of([
            "\nDe gegevens zijn synthetisch: berichten, personen en gebeurtenissen zijn verzonnen.\n",
            "\nThe data are synthetic: messages, persons and events are made up.\n",
        ])
    } else {
        ""
    };
    // The title last: it is the only part that comes from outside.
    language
        .of([NL, EN])
        .replace("{synthetic}", synthetic)
        .replace("{covers}", language.of(ROWS_SHA256_COVERS))
        .replace("{title}", &crate::report::title(provenance).replace(['\n', '\r'], " "))
}
