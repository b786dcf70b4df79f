//! Analyses as columns and sentences for reading.

use std::fmt::Write as _;

use model::api::{Clusters, HotspotDetail, NearRepeat, Scan};

use super::said;
use crate::cli::Language;

/// Bars of a sparkline, lowest first.
const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
const WEEKDAYS: [[&str; 7]; 2] =
    [["ma", "di", "wo", "do", "vr", "za", "zo"], ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]];

// Writing to a String cannot fail, here and below.
pub(super) fn scan(scan: &Scan, language: Language) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "{} to {}; {} units; {} counted", scan.from, scan.to, scan.units, scan.counted);
    let _ = writeln!(out, "{}", said(&scan.sentence, language));
    for cluster in &scan.clusters {
        let _ = writeln!(out, "{:>4}  {}", cluster.rank, said(&cluster.sentence, language));
        let names: Vec<&str> = cluster.units.iter().map(|unit| unit.name.as_str()).collect();
        if names.len() > 1 {
            let _ = writeln!(out, "      {}", names.join(", "));
        }
    }
    out
}

pub(super) fn clusters(clusters: &Clusters, language: Language) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "{}", said(&clusters.sentence, language));
    if clusters.features.is_empty() {
        return out;
    }
    let _ = writeln!(
        out,
        "{:>4}  {:<28} {:<22} {:>6} {:>5} {:>6} {:>6} {:>9} {:>9}  first to last",
        "#", "most mentioned", "in", "places", "conv.", "send.", "mess.", "km²", "mess./km²"
    );
    for feature in &clusters.features {
        let one = &feature.properties;
        let day = |time: &str| time.get(..10).unwrap_or(time).to_owned();
        let _ = writeln!(
            out,
            "{:>4}  {:<28} {:<22} {:>6} {:>5} {:>6} {:>6} {:>9.2} {:>9.1}  {} to {}",
            one.rank,
            one.name,
            one.municipality.as_deref().unwrap_or(""),
            one.places,
            one.counts.conversations,
            one.counts.senders,
            one.counts.messages,
            one.area_km2,
            one.per_km2,
            day(&one.first_seen),
            day(&one.last_seen)
        );
    }
    out
}

pub(super) fn near_repeat(found: &NearRepeat, language: Language) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "{}", said(&found.sentence, language));
    if found.table.is_empty() {
        return out;
    }
    let _ = writeln!(
        out,
        "pairs, times as many as by chance, p corrected; {} replicas, seed {}",
        found.replicas, found.seed
    );
    let _ = write!(out, "{:>12}", "");
    for days in &found.days {
        let _ = write!(out, " {:>22}", format!("≤ {days} d"));
    }
    out.push('\n');
    for (metres, cells) in found.distances_m.iter().zip(&found.table) {
        let _ = write!(out, "{:>12}", format!("≤ {metres} m"));
        for cell in cells {
            let ratio = cell.ratio.map_or("–".to_owned(), |ratio| format!("{ratio:.2}×"));
            let _ = write!(out, " {:>22}", format!("{} {ratio} p={:.3}", cell.pairs, cell.p_corrected));
        }
        out.push('\n');
    }
    out
}

pub(super) fn hotspot(detail: &HotspotDetail, language: Language) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "{} to {}", detail.from, detail.to);
    let Some(hotspot) = &detail.hotspot else {
        let _ = writeln!(out, "nothing was counted there");
        return out;
    };
    let _ = writeln!(out, "#{} of {}: {}", hotspot.rank, detail.of, said(&hotspot.sentence, language));
    let number = |value: Option<f64>| value.map_or("–".to_owned(), |value| format!("{value:.4}"));
    let _ = writeln!(
        out,
        "counted {}, expected {:.1}, z {}, p {} (corrected {}); first {} last {}",
        hotspot.statistics.counted,
        hotspot.expected,
        number(hotspot.z_score),
        number(hotspot.p_value),
        number(hotspot.p_corrected),
        hotspot.first_seen,
        hotspot.last_seen
    );
    for left_out in &detail.without {
        let _ = writeln!(out, "{} [{}]", said(&left_out.sentence, language), left_out.name);
    }
    let _ = writeln!(out, "{}", said(&detail.conversations.sentence, language));
    let day = |time: &Option<String>| time.as_deref().and_then(|time| time.get(..10)).unwrap_or("?").to_owned();
    for one in &detail.conversations.listed {
        let _ = writeln!(
            out,
            "  {:<24} {:>5} now {:>5} before; data {} to {}",
            one.name,
            one.messages,
            one.before,
            day(&one.first),
            day(&one.last)
        );
    }
    let _ = writeln!(out, "{}", said(&detail.trend.sentence, language));
    let bars: String = sparkline(&detail.series.iter().map(|bin| bin.counted).collect::<Vec<_>>());
    let _ = writeln!(out, "{bars}  (a bar is {} d)", detail.step_days);
    for (day, hours) in WEEKDAYS[usize::from(language == Language::En)].iter().zip(&detail.rhythm) {
        let _ = writeln!(out, "{day:<4}{}", sparkline(hours));
    }
    let _ = writeln!(out, "{}", said(&detail.words.sentence, language));
    for word in &detail.words.words {
        let _ =
            writeln!(out, "  {:<24} {:>5} here {:>6} elsewhere  z {:.1}", word.word, word.here, word.elsewhere, word.z);
    }
    out
}

/// Counts as bars, the largest the full height; a blank is none.
fn sparkline(counts: &[u64]) -> String {
    let most = counts.iter().copied().max().unwrap_or(0).max(1);
    let bar = |count: &u64| match count {
        0 => ' ',
        count => BARS[((count * 8).div_ceil(most) - 1).min(7) as usize],
    };
    counts.iter().map(bar).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_are_as_high_as_counts() {
        assert_eq!(sparkline(&[0, 1, 4, 8]), " ▁▄█");
        assert_eq!(sparkline(&[0, 0]), "  ");
        assert_eq!(sparkline(&[]), "");
    }
}
