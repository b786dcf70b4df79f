//! The report as PDF: real text in embedded type, maps as vectors, every page with what it belongs to.

mod flow;
mod paint;

use krilla::Document;
use krilla::destination::XyzDestination;
use krilla::geom::Point as At;
use krilla::metadata::{DateTime, Metadata};
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;
use model::api::{Hotspot, HotspotClass, Hotspots};

use crate::drawing::{Anchor, Drawing, Item, Rgb};
use crate::error::ExportError;
use crate::map::{self, Shapes};
use crate::provenance::Provenance;
use crate::report::{self, Ground, LIMITS, METHOD, Report, SURROUNDINGS, area, change, class_word, sparkline};
use crate::typeface::Typefaces;
use flow::{FAINT, Flow, INK, LEFT, LINE, PAGE, RIGHT, SOFT};

const WIDTH: f32 = RIGHT - LEFT;
const WARNING: Rgb = Rgb(0x8a, 0x5a, 0x00);
const WARNING_SOFT: Rgb = Rgb(0xff, 0xf3, 0xd6);
/// Right edges of the columns of figures, from the left margin.
const FIGURES: [f32; 6] = [259.0, 299.0, 337.0, 376.0, 408.0, 455.0];

/// The report; `focus` is what the map shows whole (west, south, east, north), or else the list itself.
///
/// # Errors
/// When the sum of the rows or the document cannot be made.
pub fn pdf(
    list: &Hotspots,
    provenance: &Provenance,
    shapes: &Shapes,
    focus: Option<[f64; 4]>,
    faces: &Typefaces,
) -> Result<Vec<u8>, ExportError> {
    let report = Report::new(list, provenance, Ground { shapes, focus })?;
    let mut flow = Flow::new(faces)?;
    head(&mut flow, &report);
    overview(&mut flow, &report);
    list_table(&mut flow, &report);
    told(&mut flow, &report, shapes, provenance);
    words(&mut flow, &report);
    let (mut pages, headings) = flow.finish();
    let count = pages.len();
    for (at, page) in pages.iter_mut().enumerate() {
        margins(page, &report, provenance, faces, at + 1, count);
    }
    let mut document = Document::new();
    for page in &pages {
        let settings = PageSettings::from_wh(PAGE[0], PAGE[1]).ok_or_else(|| ExportError::Pdf("page size".into()))?;
        let mut sheet = document.start_page_with(settings);
        let mut surface = sheet.surface();
        paint::drawing(&mut surface, page, [0.0, 0.0], faces, false);
        surface.finish();
        sheet.finish();
    }
    let mut outline = Outline::new();
    for (text, page, y) in headings {
        outline.push_child(OutlineNode::new(text, XyzDestination::new(page, At::from_xy(0.0, y))));
    }
    document.set_outline(outline);
    document.set_metadata(metadata(&report, provenance));
    document.finish().map_err(|error| ExportError::Pdf(format!("{error:?}")))
}

fn metadata(report: &Report<'_>, provenance: &Provenance) -> Metadata {
    let clean = crate::xml::readable;
    let mut metadata = Metadata::new()
        .title(clean(&format!("{} · {}", report.title, report.period)))
        .authors(vec![clean(&provenance.user)])
        .creator(clean(&provenance.product))
        .language(report.language.code().to_owned())
        .description(clean(&format!("{} · rows_sha256 {}", provenance.filter_line(), report.sum)));
    let number = |range: std::ops::Range<usize>| provenance.generated_at.get(range).and_then(|n| n.parse::<u16>().ok());
    if let (Some(year), Some(month), Some(day)) = (number(0..4), number(5..7), number(8..10)) {
        let mut date = DateTime::new(year).month(month as u8).day(day as u8);
        if let (Some(hour), Some(minute), Some(second)) = (number(11..13), number(14..16), number(17..19)) {
            date =
                date.hour(hour as u8).minute(minute as u8).second(second as u8).utc_offset_hour(0).utc_offset_minute(0);
        }
        metadata = metadata.creation_date(date);
    }
    metadata
}

/// Head and foot of a page: what it belongs to, should it come loose.
fn margins(
    page: &mut Drawing,
    report: &Report<'_>,
    provenance: &Provenance,
    faces: &Typefaces,
    number: usize,
    count: usize,
) {
    let Some(ruler) = faces.ruler(false) else { return };
    let line = |page: &mut Drawing, y| page.line(vec![[LEFT, y], [RIGHT, y]], LINE, 0.6);
    let size = 7.0;
    let head = format!("Speurkaart · {} · {} · {}", report.texts.confidential, report.title, report.period);
    let made = &report.made;
    let room = WIDTH - ruler.width(made, size) - 16.0;
    page.text([LEFT, 34.0], size, Anchor::Start, false, FAINT, ruler.fitted(&head, size, room));
    page.text([RIGHT, 34.0], size, Anchor::End, false, FAINT, made.as_str());
    line(page, 40.0);
    let base = PAGE[1] - 28.0;
    line(page, base - 10.0);
    let pages = report.texts.page_of(number, count);
    let foot = format!(
        "{} · {} {} · {} · SHA-256 {}…",
        provenance.product,
        report.language.of(["plaatsenlijst", "gazetteer"]),
        provenance.gazetteer,
        provenance.user,
        report.sum.get(..16).unwrap_or_default()
    );
    let room = WIDTH - ruler.width(&pages, size) - 16.0;
    page.text([LEFT, base], size, Anchor::Start, false, FAINT, ruler.fitted(&foot, size, room));
    page.text([RIGHT, base], size, Anchor::End, false, FAINT, pages);
}

fn head(flow: &mut Flow<'_>, report: &Report<'_>) {
    flow.skip(10.0);
    flow.text(LEFT, WIDTH, 22.0, true, INK, &report.title);
    flow.skip(2.0);
    flow.text(LEFT, WIDTH, 12.0, false, SOFT, &report.period);
    if report.synthetic {
        flow.skip(5.0);
        flow.boxed(9.5, true, WARNING, WARNING_SOFT, report.texts.synthetic);
    }
    flow.skip(9.0);
    flow.rule();
    flow.skip(5.0);
    let top = flow.y();
    let mut bottom = top;
    let step = WIDTH / report.figures.len() as f32;
    for (at, (figure, counted)) in report.figures.iter().enumerate() {
        flow.go_to(top);
        let left = LEFT + at as f32 * step;
        flow.text(left, step - 8.0, 13.0, true, INK, figure);
        flow.text(left, step - 8.0, 8.0, false, FAINT, counted);
        bottom = bottom.max(flow.y());
    }
    flow.go_to(bottom + 4.0);
    flow.rule();
}

fn overview(flow: &mut Flow<'_>, report: &Report<'_>) {
    let texts = &report.texts;
    flow.heading(texts.map, report.overview.drawing.height + 60.0);
    flow.picture(LEFT, report.overview.drawing.clone());
    flow.skip(report.overview.drawing.height + 24.0);
    let mut x = LEFT;
    let middle = flow.y();
    let mut entry = |flow: &mut Flow<'_>, radius: f32, fill: Rgb, text: String| {
        let at = [x + radius, middle - 2.6];
        flow.item(Item::Circle { at, radius, fill: Some(fill), opacity: 0.85, line: None });
        x += radius * 2.0 + 4.0;
        let width = flow.width(&text, 8.0);
        flow.item(Item::Text { at: [x, middle], size: 8.0, anchor: Anchor::Start, bold: false, color: SOFT, text });
        x += width + 14.0;
    };
    for class in [HotspotClass::New, HotspotClass::Rising, HotspotClass::Falling] {
        entry(flow, 4.0, map::color(class), class_word(report.language, class).to_owned());
    }
    let neither = format!(
        "{} / {}",
        class_word(report.language, HotspotClass::Steady),
        class_word(report.language, HotspotClass::Unknown)
    );
    entry(flow, 4.0, map::color(HotspotClass::Steady), neither);
    for (at, conversations) in report::legend_sizes(report.overview.greatest).into_iter().enumerate() {
        let said = report::conversations(report.language, conversations, at == 0);
        entry(flow, map::radius(conversations, report.overview.greatest), Rgb(0xa5, 0xab, 0xb5), said);
    }
    flow.skip(22.0);
    flow.text(LEFT, WIDTH, 8.0, false, SOFT, texts.map_hint);
    if let Some(outside) = report.outside() {
        flow.text(LEFT, WIDTH, 8.0, false, SOFT, &outside);
    }
    flow.text(LEFT, WIDTH, 7.0, false, FAINT, texts.attribution);
}

fn list_table(flow: &mut Flow<'_>, report: &Report<'_>) {
    let texts = &report.texts;
    flow.heading(texts.list, 90.0);
    if report.list.hotspots.is_empty() {
        flow.text(LEFT, WIDTH, 9.5, false, INK, texts.nothing);
        return;
    }
    table_head(flow, report);
    for hotspot in &report.list.hotspots {
        if flow.needs(25.0) {
            table_head(flow, report);
        }
        row(flow, report, hotspot);
    }
    flow.skip(5.0);
    flow.text(LEFT, WIDTH, 7.5, false, FAINT, texts.list_hint);
}

fn table_head(flow: &mut Flow<'_>, report: &Report<'_>) {
    let texts = &report.texts;
    flow.skip(9.0);
    let y = flow.y();
    let mut put = |x: f32, anchor, text: &str| {
        let text = text.to_owned();
        flow.item(Item::Text { at: [x, y], size: 6.8, anchor, bold: true, color: FAINT, text });
    };
    put(LEFT + 14.0, Anchor::End, "#");
    put(LEFT + 21.0, Anchor::Start, texts.place);
    put(LEFT + 158.0, Anchor::Start, texts.class);
    let heads = [texts.conversations, texts.senders, texts.expected, texts.messages, texts.before, texts.change];
    for (head, right) in heads.into_iter().zip(FIGURES) {
        put(LEFT + right, Anchor::End, head);
    }
    put(LEFT + WIDTH - 8.0, Anchor::End, texts.p_corrected);
    flow.skip(3.5);
    flow.rule();
}

fn row(flow: &mut Flow<'_>, report: &Report<'_>, hotspot: &Hotspot) {
    let language = report.language;
    let top = flow.y();
    let base = top + 10.0;
    let name = flow.fitted(&hotspot.name, 8.4, true, 132.0);
    let within = flow.fitted(&area(hotspot), 6.8, false, 132.0);
    let mut put = |x: f32, y: f32, size, anchor, bold, color, text: String| {
        flow.item(Item::Text { at: [LEFT + x, y], size, anchor, bold, color, text });
    };
    put(14.0, base, 8.4, Anchor::End, false, FAINT, hotspot.rank.to_string());
    put(21.0, base, 8.4, Anchor::Start, true, INK, name);
    put(21.0, base + 8.6, 6.8, Anchor::Start, false, FAINT, within);
    let tint = map::color(hotspot.class);
    put(158.0, base + 3.0, 8.0, Anchor::Start, true, tint, class_word(language, hotspot.class).to_owned());
    let numbers = [
        language.whole(hotspot.counts.conversations),
        language.whole(hotspot.counts.senders),
        report::expected(language, hotspot),
        language.whole(hotspot.counts.messages),
        language.whole(hotspot.before.messages),
        change(language, hotspot.change),
    ];
    for (number, right) in numbers.into_iter().zip(FIGURES) {
        put(right, base + 3.0, 8.4, Anchor::End, false, INK, number);
    }
    let p = hotspot.p_corrected.map_or_else(|| "–".to_owned(), |p| language.probability(p));
    put(WIDTH - 8.0, base + 3.0, 8.4, Anchor::End, false, INK, p);
    flow.skip(23.0);
    flow.rule();
}

fn told(flow: &mut Flow<'_>, report: &Report<'_>, shapes: &Shapes, provenance: &Provenance) {
    let (texts, language) = (&report.texts, report.language);
    if report.told().is_empty() {
        return;
    }
    flow.heading(texts.told, SURROUNDINGS + 30.0);
    let left = LEFT + SURROUNDINGS + 16.0;
    let width = RIGHT - left;
    for hotspot in report.told() {
        flow.needs(SURROUNDINGS + 14.0);
        flow.skip(4.0);
        let top = flow.y();
        flow.picture(LEFT, map::surroundings(shapes, hotspot, &report.list.hotspots, SURROUNDINGS, language));
        let name = flow.fitted(&format!("{}. {}", hotspot.rank, hotspot.name), 11.5, true, width - 60.0);
        let name_width = flow.bold_width(&name, 11.5);
        let word = class_word(language, hotspot.class).to_owned();
        flow.item(Item::Text {
            at: [left + name_width + 8.0, top + 9.2],
            size: 8.5,
            anchor: Anchor::Start,
            bold: true,
            color: map::color(hotspot.class),
            text: word,
        });
        flow.text(left, width, 11.5, true, INK, &name);
        let within = flow.fitted(&area(hotspot), 8.0, false, width);
        flow.text(left, width, 8.0, false, FAINT, &within);
        flow.skip(2.0);
        flow.text_at_most(left, width, 9.2, INK, report.sentence(hotspot), 5);
        if hotspot.one_conversation {
            flow.text(left, width, 8.5, false, WARNING, texts.one_conversation);
        }
        flow.skip(4.0);
        flow.picture(left, sparkline(hotspot, 220.0, 26.0));
        flow.skip(33.0);
        let facts = [
            (texts.first, language.moment(&hotspot.first_seen, &provenance.zone)),
            (texts.last, language.moment(&hotspot.last_seen, &provenance.zone)),
            (texts.extent, report::extent(language, hotspot.radius_m)),
        ];
        for (name, value) in facts {
            flow.pair(left, width, 84.0, name, &value);
        }
        if !hotspot.words.is_empty() {
            flow.pair(left, width, 84.0, texts.words, &hotspot.words.join(", "));
        }
        flow.go_to(flow.y().max(top + SURROUNDINGS) + 10.0);
    }
}

fn words(flow: &mut Flow<'_>, report: &Report<'_>) {
    let (texts, language) = (&report.texts, report.language);
    flow.heading(texts.method, 60.0);
    for paragraph in METHOD {
        flow.text(LEFT, WIDTH, 9.2, false, INK, language.of(paragraph));
        flow.skip(3.0);
    }
    flow.heading(texts.limits, 60.0);
    for point in LIMITS {
        flow.bullet(9.2, language.of(point));
    }
    flow.heading(texts.filter, 40.0);
    if report.filter.is_empty() {
        flow.text(LEFT, WIDTH, 9.2, false, INK, texts.no_filter);
    }
    for (name, value) in &report.filter {
        flow.pair(LEFT, WIDTH, 130.0, name, value);
    }
    flow.heading(texts.provenance, 60.0);
    for (name, value) in &report.provenance {
        flow.pair(LEFT, WIDTH, 130.0, name, value);
    }
    flow.pair(LEFT, WIDTH, 130.0, texts.sum_covers, report.sum_covers());
}
