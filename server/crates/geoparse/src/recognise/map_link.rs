//! Coordinates inside links to maps: Google, Apple, OpenStreetMap, Waze, Bing and geo URIs. Nothing is fetched.

use super::{Cursor, Point, geohash, radius_of_decimals};

/// Services by what their addresses hold, with the code of the reason.
const SERVICES: [(&str, &str); 8] = [
    ("maps.apple.", "map_link:apple"),
    ("openstreetmap.", "map_link:osm"),
    ("osm.org", "map_link:osm"),
    ("waze.", "map_link:waze"),
    ("bing.com/maps", "map_link:bing"),
    ("google.", "map_link:google"),
    ("goo.gl", "map_link:google"),
    ("geo:", "map_link:geo_uri"),
];

/// What a pair `lat,lon` follows, the pin before the view.
const PAIRS: [&str; 15] = [
    "geo:",
    "?q=loc:",
    "&q=loc:",
    "?q=",
    "&q=",
    "?ll=",
    "&ll=",
    "query=",
    "destination=",
    "daddr=",
    "center=",
    "/place/",
    "cp=",
    "?loc=",
    "@",
];

/// The point a link shows, when it says one.
pub(crate) fn recognise(text: &str, start: usize, end: usize) -> Option<Point> {
    // Nearly all links show none of this: no coordinate is written without it.
    let fraction = |w: &[u8]| w[0].is_ascii_digit() && matches!(w[1], b'.' | b',' | b'%') && w[2].is_ascii_digit();
    if !text.as_bytes()[start..end].windows(3).any(fraction) {
        return hashed(text, start, end);
    }
    let link = text[start..end].replace("%2C", ",").replace("%2c", ",").replace("%20", "").replace("%3A", ":");
    let lower = link.to_ascii_lowercase();
    let host_end =
        lower.find("//").map_or(lower.len(), |at| lower[at + 2..].find(['?', '#']).map_or(lower.len(), |q| at + 2 + q));
    let (_, code) = SERVICES.iter().find(|(part, _)| lower[..host_end].contains(part))?;
    let (lat, lon, decimals) = google_data(&link)
        .or_else(|| two_parameters(&lower, "mlat=", "mlon="))
        .or_else(|| PAIRS.iter().find_map(|key| pair_after(&lower, key)))
        .or_else(|| osm_map(&lower))
        .or_else(|| two_parameters(&lower, "lat=", "lon="))?;
    let point = model::LonLat::new(lon, lat)?;
    Some(Point {
        start,
        end,
        lon: point.lon,
        lat: point.lat,
        radius_m: radius_of_decimals(decimals),
        code,
        confidence: 0.98,
    })
}

/// `geo:u1k2xd`, `geohash.org/u1k2xd`.
fn hashed(text: &str, start: usize, end: usize) -> Option<Point> {
    let link = text[start..end].to_ascii_lowercase();
    let (rest, code) = match link.strip_prefix("geo:") {
        Some(rest) => (rest, "map_link:geo_uri"),
        None => (link.split_once("geohash.org/")?.1, "map_link:geohash"),
    };
    let (point, radius_m) = geohash::decode(rest.split(['?', ';', '/', '#', ':']).next()?)?;
    Some(Point { start, end, lon: point.lon, lat: point.lat, radius_m, code, confidence: 0.95 })
}

/// `!3d<lat>!4d<lon>`: the pin of a Google place, better than the `@` of the view.
fn google_data(link: &str) -> Option<(f64, f64, u32)> {
    let at = link.rfind("!3d")?;
    let mut cursor = Cursor::new(link, at + 3);
    let lat = cursor.number(3)?;
    let rest = cursor.rest().strip_prefix("!4d")?;
    let lon = Cursor::new(rest, 0).number(3)?;
    Some((lat.value, lon.value, lat.decimals.min(lon.decimals)))
}

fn two_parameters(link: &str, lat_key: &str, lon_key: &str) -> Option<(f64, f64, u32)> {
    let number = |key: &str| Cursor::new(link, link.find(key)? + key.len()).number(3);
    let (lat, lon) = (number(lat_key)?, number(lon_key)?);
    Some((lat.value, lon.value, lat.decimals.min(lon.decimals)))
}

fn pair_after(link: &str, key: &str) -> Option<(f64, f64, u32)> {
    let mut cursor = Cursor::new(link, link.find(key)? + key.len());
    let lat = cursor.number(3).filter(|n| !n.comma)?;
    cursor.take(&[',', '~'])?;
    cursor.take(&['+']);
    let lon = cursor.number(3).filter(|n| !n.comma)?;
    (lat.decimals > 0 && lon.decimals > 0).then_some((lat.value, lon.value, lat.decimals.min(lon.decimals)))
}

/// `#map=<zoom>/<lat>/<lon>`.
fn osm_map(link: &str) -> Option<(f64, f64, u32)> {
    let rest = &link[link.find("map=")? + 4..];
    let mut parts = rest.split(['/', '&', '?']);
    parts.next()?;
    let lat = Cursor::new(parts.next()?, 0).number(3)?;
    let lon = Cursor::new(parts.next()?, 0).number(3)?;
    Some((lat.value, lon.value, lat.decimals.min(lon.decimals)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_to_maps_give_their_point() {
        for (link, code) in [
            ("https://www.google.com/maps/@52.6701,6.5002,15z", "map_link:google"),
            (
                "https://www.google.nl/maps/place/X/@52.1,6.1,17z/data=!3m1!4b1!4m5!3d52.6701!4d6.5002",
                "map_link:google",
            ),
            ("https://maps.google.com/?q=52.6701,6.5002", "map_link:google"),
            ("https://maps.google.com/maps?q=loc:52.6701%2C6.5002", "map_link:google"),
            ("https://www.google.com/maps/search/?api=1&query=52.6701%2C6.5002", "map_link:google"),
            ("https://maps.apple.com/?ll=52.6701,6.5002&q=Pin", "map_link:apple"),
            ("https://www.openstreetmap.org/#map=15/52.6701/6.5002", "map_link:osm"),
            ("https://www.openstreetmap.org/?mlat=52.6701&mlon=6.5002#map=9/1.0/2.0", "map_link:osm"),
            ("https://waze.com/ul?ll=52.6701,6.5002&navigate=yes", "map_link:waze"),
            ("geo:52.6701,6.5002?z=12", "map_link:geo_uri"),
        ] {
            let point = recognise(link, 0, link.len()).unwrap_or_else(|| panic!("{link}"));
            assert_eq!((point.lat, point.lon, point.code), (52.6701, 6.5002, code), "{link}");
        }
    }

    #[test]
    fn geohashes_are_read() {
        for (link, code) in
            [("geo:u1k2xd9", "map_link:geo_uri"), ("http://geohash.org/u1k2xd9:pin", "map_link:geohash")]
        {
            let point = recognise(link, 0, link.len()).unwrap_or_else(|| panic!("{link}"));
            assert_eq!((point.code, point.radius_m), (code, 77), "{link}: {point:?}");
        }
    }

    #[test]
    fn other_links_give_none() {
        for link in [
            "https://t.co/abc",
            "https://example.org/?q=52.6701,6.5002",
            "https://goo.gl/maps/x",
            "geo:drenthe",
            "https://example.org/u1k2xd9",
            "https://www.google.com/?q=pizza",
        ] {
            assert_eq!(recognise(link, 0, link.len()), None, "{link}");
        }
    }
}
