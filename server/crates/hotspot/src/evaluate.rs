//! How well a ranking of places would have described what came next: a replay of the past. It measures descriptions; it predicts nobody.

/// A place in one step of a replay.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scored {
    /// What the ranking gave it, from what was known then; higher is first.
    pub score: f64,
    /// Events that came in the step.
    pub events: u64,
    /// Events that the place had in the equally long step before.
    pub events_before: u64,
    /// Its area in km².
    pub area_km2: f64,
}

/// Measures of one ranking at one share of the area.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Measures {
    /// Share of the area chosen.
    pub area_share: f64,
    /// Share of the events in it.
    pub hit_rate: Option<f64>,
    /// Prediction accuracy index: hit rate over area share (Chainey, Tompson & Uhlig 2008, "The utility of hotspot mapping for predicting
    /// spatial patterns of crime", Security Journal 21).
    pub pai: Option<f64>,
    /// PEI*: hits over the most hits that any choice of the same area could have had (Hunt 2016, "Do crime hot spots move?", doctoral thesis).
    pub pei: Option<f64>,
    /// Recapture rate index: growth of the events in the area over growth of all (Levine 2008, "The 'hottest' part of a hotspot", Security
    /// Journal 21).
    pub rri: Option<f64>,
}

/// Chooses the first places until `share` of all area is used up, and measures them; places without a score are never chosen.
///
/// # Returns
/// Measures are `None` where they cannot be said: without events, or without events before.
pub fn measured(places: &[Scored], share: f64) -> Measures {
    let area: f64 = places.iter().map(|place| place.area_km2).sum();
    let by = |key: fn(&Scored) -> f64| -> Vec<&Scored> {
        let mut order: Vec<_> = places.iter().filter(|place| key(place) > 0.0).collect();
        order.sort_by(|a, b| key(b).total_cmp(&key(a)));
        let mut used = 0.0;
        order.retain(|place| {
            let fits = used + place.area_km2 <= share * area * (1.0 + 1e-9);
            used += if fits { place.area_km2 } else { 0.0 };
            fits
        });
        order
    };
    let chosen = by(|place| place.score);
    let best = by(|place| place.events as f64 / place.area_km2.max(1e-9));
    let sum = |places: &[&Scored], of: fn(&Scored) -> u64| places.iter().map(|place| of(place)).sum::<u64>() as f64;
    let all: Vec<&Scored> = places.iter().collect();
    let (hits, events) = (sum(&chosen, |place| place.events), sum(&all, |place| place.events));
    let (hits_before, before) = (sum(&chosen, |place| place.events_before), sum(&all, |place| place.events_before));
    let area_share = if area > 0.0 { chosen.iter().map(|place| place.area_km2).sum::<f64>() / area } else { 0.0 };
    let hit_rate = (events > 0.0).then(|| hits / events);
    let most = sum(&best, |place| place.events).max(hits);
    Measures {
        area_share,
        hit_rate,
        pai: hit_rate.filter(|_| area_share > 0.0).map(|rate| rate / area_share),
        pei: (most > 0.0).then(|| hits / most),
        rri: (hits_before > 0.0 && before > 0.0 && events > 0.0).then(|| (hits / hits_before) / (events / before)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(score: f64, events: u64, events_before: u64) -> Scored {
        Scored { score, events, events_before, area_km2: 1.0 }
    }

    #[test]
    fn measures_are_those_of_their_papers() {
        let mut places = vec![place(9.0, 6, 3), place(8.0, 0, 1), place(1.0, 2, 2), place(0.0, 4, 2)];
        places.extend([place(0.0, 0, 0); 6]);
        let found = measured(&places, 0.2);
        assert!((found.area_share - 0.2).abs() < 1e-12);
        assert_eq!((found.hit_rate, found.pai), (Some(0.5), Some(2.5)));
        assert_eq!(found.pei, Some(0.6), "the best two places hold ten of the events");
        assert_eq!(found.rri, Some((6.0 / 4.0) / (12.0 / 8.0)));
    }

    #[test]
    fn without_events_or_places_nothing_is_measured() {
        assert_eq!(measured(&[], 0.1), Measures::default());
        let found = measured(&[place(1.0, 0, 0), place(0.0, 0, 0)], 0.5);
        assert_eq!((found.hit_rate, found.pai, found.pei, found.rri), (None, None, None, None));
    }
}
