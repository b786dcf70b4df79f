//! The hook of streets and addresses in the way of a text: after the names, which decide between namesakes.

use model::Mention;

use super::{Context, Geoparser};
use crate::address::Addresses;
use crate::address::recognise::{Beside, Scene, place_of_postcode, recognise};
use crate::fold::Folded;
use crate::pager::is_pager_message;
use crate::recognise::postcode::Postcode;
use crate::resolve::home::Home;
use crate::resolve::score::Reading;

/// Readings looked at on each side of a street.
const BESIDE: usize = 4;

impl Geoparser {
    /// Finds streets and addresses too; `home` as in [`super::Options`].
    #[must_use]
    pub fn with_addresses(mut self, addresses: Addresses, home: Option<&str>) -> Self {
        self.home = home.map(Home::new);
        self.addresses = addresses;
        self
    }

    /// The streets and addresses it knows.
    pub fn addresses(&self) -> &Addresses {
        &self.addresses
    }

    /// Streets and addresses of a text, in order. What other recognisers found within them is taken out of `mentions`.
    pub(super) fn streets(
        &self,
        text: &str,
        folded: &Folded,
        postcodes: &[Postcode],
        readings: &[Reading],
        context: &Context,
        mentions: &mut Vec<Mention>,
    ) -> Vec<Mention> {
        if self.addresses.is_empty() {
            return Vec::new();
        }
        for mention in mentions.iter_mut() {
            let postcode = postcodes.binary_search_by_key(&(mention.start as usize), |postcode| postcode.start);
            if let Ok(index) = postcode
                && let Some(place) = place_of_postcode(&self.addresses, &self.gazetteer, &postcodes[index])
            {
                mention.place = place;
                mention.reasons.push("postcode_addresses".to_owned());
            }
        }
        let span = |reading: &Reading| folded.source_range(reading.found.start as usize, reading.found.end as usize);
        let named = |start: usize, end: usize| {
            let from = readings.partition_point(|reading| span(reading).1 <= start).saturating_sub(BESIDE);
            let to = readings.partition_point(|reading| span(reading).0 < end) + BESIDE;
            let near = &readings[from..to.min(readings.len())];
            let beside = near.iter().flat_map(|reading| {
                reading.places[..reading.kept].iter().map(move |&(place, share)| (reading, place, share))
            });
            beside
                .map(|(reading, place, share)| {
                    let (start, end) = span(reading);
                    let place = &self.gazetteer.entry(place).place;
                    Beside { start, end, place, is_place: reading.is_place, share }
                })
                .collect::<Vec<_>>()
        };
        let mut found = recognise(&Scene {
            addresses: &self.addresses,
            gazetteer: &self.gazetteer,
            lexicon: &self.lexicon,
            text,
            folded,
            postcodes,
            named: &named,
            begins_name: &|at| readings.binary_search_by_key(&(at as u32), |reading| reading.found.start).is_ok(),
            seen: &context.seen,
            home: self.home.as_ref(),
            is_pager: is_pager_message(text),
        });
        if found.is_empty() {
            return found;
        }
        // What is unsure gives way to what is sure.
        let mut sure: Vec<(u32, u32)> = mentions.iter().filter(|m| m.accepted).map(|m| (m.start, m.end)).collect();
        sure.sort_unstable();
        let is_taken = |street: &Mention| {
            let next = sure.partition_point(|(_, end)| *end <= street.start);
            sure.get(next).is_some_and(|(start, _)| *start < street.end)
        };
        found.retain(|street| {
            street.accepted
                || !is_taken(street)
                    && !readings
                        .iter()
                        .skip(readings.partition_point(|reading| span(reading).1 <= street.start as usize))
                        .take_while(|reading| span(reading).0 < street.end as usize)
                        .any(|reading| reading.confidence() >= street.confidence)
        });
        mentions.retain(|mention| !covers(&found, mention.start, mention.end));
        found
    }
}

/// Whether one of the mentions (in order) overlaps a span.
pub(super) fn covers(mentions: &[Mention], start: u32, end: u32) -> bool {
    let next = mentions.partition_point(|mention| mention.end <= start);
    mentions.get(next).is_some_and(|mention| mention.start < end)
}
