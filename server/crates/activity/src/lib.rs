//! What was mentioned, where and when.
//!
//! Here live [`Regions`] (polygons of provinces, municipalities and police units in an R-tree) and [`Index`] (places in an R-tree,
//! mentions as columns sorted by place and time). The index answers every [`model::Filter`] with counts, histograms, groups for the
//! hotspot list, and the message numbers behind them. Never here: SQL, HTTP, message text, or a clock.

mod bins;
mod column;
mod conversations;
mod coverage;
mod distinct;
mod drawn;
mod error;
mod gathering;
mod grid;
mod group;
mod index;
mod overview;
mod page;
mod places;
mod plan;
mod regions;
mod review;
mod segment;
mod selection;
mod side_by_side;
mod snapshot;
mod spread;
mod study;
mod topics;

pub use conversations::{Conversation, ConversationSpan};
pub use coverage::{Coverage, SourceSpan};
pub use drawn::{Events, Loudest, Sample};
pub use error::RegionError;
pub use grid::Grid;
pub use group::{Group, Grouping, Portrait, Table};
pub use index::{Index, IndexError, PhraseKey, Row, Standing, Verdict};
pub use overview::{LeftOut, Overview};
pub use page::{Cursor, Page};
pub use regions::{Land, Located, Region, Regions};
pub use review::{Waiting, WaitingGroup};
pub use selection::{PlaceCounts, Selection};
pub use spread::Spread;
pub use study::{StudyArea, Unit};
pub use topics::TopicCounts;
