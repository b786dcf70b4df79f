//! What travels inside the binary: gazetteer, regions, lexicon, basemap and the screen. Nothing is fetched at run time.

use std::io::Read;

use anyhow::Context;
use flate2::read::GzDecoder;

/// The gazetteer as a gzipped table; see `data/gazetteer/SOURCE.md`.
pub(crate) const PLACES: &[u8] = include_bytes!("../../data/gazetteer/places.tsv.gz");
/// Region polygons as gzipped GeoJSON; see `data/regions/SOURCE.md`.
pub(crate) const REGIONS: &[u8] = include_bytes!("../../data/regions/regions.geojson.gz");
/// Names that are also ordinary words; see `data/lexicon/SOURCE.md`.
pub(crate) const WORDS: &[u8] = include_bytes!("../../data/lexicon/words.tsv.gz");
/// How ordinary those words are.
pub(crate) const WORD_USE: &[u8] = include_bytes!("../../data/lexicon/word_use.tsv");
/// Ordinary words that imported names are held against.
pub(crate) const ORDINARY_WORDS: &[u8] = include_bytes!("../../data/lexicon/ordinary_words.txt.gz");
/// How many of a million words those that are met are.
pub(crate) const WORD_FREQUENCY: &[u8] = include_bytes!("../../data/lexicon/word_frequency.tsv.gz");
/// Ordinary words that a misspelt name could be taken for.
pub(crate) const NEAR_NAMES: &[u8] = include_bytes!("../../data/lexicon/near_names.txt.gz");
/// Nicknames of places.
pub(crate) const NICKNAMES: &[u8] = include_bytes!("../../data/lexicon/nicknames.tsv");
/// Common first names.
pub(crate) const FIRST_NAMES: &[u8] = include_bytes!("../../data/lexicon/first_names.txt");
/// Common surnames.
pub(crate) const SURNAMES: &[u8] = include_bytes!("../../data/lexicon/surnames.txt");

/// What messages may be about: id of the topic and its table; see `data/lexicon/topics/SOURCE.md`.
pub(crate) const TOPICS: [(&str, &[u8]); 6] = [
    ("drugs", include_bytes!("../../data/lexicon/topics/drugs.tsv")),
    ("waste", include_bytes!("../../data/lexicon/topics/waste.tsv")),
    ("weapons", include_bytes!("../../data/lexicon/topics/weapons.tsv")),
    ("money", include_bytes!("../../data/lexicon/topics/money.tsv")),
    ("transport", include_bytes!("../../data/lexicon/topics/transport.tsv")),
    ("violence", include_bytes!("../../data/lexicon/topics/violence.tsv")),
];

/// Typefaces of the PDF report, regular and semibold; see `data/fonts/SOURCE.md`.
pub(crate) const TYPEFACES: [&[u8]; 2] =
    [include_bytes!("../../data/fonts/inter-regular.ttf.gz"), include_bytes!("../../data/fonts/inter-semibold.ttf.gz")];

/// The built-in basemap: gzipped GeoJSON layers, sent as they are; see `data/basemap/SOURCE.md`.
pub(crate) const BASEMAP: [(&str, &[u8]); 6] = [
    ("world-lowres", include_bytes!("../../data/basemap/world-lowres.geojson.gz")),
    ("land", include_bytes!("../../data/basemap/land.geojson.gz")),
    ("water", include_bytes!("../../data/basemap/water.geojson.gz")),
    ("rivers", include_bytes!("../../data/basemap/rivers.geojson.gz")),
    ("borders", include_bytes!("../../data/basemap/borders.geojson.gz")),
    ("labels", include_bytes!("../../data/basemap/labels.geojson.gz")),
];

/// The screen as Trunk built it, with `.br` and `.gz` beside each file.
#[derive(rust_embed::RustEmbed)]
#[folder = "../dist"]
#[allow_missing = true]
pub(crate) struct Screen;

/// Unpacks shipped text.
///
/// # Errors
/// When the bytes are not gzip or not UTF-8: the build is broken.
pub(crate) fn gunzip(bytes: &[u8]) -> anyhow::Result<String> {
    String::from_utf8(gunzip_bytes(bytes)?).context("shipped text is not UTF-8")
}

/// Unpacks shipped data.
///
/// # Errors
/// When the bytes are not gzip: the build is broken.
pub(crate) fn gunzip_bytes(bytes: &[u8]) -> anyhow::Result<Vec<u8>> {
    let mut unpacked = Vec::new();
    GzDecoder::new(bytes).read_to_end(&mut unpacked).context("shipped data does not unpack")?;
    Ok(unpacked)
}
