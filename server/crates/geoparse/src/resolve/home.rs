//! The asker's own region: which areas are in it.

use model::RegionKind;

use crate::fold::fold_name;

/// A region by name; one that says its kind is no namesake of another kind (the province and the municipality of Utrecht).
#[derive(Debug, Clone)]
pub(crate) struct Home {
    kind: Option<RegionKind>,
    /// Folded.
    name: String,
}

impl Home {
    /// The region of `Drenthe` or `province/drenthe`.
    pub(crate) fn new(asked: &str) -> Self {
        let said = asked.split_once('/').and_then(|(kind, name)| Some((kind.parse().ok()?, name)));
        let (kind, name) = said.map_or((None, asked), |(kind, name)| (Some(kind), name));
        Self { kind, name: fold_name(name) }
    }

    /// Whether an area of this kind and name is it.
    pub(crate) fn is(&self, kind: RegionKind, area: Option<&str>) -> bool {
        self.kind.is_none_or(|own| own == kind) && area.is_some_and(|area| fold_name(area) == self.name)
    }
}
