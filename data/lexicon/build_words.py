"""Builds words.tsv.gz, names of the gazetteer that are also ordinary words in lower case of Dutch or English, near_names.txt.gz,
words within two letters of a name, which are therefore no slips of it, ordinary_words.txt.gz, the Dutch words that names which
somebody imports later are held against, and word_frequency.tsv.gz, how often Dutch words are met.

Reads the word lists of Debian's packages wdutch and wamerican (/usr/share/dict) and the frequencies of PyPI's wordfreq.
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


def left_after_deletions(word):
    """The word and what is left of it after one deletion, of a long word after two: see `misspelt.rs`."""
    once = {word[:i] + word[i + 1:] for i in range(len(word))}
    twice = {rest[:i] + rest[i + 1:] for rest in once for i in range(len(rest))} if len(word) >= 8 else set()
    return {word} | once | twice


def sound(word):
    """How a word sounds, as `misspelt.rs` has it."""
    pairs = {"ij": "y", "ei": "y", "ey": "y", "uy": "y", "ou": "w", "au": "w", "ch": "g", "gh": "g", "ck": "k", "ph": "f", "th": "t"}
    heard, at = "", 0
    while at < len(word):
        taken = 2 if word[at:at + 2] in pairs else 1
        letter = pairs.get(word[at:at + 2]) or {"c": "k", "q": "k", "v": "f", "z": "s"}.get(word[at], word[at])
        letter = "t" if letter == "d" and at + 1 == len(word) else letter
        heard += letter if heard[-1:] != letter else ""
        at += taken
    return heard


def near_names(names):
    """Words of the lists in lower case that share what is left after deletions, or their sound, with a name of one word."""
    names = {name for name in names if len(name) >= 5 and name.isascii() and name.isalpha()}
    near = {rest for name in names for rest in left_after_deletions(name)}
    heard = {sound(name) for name in names}
    listed = ordinary("dutch") | ordinary("american-english")
    return sorted(word for word in listed - names if 4 <= len(word) <= 24 and word.isascii() and word.isalpha()
                  and (sound(word) in heard or not near.isdisjoint(left_after_deletions(word))))


def may_be_names(words):
    """Words short enough to be the name of a neighbourhood or hamlet."""
    return sorted(word for word in words if 2 <= len(word) <= 10 and word.isascii() and word.isalpha())


# Of a million words: what is rarer is met about once in a bookcase.
RAREST = 0.1


def often_met(words):
    """Rows of word and how many of a million words it is, to two digits."""
    def rounded(number):
        return f"{float(f'{number:.2g}'):g}"

    frequencies = {}
    for word, per_million in sources.dutch_frequencies().items():
        folded = fold(word)
        frequencies[folded] = frequencies.get(folded, 0) + per_million
    return [f"{word}\t{rounded(frequencies[word])}" for word in sorted(words) if frequencies.get(word, 0) >= RAREST]


def main():
    dutch, english = ordinary("dutch"), ordinary("american-english")
    names, guessed = set(), set()
    with gzip.open(HERE.parent / "gazetteer" / "places.tsv.gz", "rt", encoding="utf-8") as table:
        for row in csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE):
            if row["kind"] == "locality" and (row["postcodes"] or int(row["population"] or 0) >= 1_000_000):
                guessed.add(fold(row["name"]))
            names.update(fold(name) for name in [row["name"], *row["names"].split("|")] if name)
    rows = sorted(name for name in names if name in dutch or name in english)
    text = "word\tnl\ten\n" + "".join(f"{word}\t{int(word in dutch)}\t{int(word in english)}\n" for word in rows)
    sources.write_gzip(HERE / "words.tsv.gz", text.encode())
    print(f"words: {len(rows)} of {len(names)} names are ordinary words")
    near = near_names(guessed)
    sources.write_gzip(HERE / "near_names.txt.gz", "".join(f"{word}\n" for word in near).encode())
    print(f"near names: {len(near)}")
    words = may_be_names(dutch)
    sources.write_gzip(HERE / "ordinary_words.txt.gz", "".join(f"{word}\n" for word in words).encode())
    print(f"ordinary words: {len(words)}")
    often = often_met(dutch)
    sources.write_gzip(HERE / "word_frequency.tsv.gz", "".join(f"{row}\n" for row in ["word\tper_million", *often]).encode())
    print(f"words with a frequency: {len(often)}")


if __name__ == "__main__":
    main()
