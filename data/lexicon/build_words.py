"""Builds words.tsv.gz: names of the gazetteer that are also ordinary words, in lower case, of Dutch or English.

Reads the word lists of Debian's packages wdutch and wamerican (/usr/share/dict).
"""

import csv
import gzip
import sys
import unicodedata
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
import sources  # noqa: E402

HERE = Path(__file__).resolve().parent
DICT = Path("/usr/share/dict")


def fold(name):
    decomposed = unicodedata.normalize("NFKD", name.lower())
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def ordinary(file):
    return {fold(word) for word in (DICT / file).read_text(encoding="utf-8").splitlines() if word and word == word.lower() and "'" not in word}


def main():
    dutch, english = ordinary("dutch"), ordinary("american-english")
    names = set()
    with gzip.open(HERE.parent / "gazetteer" / "places.tsv.gz", "rt", encoding="utf-8") as table:
        for row in csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE):
            names.update(fold(name) for name in [row["name"], *row["names"].split("|")] if name)
    rows = sorted(name for name in names if name in dutch or name in english)
    text = "word\tnl\ten\n" + "".join(f"{word}\t{int(word in dutch)}\t{int(word in english)}\n" for word in rows)
    sources.write_gzip(HERE / "words.tsv.gz", text.encode())
    print(f"words: {len(rows)} of {len(names)} names are ordinary words")


if __name__ == "__main__":
    main()
