//! What a link carries: every state of the screen except free words and drawn shapes, which never enter a URL.

use std::fmt::Write as _;

use model::RegionKind;
use model::api::{CountBy, Kernel};

use crate::analysing::Question;
use crate::analysing::choices::Choices;
use crate::time::Day;
use crate::units::Unit;
use crate::window::Window;

/// What the map shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Layer {
    /// Conversations as heat, and places at higher zooms.
    #[default]
    Heat,
    /// The server's density surface, with its levels.
    Density,
    /// Regions of a kind filled by their rate.
    Regions(RegionKind),
    /// The units of the grid that the list ranks, filled by what is counted.
    Units,
}

/// What a region's colour stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Metric {
    /// Messages per 10,000 inhabitants.
    #[default]
    PerInhabitants,
    /// Messages per km².
    PerArea,
}

/// Bandwidths of a density that can be chosen, in metres: below, a country has more contours than can be drawn.
pub(crate) const DENSITY_M: std::ops::RangeInclusive<u32> = 500..=100_000;

/// Where the bandwidth of a density comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Bandwidth {
    /// Silverman's rule.
    #[default]
    Silverman,
    /// Likelihood cross-validation.
    CrossValidated,
    /// Somebody chose so many metres.
    Given(u32),
}

/// What becomes of a density at the border of what is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Edges {
    /// It is smoothed over it, and fades there.
    #[default]
    Open,
    /// Nothing is smoothed over it.
    Corrected,
}

/// Languages of the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Lang {
    /// Dutch.
    #[default]
    Nl,
    /// English.
    En,
}

/// Where the map looks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Camera {
    /// Longitude of the centre in degrees.
    pub(crate) lon: f64,
    /// Latitude of the centre in degrees.
    pub(crate) lat: f64,
    /// Zoom as MapLibre counts it.
    pub(crate) zoom: f64,
}

/// Everything a link holds.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct View {
    /// Region id.
    pub(crate) region: Option<String>,
    /// Chosen period; `None` is all.
    pub(crate) window: Option<Window>,
    /// What the map shows.
    pub(crate) layer: Layer,
    /// What a region's colour stands for.
    pub(crate) metric: Metric,
    /// Bandwidth of the heat in metres; `None` is the default.
    pub(crate) bandwidth_m: Option<u32>,
    /// Kernel of the density surface.
    pub(crate) kernel: Kernel,
    /// Where the bandwidth of the density surface comes from.
    pub(crate) density: Bandwidth,
    /// Whether the density is shown as a ratio to that of all messages.
    pub(crate) relative: bool,
    /// What becomes of the density at the border.
    pub(crate) edges: Edges,
    /// What is counted; `None` is the server's choice: senders in the list, mentions in the density.
    pub(crate) count: Option<CountBy>,
    /// What the list ranks.
    pub(crate) by: Unit,
    /// Least confidence in percent; `None` is the server's threshold.
    pub(crate) confidence: Option<u8>,
    /// Source name.
    pub(crate) source: Option<String>,
    /// Topics, any of which the messages are about; all messages count when there are none.
    pub(crate) topics: Vec<String>,
    /// Chosen place, or region or unit of a grid where the list ranks those: its detail is open.
    pub(crate) place: Option<String>,
    /// Whether the queue for review is open.
    pub(crate) review: bool,
    /// Whether the panel that brings messages in is open.
    pub(crate) import: bool,
    /// The question of the panel of analyses, while that is open.
    pub(crate) analyses: Option<Question>,
    /// How the analyses are asked.
    pub(crate) asked: Choices,
    /// Where the map looks; `None` before it has moved.
    pub(crate) camera: Option<Camera>,
    /// Language, once chosen.
    pub(crate) lang: Option<Lang>,
}

impl Layer {
    /// All layers, in the order of the switch.
    pub(crate) const ALL: [Self; 6] = [
        Self::Heat,
        Self::Density,
        Self::Units,
        Self::Regions(RegionKind::Province),
        Self::Regions(RegionKind::PoliceUnit),
        Self::Regions(RegionKind::Municipality),
    ];

    /// Its name in URLs.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Heat => "heat",
            Self::Density => "density",
            Self::Regions(kind) => kind.as_str(),
            Self::Units => "units",
        }
    }

    /// The kind of regions it fills.
    pub(crate) fn region_kind(self) -> Option<RegionKind> {
        match self {
            Self::Heat | Self::Density | Self::Units => None,
            Self::Regions(kind) => Some(kind),
        }
    }
}

impl Lang {
    /// Its BCP 47 tag.
    pub(crate) fn tag(self) -> &'static str {
        match self {
            Self::Nl => "nl",
            Self::En => "en",
        }
    }
}

impl View {
    /// Reads a query string, with or without its question mark. What is not understood is left at its default: an old
    /// link opens as much of its view as still makes sense.
    pub(crate) fn from_query(query: &str) -> Self {
        let mut view = Self::default();
        let (mut from, mut to, mut size) = (None, None, String::new());
        for pair in query.trim_start_matches('?').split('&') {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            let value = decode(value);
            if value.is_empty() {
                continue;
            }
            match key {
                "region" => view.region = Some(value),
                "from" => from = Day::parse(&value),
                "to" => to = Day::parse(&value),
                "layer" => {
                    view.layer = Layer::ALL.into_iter().find(|l| l.as_str() == value).unwrap_or_default();
                }
                "metric" if value == "area" => view.metric = Metric::PerArea,
                "bandwidth" => {
                    view.bandwidth_m = value.parse().ok().filter(|m| (100..=50_000).contains(m));
                }
                "kernel" if value == "gaussian" => view.kernel = Kernel::Gaussian,
                "smooth" => {
                    let given = value.parse().ok().filter(|m| DENSITY_M.contains(m));
                    view.density = given.map_or(view.density, Bandwidth::Given);
                }
                "rule" if value == "cross_validated" && view.density == Bandwidth::Silverman => {
                    view.density = Bandwidth::CrossValidated;
                }
                "relative" => view.relative = value == "all",
                "edges" if value == "corrected" => view.edges = Edges::Corrected,
                "count" => view.count = value.parse().ok(),
                "by" => view.by = Unit::named(&value).unwrap_or_default(),
                "size" => size = value,
                "confidence" => {
                    view.confidence = value.parse().ok().filter(|percent| *percent <= 100);
                }
                "source" => view.source = Some(value),
                "topics" => view.topics = topics(&value),
                "place" => view.place = Some(value),
                "review" => view.review = value == "1",
                "import" => view.import = value == "1",
                "analyses" => view.analyses = Question::ALL.into_iter().find(|q| q.as_str() == value),
                "map" => view.camera = camera(&value),
                "lang" => view.lang = [Lang::Nl, Lang::En].into_iter().find(|l| l.tag() == value),
                other => view.asked.read(other, &value),
            }
        }
        view.by = view.by.sized(&size);
        if view.layer == Layer::Units && !view.by.is_of_grid() {
            view.layer = Layer::Heat;
        }
        view.window = from.zip(to).map(|(from, to)| Window { from, to }).filter(|w| w.days() >= 1);
        view
    }

    /// The query string with its question mark, or nothing when all is default.
    pub(crate) fn to_query(&self) -> String {
        let mut pairs: Vec<(&str, String)> = Vec::new();
        let mut put = |key, value: Option<String>| pairs.extend(value.map(|v| (key, v)));
        put("region", self.region.clone());
        put("from", self.window.map(|w| w.from.to_string()));
        put("to", self.window.map(|w| w.to.to_string()));
        put("layer", (self.layer != Layer::Heat).then(|| self.layer.as_str().to_owned()));
        put("metric", (self.metric == Metric::PerArea).then(|| "area".to_owned()));
        put("bandwidth", self.bandwidth_m.map(|m| m.to_string()));
        put("kernel", (self.kernel == Kernel::Gaussian).then(|| "gaussian".to_owned()));
        match self.density {
            Bandwidth::Silverman => {}
            Bandwidth::CrossValidated => put("rule", Some("cross_validated".to_owned())),
            Bandwidth::Given(metres) => put("smooth", Some(metres.to_string())),
        }
        put("relative", self.relative.then(|| "all".to_owned()));
        put("edges", (self.edges == Edges::Corrected).then(|| "corrected".to_owned()));
        put("count", self.count.map(|count| count.as_str().to_owned()));
        put("by", (self.by != Unit::Places).then(|| self.by.as_str().to_owned()));
        put("size", self.by.size());
        put("confidence", self.confidence.map(|percent| percent.to_string()));
        put("source", self.source.clone());
        put("topics", Some(self.topics.join(",")).filter(|topics| !topics.is_empty()));
        put("place", self.place.clone());
        put("review", self.review.then(|| "1".to_owned()));
        put("import", self.import.then(|| "1".to_owned()));
        put("analyses", self.analyses.map(|question| question.as_str().to_owned()));
        for (key, value) in self.asked.pairs() {
            put(key, Some(value));
        }
        put("map", self.camera.map(|c| format!("{:.4},{:.4},{:.2}", c.lon, c.lat, c.zoom)));
        put("lang", self.lang.map(|l| l.tag().to_owned()));
        let mut query = String::new();
        for (key, value) in pairs {
            let separator = if query.is_empty() { '?' } else { '&' };
            let _ = write!(query, "{separator}{key}={}", encode(&value));
        }
        query
    }

    /// Whether going from one to the other is only a movement of the map: that makes no entry in the history.
    pub(crate) fn differs_by_camera_only(&self, other: &Self) -> bool {
        Self { camera: None, ..self.clone() } == Self { camera: None, ..other.clone() }
    }
}

/// Percent-encodes a value of a query string; `/` and `,` may stay.
pub(crate) fn encode(value: &str) -> String {
    let mut encoded = String::with_capacity(value.len());
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~/,:".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

/// Percent-encodes one step of a path.
pub(crate) fn encode_step(step: &str) -> String {
    encode(step).replace('/', "%2F")
}

fn decode(value: &str) -> String {
    let bytes = value.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let escaped = (bytes[at] == b'%')
            .then(|| value.get(at + 1..at + 3).and_then(|hex| u8::from_str_radix(hex, 16).ok()))
            .flatten();
        at += if escaped.is_some() { 3 } else { 1 };
        decoded.push(escaped.unwrap_or(if bytes[at - 1] == b'+' { b' ' } else { bytes[at - 1] }));
    }
    String::from_utf8_lossy(&decoded).into_owned()
}

/// Ids with commas between, each once.
fn topics(value: &str) -> Vec<String> {
    let mut topics: Vec<String> = Vec::new();
    for id in value.split(',').map(str::trim).filter(|id| !id.is_empty()) {
        if !topics.iter().any(|known| known == id) {
            topics.push(id.to_owned());
        }
    }
    topics
}

fn camera(value: &str) -> Option<Camera> {
    let numbers: Vec<f64> = value.split(',').map(str::parse).collect::<Result<_, _>>().ok()?;
    let [lon, lat, zoom] = numbers[..] else {
        return None;
    };
    let valid = lon.abs() <= 180.0 && lat.abs() <= 85.0 && (0.0..=22.0).contains(&zoom);
    valid.then_some(Camera { lon, lat, zoom })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_view_survives_the_way_through_a_link() {
        let view = View {
            region: Some("province/drenthe".into()),
            window: Some(Window { from: Day::from_civil(2020, 5, 1), to: Day::from_civil(2020, 6, 1) }),
            layer: Layer::Regions(RegionKind::Municipality),
            metric: Metric::PerArea,
            bandwidth_m: Some(5000),
            kernel: Kernel::Gaussian,
            density: Bandwidth::Given(7500),
            relative: true,
            edges: Edges::Corrected,
            count: Some(CountBy::Weighted),
            by: Unit::Squares(250),
            confidence: Some(70),
            source: Some("chats & één #2".into()),
            topics: vec!["waste".into(), "drugs".into()],
            place: Some("nl/de-wolden/kerkenveld".into()),
            review: true,
            import: true,
            analyses: Some(Question::NearRepeat),
            asked: Choices { days: vec![1, 14], ..Choices::default() },
            camera: Some(Camera { lon: 6.5, lat: 52.67, zoom: 9.25 }),
            lang: Some(Lang::En),
        };
        let query = view.to_query();
        assert!(
            query.starts_with("?region=province/drenthe&from=2020-05-01&to=2020-06-01&layer=municipality"),
            "{query}"
        );
        assert_eq!(View::from_query(&query), view);
        let ruled = View { density: Bandwidth::CrossValidated, ..view };
        assert_eq!(View::from_query(&ruled.to_query()), ruled);
    }

    #[test]
    fn what_is_ranked_travels_with_its_size() {
        for by in Unit::ALL.into_iter().chain([Unit::Hexagons(Some(7)), Unit::Squares(125)]) {
            let layer = if by.is_of_grid() { Layer::Units } else { Layer::Heat };
            let view = View { layer, by, ..View::default() };
            assert_eq!(View::from_query(&view.to_query()), view);
        }
        let hexagons = View { by: Unit::Hexagons(None), ..View::default() };
        assert_eq!(View::from_query("?size=99&by=cell"), hexagons);
        assert_eq!(View::from_query("?size=6&layer=units"), View::default(), "no grid, no layer of its units");
    }

    #[test]
    fn an_id_is_one_step_of_a_path() {
        assert_eq!(encode_step("nl/de wijk/x"), "nl%2Fde%20wijk%2Fx");
    }

    #[test]
    fn the_default_view_has_an_empty_link() {
        assert_eq!(View::default().to_query(), "");
        assert_eq!(View::from_query(""), View::default());
    }

    #[test]
    fn nonsense_in_a_link_is_left_out() {
        let view = View::from_query(
            "?from=2020-05-01&to=2020-01-01&confidence=300&map=1,2&layer=%zz&words=geheim&metric=&smooth=9&edges=round&polygon=6,52,7,52,7,53&by=custom&count=likes&kernel=cone&analyses=forecast&reach=9",
        );
        assert_eq!(view, View::default());
        assert_eq!(View::from_query("?topics=,waste,,drugs,waste").topics, ["waste", "drugs"]);
    }

    #[test]
    fn moving_the_map_is_no_entry_in_the_history() {
        let start = View::default();
        let moved = View { camera: Some(Camera { lon: 5.0, lat: 52.0, zoom: 8.0 }), ..View::default() };
        let chosen = View { region: Some("province/drenthe".into()), ..moved.clone() };
        assert!(start.differs_by_camera_only(&moved));
        assert!(!moved.differs_by_camera_only(&chosen));
    }
}
