//! The places that are talked about.

/// A place with what the gazetteer says of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Place {
    pub(crate) name: &'static str,
    pub(crate) municipality: &'static str,
    pub(crate) province: &'static str,
    pub(crate) lon: f64,
    pub(crate) lat: f64,
    pub(crate) postcode: &'static str,
    /// How often it comes up in everyday talk; 0 for places that only come up when planted.
    pub(crate) weight: u64,
}

/// All places, in the order of the table.
pub(crate) fn all() -> Vec<Place> {
    include_str!("places.tsv").lines().filter(|line| !line.starts_with('#')).filter_map(parse).collect()
}

fn parse(line: &'static str) -> Option<Place> {
    let mut fields = line.split('\t');
    let mut next = || fields.next();
    Some(Place {
        name: next()?,
        municipality: next()?,
        province: next()?,
        lon: next()?.parse().ok()?,
        lat: next()?.parse().ok()?,
        postcode: next()?,
        weight: next()?.parse().ok()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_table_is_a_place_in_the_netherlands() {
        let places = all();
        let lines = include_str!("places.tsv").lines().filter(|line| !line.starts_with('#')).count();
        assert_eq!(places.len(), lines);
        assert!(places.len() >= 150, "{}", places.len());
        for place in places {
            assert!((3.3..7.3).contains(&place.lon) && (50.7..53.6).contains(&place.lat), "{}", place.name);
            assert_eq!(place.postcode.len(), 4, "{}", place.name);
        }
    }
}
