//! Geoparsing: from text to mentions of places.
//!
//! The way of a text: [`shield`](self) what is no prose, recognise coordinates, map links and postcodes, fold the rest, find
//! every name of the gazetteer in one pass, and weigh each against its namesakes and against not being a place at all.
//! Everything is loaded once from readers and bytes; after that no I/O, no clock, no shared mutable state.
//!
//! ```
//! use std::sync::Arc;
//! use geoparse::{Gazetteer, Geoparser, Lexicon, Options};
//!
//! let table = format!("{}\nnl/emmen/emmen\tEmmen\tlocality\t6.9\t52.78\t4000\tEmmen\tDrenthe\tNoord-Nederland\tNL\t57010\t7811\t\tDr",
//!     geoparse::COLUMNS.replace(' ', "\t"));
//! let (gazetteer, errors) = Gazetteer::from_tsv(table.as_bytes())?;
//! assert!(errors.is_empty());
//! let geoparser = Geoparser::new(Arc::new(gazetteer), Lexicon::new(), &Options::default());
//! let mentions = geoparser.mentions("zo naar emmen rijden");
//! assert_eq!((mentions[0].start, mentions[0].end, mentions[0].place.id.as_str()), (8, 13, "nl/emmen/emmen"));
//! # Ok::<(), geoparse::GeoparseError>(())
//! ```

pub mod address;
mod error;
mod filter;
pub mod fit;
mod fold;
mod gazetteer;
pub mod geonames;
mod geoparser;
mod lexicon;
mod misspelt;
mod names;
mod pager;
mod pager_code;
mod phrases;
mod recognise;
mod relative;
mod resolve;
mod shield;
mod topics;

pub use error::{GeoparseError, RowError};
pub use fold::fold_name;
pub use gazetteer::{COLUMNS, Entry, Gazetteer, Stats};
pub use geoparser::{Context, Geoparser, Options, Parsed, Stage, helps_others};
pub use lexicon::{Lexicon, Wordiness};
pub use topics::{MOST_TOPICS, Strength, Term, TermKind, Topic, TopicLexicon, TopicSet, TopicSpan, Topics};
