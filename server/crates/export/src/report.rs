//! What the report says, for HTML and PDF alike.

mod html;
mod texts;

use model::api::{Hotspot, HotspotClass, Hotspots};

use crate::drawing::{Drawing, Item, Rgb};
use crate::error::ExportError;
use crate::map::{self, Overview, Shapes};
use crate::provenance::{Provenance, ROWS_SHA256_COVERS};
use crate::words::Language;
pub use html::html;
pub(crate) use texts::{LIMITS, METHOD, Texts};

/// Hotspots that get a picture and a sentence of their own.
pub(crate) const TOLD: usize = 10;
/// Size of the overview on paper, in points: the text width of A4 with room for the legend on the same page.
const OVERVIEW: (f32, f32) = (499.0, 430.0);
/// Side of the picture of a hotspot.
pub(crate) const SURROUNDINGS: f32 = 150.0;

/// Everything that the report says.
pub(crate) struct Report<'a> {
    pub(crate) list: &'a Hotspots,
    pub(crate) language: Language,
    pub(crate) texts: Texts,
    pub(crate) title: String,
    pub(crate) period: String,
    pub(crate) synthetic: bool,
    /// Figure and what it counts.
    pub(crate) figures: Vec<(String, &'static str)>,
    pub(crate) overview: Overview,
    /// The parameters of the filter, named and told.
    pub(crate) filter: Vec<(String, String)>,
    /// Where the list came from, named and told.
    pub(crate) provenance: Vec<(&'static str, String)>,
    pub(crate) made: String,
    pub(crate) sum: String,
}

/// The ground of the pictures, and what of it to show whole: west, south, east, north.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ground<'a> {
    pub(crate) shapes: &'a Shapes,
    pub(crate) focus: Option<[f64; 4]>,
}

impl<'a> Report<'a> {
    pub(crate) fn new(list: &'a Hotspots, provenance: &Provenance, ground: Ground<'_>) -> Result<Self, ExportError> {
        let language = provenance.language;
        let texts = Texts::of(language);
        let count = |class| list.hotspots.iter().filter(|hotspot| hotspot.class == class).count() as u64;
        let figures = vec![
            (
                format!("{} {} {}", language.whole(list.hotspots.len() as u64), texts.of, language.whole(list.of)),
                texts.listed,
            ),
            (language.whole(count(HotspotClass::New)), class_plural(language, HotspotClass::New)),
            (language.whole(count(HotspotClass::Rising)), class_plural(language, HotspotClass::Rising)),
            (language.whole(count(HotspotClass::Falling)), class_plural(language, HotspotClass::Falling)),
            (language.whole(list.too_coarse), texts.too_coarse),
        ];
        let filter = provenance
            .filter
            .iter()
            .map(|(name, value)| {
                (texts::parameter(language, name).unwrap_or(name).to_owned(), texts::value(language, value).to_owned())
            })
            .collect();
        let mut told = Vec::new();
        let mut sum = String::new();
        for said in provenance.said(list)? {
            let text = said.text();
            match said.name {
                // Told in words elsewhere in the report.
                "filter" | "period_from" | "period_to" | "listed" | "of" | "too_coarse" => {}
                "synthetic" => told.push((language.of(said.title), texts.yes_no(provenance.synthetic).to_owned())),
                "generated_at" => {
                    told.push((
                        language.of(said.title),
                        format!("{} ({text})", language.moment(&text, &provenance.zone)),
                    ));
                }
                "rows_sha256" => {
                    sum.clone_from(&text);
                    told.push((language.of(said.title), text));
                }
                _ => told.push((language.of(said.title), text)),
            }
        }
        Ok(Self {
            list,
            language,
            title: title(provenance),
            period: language.period(&list.from, &list.to, &provenance.zone),
            synthetic: provenance.synthetic,
            figures,
            overview: map::overview(ground.shapes, &list.hotspots, ground.focus, OVERVIEW, language),
            filter,
            provenance: told,
            made: language.moment(&provenance.generated_at, &provenance.zone),
            sum,
            texts,
        })
    }

    /// The hotspots that are told one by one.
    pub(crate) fn told(&self) -> &'a [Hotspot] {
        &self.list.hotspots[..self.list.hotspots.len().min(TOLD)]
    }

    pub(crate) fn sentence<'h>(&self, hotspot: &'h Hotspot) -> &'h str {
        self.language.of([hotspot.sentence.nl.as_str(), hotspot.sentence.en.as_str()])
    }

    pub(crate) fn sum_covers(&self) -> &'static str {
        self.language.of(ROWS_SHA256_COVERS)
    }

    /// What is said under the overview of places beyond its edges, if there are any.
    pub(crate) fn outside(&self) -> Option<String> {
        let outside = self.overview.outside as u64;
        let number = self.language.whole(outside);
        match (outside, self.language) {
            (0, _) => None,
            (1, Language::Nl) => Some("1 plaats van de lijst ligt buiten deze kaart.".to_owned()),
            (1, Language::En) => Some("1 place of the list lies outside this map.".to_owned()),
            (_, Language::Nl) => Some(format!("{number} plaatsen van de lijst liggen buiten deze kaart.")),
            (_, Language::En) => Some(format!("{number} places of the list lie outside this map.")),
        }
    }
}

/// The heading of every export.
pub(crate) fn title(provenance: &Provenance) -> String {
    match &provenance.region {
        Some(region) => format!("Hotspots: {region}"),
        None => "Hotspots".to_owned(),
    }
}

/// A class in a word.
pub(crate) fn class_word(language: Language, class: HotspotClass) -> &'static str {
    language.of(match class {
        HotspotClass::New => ["nieuw", "new"],
        HotspotClass::Rising => ["stijgend", "rising"],
        HotspotClass::Steady => ["gelijk", "steady"],
        HotspotClass::Falling => ["dalend", "falling"],
        HotspotClass::Unknown => ["onbekend", "unknown"],
    })
}

fn class_plural(language: Language, class: HotspotClass) -> &'static str {
    class_word(language, class)
}

/// A change in per cent, or that there is none to tell.
pub(crate) fn change(language: Language, change: Option<f64>) -> String {
    change.map_or_else(
        || "–".to_owned(),
        |change| {
            let percent = (change * 100.0).round();
            let sign = if percent > 0.0 {
                "+"
            } else if percent < 0.0 {
                "−"
            } else {
                ""
            };
            format!("{sign}{} %", language.whole(percent.abs() as u64))
        },
    )
}

/// Senders expected; where nothing is known of the period before, nothing was expected either.
pub(crate) fn expected(language: Language, hotspot: &Hotspot) -> String {
    if hotspot.class == HotspotClass::Unknown { "–".to_owned() } else { language.decimal(hotspot.expected, 1) }
}

/// Where a place lies, in words.
pub(crate) fn area(hotspot: &Hotspot) -> String {
    let municipality = hotspot.municipality.as_deref().filter(|name| *name != hotspot.name);
    [municipality, hotspot.province.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// Messages over the period as bars, the highest as high as the picture.
pub(crate) fn sparkline(hotspot: &Hotspot, width: f32, height: f32) -> Drawing {
    let mut drawing = Drawing::new(width, height);
    let most = hotspot.sparkline.iter().copied().max().unwrap_or(0).max(1) as f32;
    let step = width / hotspot.sparkline.len().max(1) as f32;
    let tint = map::color(hotspot.class);
    for (at, messages) in hotspot.sparkline.iter().enumerate().filter(|(_, messages)| **messages > 0) {
        let high = (*messages as f32 / most * (height - 1.0)).max(0.8);
        drawing.rectangle([at as f32 * step, height - 0.6 - high], (step - 0.6).max(0.4), high, tint, 0.9);
    }
    let ground = vec![[0.0, height - 0.3], [width, height - 0.3]];
    drawing.items.push(Item::Line { points: ground, color: Rgb(0xcf, 0xd4, 0xdc), width: 0.6 });
    drawing
}

/// Numbers of conversations whose circles explain the sizes: the greatest, about a third and a tenth of it.
pub(crate) fn legend_sizes(greatest: u64) -> Vec<u64> {
    let mut sizes: Vec<u64> = [greatest, greatest / 3, greatest / 10].into_iter().filter(|size| *size > 0).collect();
    sizes.dedup();
    sizes
}

/// "12 conversations", for the first of the legend; the others have the number alone.
pub(crate) fn conversations(language: Language, number: u64, first: bool) -> String {
    if !first {
        return language.whole(number);
    }
    let word = if number == 1 { ["gesprek", "conversation"] } else { ["gesprekken", "conversations"] };
    format!("{} {}", language.whole(number), language.of(word))
}

/// The radius of a place in words.
pub(crate) fn extent(language: Language, radius_m: u32) -> String {
    let said = if radius_m >= 1000 {
        format!("{} km", language.decimal(f64::from(radius_m) / 1000.0, 1))
    } else {
        format!("{radius_m} m")
    };
    format!("{} {said}", language.of(["straal", "radius"]))
}
