//! The geoparser with what is shipped under `data/`, for tests and measurements.
#![allow(clippy::unwrap_used, dead_code)]

pub(crate) mod addresses;

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use flate2::read::GzDecoder;
use geoparse::{Gazetteer, Geoparser, Lexicon, Options, TopicLexicon};

/// The root of the workspace, for the crate and for the fuzz target within it.
pub(crate) fn root() -> PathBuf {
    let mut above = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors();
    above.find(|folder| folder.join("data/gazetteer").is_dir()).unwrap().to_path_buf()
}

fn open(path: &str) -> File {
    File::open(root().join("data").join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The shipped gazetteer; every row must be good.
pub(crate) fn gazetteer() -> Gazetteer {
    let (gazetteer, errors) = Gazetteer::from_tsv(GzDecoder::new(open("gazetteer/places.tsv.gz"))).unwrap();
    assert!(errors.is_empty(), "broken rows: {errors:?}");
    gazetteer
}

/// The shipped lexicon; every row must be good.
pub(crate) fn lexicon() -> Lexicon {
    let mut lexicon = Lexicon::new();
    let words = lexicon.add_words(GzDecoder::new(open("lexicon/words.tsv.gz"))).unwrap();
    let uses = lexicon.add_word_use(open("lexicon/word_use.tsv")).unwrap();
    let nicknames = lexicon.add_nicknames(open("lexicon/nicknames.tsv")).unwrap();
    assert!(
        words.is_empty() && uses.is_empty() && nicknames.is_empty(),
        "broken rows: {words:?} {uses:?} {nicknames:?}"
    );
    lexicon.add_near_names(GzDecoder::new(open("lexicon/near_names.txt.gz"))).unwrap();
    lexicon.add_first_names(open("lexicon/first_names.txt")).unwrap();
    lexicon.add_surnames(open("lexicon/surnames.txt")).unwrap();
    lexicon
}

/// The shipped topics; every row must be good.
pub(crate) fn topics() -> TopicLexicon {
    let folder = root().join("data/lexicon/topics");
    let paths = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut tables: Vec<_> = paths.filter(|path| path.extension().is_some_and(|ending| ending == "tsv")).collect();
    tables.sort();
    let mut topics = TopicLexicon::default();
    for table in tables {
        let errors = topics.add(table.file_stem().unwrap().to_str().unwrap(), File::open(&table).unwrap()).unwrap();
        assert!(errors.is_empty(), "broken rows of {}: {errors:?}", table.display());
    }
    topics
}

/// The geoparser of the product, without topics.
pub(crate) fn geoparser() -> Geoparser {
    with(&Options::default())
}

/// The geoparser with options.
pub(crate) fn with(options: &Options) -> Geoparser {
    Geoparser::new(Arc::new(gazetteer()), lexicon(), options)
}
