//! The asker's own region: which areas are in it.

use model::RegionKind;

use crate::fold::fold_name;

/// Regions by name; one that says its kind is no namesake of another kind (the province and the municipality of Utrecht).
#[derive(Debug, Clone)]
pub(crate) struct Home {
    /// Kind, and name folded.
    parts: Vec<(Option<RegionKind>, String)>,
}

impl Home {
    /// The region of `Drenthe` or `province/drenthe`; several with `|` between, for an area without borders of its own.
    pub(crate) fn new(asked: &str) -> Self {
        let part = |asked: &str| {
            let said = asked.split_once('/').and_then(|(kind, name)| Some((kind.parse().ok()?, name)));
            let (kind, name) = said.map_or((None, asked), |(kind, name)| (Some(kind), name));
            (kind, fold_name(name))
        };
        Self { parts: asked.split('|').map(part).collect() }
    }

    /// Whether an area of this kind and name is it, or one of them.
    pub(crate) fn is(&self, kind: RegionKind, area: Option<&str>) -> bool {
        area.map(fold_name)
            .is_some_and(|area| self.parts.iter().any(|(own, name)| own.is_none_or(|own| own == kind) && *name == area))
    }
}
