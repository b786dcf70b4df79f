//! The report as one HTML file: no script, nothing from elsewhere, prints on A4.
//!
//! It is written as XML that is HTML too, so that an XML reader can check that everything is closed and escaped.

use model::api::{Hotspot, HotspotClass, Hotspots};

use super::{LIMITS, METHOD, Report, SURROUNDINGS, area, change, class_word, sparkline};
use crate::columns::class_name;
use crate::drawing::{Drawing, Item, Rgb};
use crate::error::ExportError;
use crate::map::{self, Shapes};
use crate::provenance::Provenance;
use crate::report::Ground;
use crate::xml::Xml;

const STYLE: &str = include_str!("report.css");
/// Nothing but what is in the file may be loaded, whoever opens it.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

/// The report; `focus` is what the map shows whole (west, south, east, north), or else the list itself.
///
/// # Errors
/// When the sum of the rows cannot be made.
pub fn html(
    list: &Hotspots,
    provenance: &Provenance,
    shapes: &Shapes,
    focus: Option<[f64; 4]>,
) -> Result<String, ExportError> {
    let report = Report::new(list, provenance, Ground { shapes, focus })?;
    let texts = &report.texts;
    let mut xml = Xml::beginning("<!DOCTYPE html>\n");
    xml.open("html", &[("lang", report.language.code()), ("xmlns", "http://www.w3.org/1999/xhtml")]);
    xml.open("head", &[]);
    xml.empty("meta", &[("charset", "utf-8")]);
    xml.empty("meta", &[("name", "viewport"), ("content", "width=device-width, initial-scale=1")]);
    xml.empty("meta", &[("http-equiv", "Content-Security-Policy"), ("content", POLICY)]);
    xml.empty("meta", &[("name", "robots"), ("content", "noindex")]);
    for (name, said) in [("generator", &provenance.product), ("rows_sha256", &report.sum)] {
        xml.empty("meta", &[("name", name), ("content", said)]);
    }
    xml.leaf("title", &[], &format!("{} · {}", report.title, report.period));
    xml.open("style", &[]);
    xml.raw(STYLE);
    xml.close();
    xml.close_line();
    xml.open("body", &[]);
    xml.open("main", &[]);
    head(&mut xml, &report);
    overview(&mut xml, &report);
    list_table(&mut xml, &report);
    told(&mut xml, &report, shapes, provenance);
    xml.open("section", &[("class", "small")]);
    xml.leaf("h2", &[], texts.method);
    for paragraph in METHOD {
        xml.leaf("p", &[], report.language.of(paragraph));
    }
    xml.leaf("h2", &[], texts.limits);
    xml.open("ul", &[]);
    for point in LIMITS {
        xml.leaf("li", &[], report.language.of(point));
    }
    xml.close();
    xml.close_line();
    xml.open("section", &[("class", "small provenance")]);
    xml.leaf("h2", &[], texts.filter);
    if report.filter.is_empty() {
        xml.leaf("p", &[], texts.no_filter);
    } else {
        pairs(&mut xml, report.filter.iter().map(|(name, value)| (name.as_str(), value.as_str())));
    }
    xml.leaf("h2", &[], texts.provenance);
    let sum = [(texts.sum_covers, report.sum_covers())];
    pairs(&mut xml, report.provenance.iter().map(|(name, value)| (*name, value.as_str())).chain(sum));
    Ok(xml.finish())
}

fn head(xml: &mut Xml, report: &Report<'_>) {
    xml.open("header", &[]);
    xml.open("p", &[("class", "mark")]);
    xml.leaf("b", &[], "Speurkaart");
    xml.text(&format!(" · {} · {}", report.texts.confidential, report.made));
    xml.close();
    xml.leaf("h1", &[], &report.title);
    xml.leaf("p", &[("class", "period")], &report.period);
    if report.synthetic {
        xml.leaf("p", &[("class", "synthetic")], report.texts.synthetic);
    }
    xml.open("ul", &[("class", "figures")]);
    for (figure, counted) in &report.figures {
        xml.open("li", &[]);
        xml.leaf("b", &[], figure);
        xml.text(" ");
        xml.leaf("span", &[], counted);
        xml.close();
    }
    xml.close();
    xml.close_line();
}

fn overview(xml: &mut Xml, report: &Report<'_>) {
    let texts = &report.texts;
    xml.open("section", &[]);
    xml.leaf("h2", &[], texts.map);
    xml.open("figure", &[]);
    report.overview.drawing.svg(xml, "overview", &format!("{}: {}", texts.map, report.title));
    xml.open("figcaption", &[]);
    xml.open("ul", &[("class", "legend")]);
    for class in [HotspotClass::New, HotspotClass::Rising, HotspotClass::Falling, HotspotClass::Steady] {
        xml.open("li", &[]);
        dot(5.0, map::color(class)).svg(xml, "dot", "");
        let word = class_word(report.language, class);
        // Steady and unknown have one colour: neither is a finding.
        if class == HotspotClass::Steady {
            xml.text(&format!(" {word} / {}", class_word(report.language, HotspotClass::Unknown)));
        } else {
            xml.text(&format!(" {word}"));
        }
        xml.close();
    }
    for (at, conversations) in crate::report::legend_sizes(report.overview.greatest).into_iter().enumerate() {
        xml.open("li", &[]);
        dot(map::radius(conversations, report.overview.greatest), Rgb(0xa5, 0xab, 0xb5)).svg(xml, "dot", "");
        xml.text(&format!(" {}", super::conversations(report.language, conversations, at == 0)));
        xml.close();
    }
    xml.close();
    xml.leaf("p", &[], texts.map_hint);
    if let Some(outside) = report.outside() {
        xml.leaf("p", &[], &outside);
    }
    xml.leaf("p", &[("class", "attribution")], texts.attribution);
    xml.close();
    xml.close();
    xml.close_line();
}

fn dot(radius: f32, fill: Rgb) -> Drawing {
    let side = radius * 2.0 + 1.0;
    let mut drawing = Drawing::new(side, side);
    let at = [side / 2.0, side / 2.0];
    drawing.items.push(Item::Circle { at, radius, fill: Some(fill), opacity: 0.85, line: None });
    drawing
}

fn list_table(xml: &mut Xml, report: &Report<'_>) {
    let texts = &report.texts;
    xml.open("section", &[]);
    xml.leaf("h2", &[], texts.list);
    if report.list.hotspots.is_empty() {
        xml.leaf("p", &[], texts.nothing);
        xml.close_line();
        return;
    }
    xml.open("table", &[("class", "list")]);
    xml.open("thead", &[]);
    xml.open("tr", &[]);
    let heads = [
        ("", "#"),
        ("", texts.place),
        ("", texts.class),
        ("number", texts.conversations),
        ("number", texts.senders),
        ("number", texts.expected),
        ("number", texts.messages),
        ("number", texts.before),
        ("number", texts.change),
        ("number", texts.p_corrected),
        ("", texts.over_time),
    ];
    for (class, head) in heads {
        xml.leaf("th", &[("scope", "col"), ("class", class)], head);
    }
    xml.close();
    xml.close();
    xml.open("tbody", &[]);
    for hotspot in &report.list.hotspots {
        row(xml, report, hotspot);
    }
    xml.close();
    xml.close();
    xml.leaf("p", &[("class", "hint")], texts.list_hint);
    xml.close_line();
}

fn row(xml: &mut Xml, report: &Report<'_>, hotspot: &Hotspot) {
    let language = report.language;
    xml.open("tr", &[]);
    xml.leaf("td", &[("class", "rank")], &hotspot.rank.to_string());
    xml.open("th", &[("scope", "row")]);
    xml.leaf("b", &[], &hotspot.name);
    xml.leaf("small", &[], &area(hotspot));
    xml.close();
    xml.open("td", &[]);
    xml.leaf(
        "span",
        &[("class", &format!("class {}", class_name(hotspot.class)))],
        class_word(language, hotspot.class),
    );
    xml.close();
    let p = hotspot.p_corrected.map_or_else(|| "–".to_owned(), |p| language.probability(p));
    for number in [
        language.whole(hotspot.counts.conversations),
        language.whole(hotspot.counts.senders),
        super::expected(language, hotspot),
        language.whole(hotspot.counts.messages),
        language.whole(hotspot.before.messages),
        change(language, hotspot.change),
        p,
    ] {
        xml.leaf("td", &[("class", "number")], &number);
    }
    xml.open("td", &[]);
    sparkline(hotspot, 64.0, 16.0).svg(xml, "sparkline", report.texts.over_time);
    xml.close();
    xml.close_line();
}

fn told(xml: &mut Xml, report: &Report<'_>, shapes: &Shapes, provenance: &Provenance) {
    let (texts, language) = (&report.texts, report.language);
    if report.told().is_empty() {
        return;
    }
    xml.open("section", &[]);
    xml.leaf("h2", &[], texts.told);
    for hotspot in report.told() {
        xml.open("article", &[]);
        map::surroundings(shapes, hotspot, &report.list.hotspots, SURROUNDINGS, language).svg(
            xml,
            "surroundings",
            &format!("{}: {}", texts.map, hotspot.name),
        );
        xml.open("div", &[]);
        xml.open("h3", &[]);
        xml.leaf("span", &[("class", "rank")], &format!("{}. ", hotspot.rank));
        xml.text(&hotspot.name);
        xml.text(" ");
        xml.leaf(
            "span",
            &[("class", &format!("class {}", class_name(hotspot.class)))],
            class_word(language, hotspot.class),
        );
        xml.close();
        xml.leaf("p", &[("class", "area")], &area(hotspot));
        xml.leaf("p", &[], report.sentence(hotspot));
        if hotspot.one_conversation {
            xml.leaf("p", &[("class", "note")], texts.one_conversation);
        }
        sparkline(hotspot, 220.0, 34.0).svg(xml, "sparkline", texts.over_time);
        pairs(
            xml,
            [
                (texts.first, language.moment(&hotspot.first_seen, &provenance.zone).as_str()),
                (texts.last, language.moment(&hotspot.last_seen, &provenance.zone).as_str()),
                (texts.extent, &super::extent(language, hotspot.radius_m)),
                (texts.words, &hotspot.words.join(", ")),
            ]
            .into_iter()
            .filter(|(_, value)| !value.is_empty()),
        );
        xml.close();
        xml.close_line();
    }
    xml.close_line();
}

fn pairs<'p>(xml: &mut Xml, pairs: impl Iterator<Item = (&'p str, &'p str)>) {
    xml.open("dl", &[]);
    for (name, value) in pairs {
        xml.open("div", &[]);
        xml.leaf("dt", &[], name);
        xml.leaf("dd", &[], value);
        xml.close();
    }
    xml.close_line();
}
