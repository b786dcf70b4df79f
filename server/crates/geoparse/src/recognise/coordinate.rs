//! Coordinates written as numbers: decimal degrees, degrees with minutes and seconds, and the Dutch grid.

use model::{LonLat, rd};

use super::{Cursor, LEAST_RADIUS_M, Number, Point, radius_of_decimals};

const DEGREE_SIGNS: [char; 3] = ['°', 'º', '˚'];
const MINUTE_SIGNS: [char; 5] = ['\'', '′', '’', '‘', '´'];
const SECOND_SIGNS: [char; 5] = ['"', '″', '”', '“', '¨'];
const LETTERS: [char; 10] = ['N', 'n', 'S', 's', 'E', 'e', 'O', 'o', 'W', 'w'];

/// A coordinate whose first number starts at these digits.
pub(crate) fn recognise(text: &str, digits_at: usize) -> Option<Point> {
    let start = with_prefix(text, digits_at)?;
    angles(text, start).or_else(|| grid(text, start))
}

/// A sign or a hemisphere letter right before the digits belongs to them; any other letter means these are no coordinates.
fn with_prefix(text: &str, digits_at: usize) -> Option<usize> {
    let mut start = digits_at;
    for _ in 0..3 {
        let Some(c) = text[..start].chars().next_back() else {
            break;
        };
        match c {
            '-' | '+' | '−' => start -= c.len_utf8(),
            'N' | 'E' | 'S' | 'W' | 'O' => {
                let before = text[..start - 1].chars().next_back();
                return before.is_none_or(|b| !b.is_alphanumeric()).then_some(start - 1);
            }
            ' ' if text[..start].trim_end().ends_with(['N', 'E']) => {
                let letter = text[..start].trim_end().len() - 1;
                let before = text[..letter].chars().next_back();
                return Some(if start - letter <= 2 && before.is_none_or(|b| !b.is_alphanumeric()) {
                    letter
                } else {
                    start
                });
            }
            '.' | ',' if start == digits_at && text[..start - 1].ends_with(|b: char| b.is_ascii_digit()) => {
                return None;
            }
            c if c.is_alphanumeric() => return None,
            _ => break,
        }
    }
    Some(start)
}

/// One angle with what it was written with.
#[derive(Debug, Clone, Copy)]
struct Angle {
    degrees: f64,
    hemisphere: Option<char>,
    decimals: u32,
    comma: bool,
    /// Radius by the smallest unit written, when minutes or seconds were.
    minutes_radius_m: Option<u32>,
}

fn angles(text: &str, start: usize) -> Option<Point> {
    let mut cursor = Cursor::new(text, start);
    let first = angle(&mut cursor)?;
    cursor.spaces();
    cursor.take(&[',', ';', '/', '|']);
    cursor.spaces();
    let before_second = cursor.at;
    let second = angle(&mut cursor)?;
    if before_second == start || text[cursor.at..].starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    // "52,6 6,5 7,5": a third number makes it a list.
    let (lat, lon) = order(first, second)?;
    let signs = first.minutes_radius_m.is_some() || first.hemisphere.is_some();
    let precise = first.decimals.min(second.decimals) >= 3;
    let dutch = (50.7..=53.6).contains(&lat) && (3.3..=7.3).contains(&lon);
    if !(signs || precise || (first.decimals.min(second.decimals) >= 2 && dutch)) || (first.comma != second.comma) {
        return None;
    }
    let point = LonLat::new(lon, lat)?;
    let (radius_m, code) = match first.minutes_radius_m {
        Some(radius) => (radius, "coordinate:dms"),
        None => (radius_of_decimals(first.decimals.min(second.decimals)), "coordinate:decimal"),
    };
    let confidence = if signs || dutch { 0.97 } else { 0.85 };
    Some(Point { start, end: cursor.at, lon: point.lon, lat: point.lat, radius_m, code, confidence })
}

fn angle(cursor: &mut Cursor<'_>) -> Option<Angle> {
    let mut hemisphere = cursor.take(&LETTERS).map(|c| c.to_ascii_uppercase());
    cursor.spaces();
    let degrees = cursor.number(3)?;
    let mut angle = Angle {
        degrees: degrees.value,
        hemisphere,
        decimals: degrees.decimals,
        comma: degrees.comma,
        minutes_radius_m: None,
    };
    let mut after = *cursor;
    after.spaces();
    if after.take(&DEGREE_SIGNS).is_some() {
        *cursor = after;
        minutes(cursor, degrees, &mut angle);
        angle.minutes_radius_m.get_or_insert_with(|| radius_of_decimals(degrees.decimals));
    } else if hemisphere.is_some() && degrees.decimals == 0 {
        minutes(cursor, degrees, &mut angle);
    }
    if hemisphere.is_none() {
        let mut after = *cursor;
        after.spaces();
        if let Some(letter) = after.take(&LETTERS)
            && !after.rest().starts_with(|c: char| c.is_alphanumeric())
        {
            hemisphere = Some(letter.to_ascii_uppercase());
            *cursor = after;
        }
    }
    angle.hemisphere = hemisphere;
    if matches!(hemisphere, Some('S' | 'W')) {
        angle.degrees = -angle.degrees.abs();
    }
    Some(angle)
}

/// Minutes and seconds behind the degree sign.
fn minutes(cursor: &mut Cursor<'_>, degrees: Number, angle: &mut Angle) {
    let mut after = *cursor;
    after.spaces();
    let Some(minutes) = after.number(2).filter(|m| m.value >= 0.0 && m.value < 60.0) else {
        return;
    };
    let mut part = minutes.value / 60.0;
    let mut radius_m = 1852.0 * 0.5 * 10_f64.powi(-(minutes.decimals.min(6) as i32));
    after.spaces();
    let signed = after.take(&MINUTE_SIGNS).is_some();
    if !signed && minutes.decimals == 0 {
        return;
    }
    *cursor = after;
    after.spaces();
    if signed && let Some(seconds) = after.number(2).filter(|s| s.value >= 0.0 && s.value < 60.0) {
        after.spaces();
        if after.take(&SECOND_SIGNS).is_some()
            || (after.take(&MINUTE_SIGNS).is_some() && after.take(&MINUTE_SIGNS).is_some())
        {
            part += seconds.value / 3600.0;
            radius_m = 30.87 * 0.5 * 10_f64.powi(-(seconds.decimals.min(6) as i32));
            *cursor = after;
        }
    }
    angle.degrees = if degrees.value < 0.0 { degrees.value - part } else { degrees.value + part };
    angle.minutes_radius_m = Some(radius_m.max(LEAST_RADIUS_M).ceil() as u32);
}

/// Latitude and longitude of two angles: by their letters, else latitude first unless that cannot be or is not Dutch.
fn order(first: Angle, second: Angle) -> Option<(f64, f64)> {
    let is_lon = |a: Angle| matches!(a.hemisphere, Some('E' | 'O' | 'W'));
    let is_lat = |a: Angle| matches!(a.hemisphere, Some('N' | 'S'));
    if is_lon(first) || is_lat(second) {
        return (!is_lat(first) && !is_lon(second)).then_some((second.degrees, first.degrees));
    }
    if is_lat(first) && second.hemisphere.is_none() && second.minutes_radius_m.is_none() && second.decimals < 3 {
        return None;
    }
    let swapped = (3.0..=7.5).contains(&first.degrees) && (50.5..=53.8).contains(&second.degrees);
    Some(if swapped { (second.degrees, first.degrees) } else { (first.degrees, second.degrees) })
}

/// `155000, 463000`, `RD 155000 463000`, `X: 155.000 Y: 463.000`.
fn grid(text: &str, start: usize) -> Option<Point> {
    let label = text[..start].trim_end_matches([' ', ':', '=', '(']);
    let labelled = ["RD", "rd", "x", "X", "rijksdriehoek", "Rijksdriehoek", "RD-coördinaten", "rd-coördinaten"]
        .iter()
        .any(|word| label.strip_suffix(word).is_some_and(|before| !before.ends_with(char::is_alphanumeric)));
    let mut cursor = Cursor::new(text, start);
    let x_m = metres(&mut cursor, labelled)?;
    cursor.spaces();
    let mut separated = cursor.take(&[',', ';', '/', '|']).is_some();
    cursor.spaces();
    if cursor.take(&['y', 'Y']).is_some() {
        separated = true;
        cursor.take(&[':', '=']);
        cursor.spaces();
    }
    if !separated && !labelled {
        return None;
    }
    let y_m = metres(&mut cursor, labelled)?;
    if cursor.rest().starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let point = rd::to_lonlat(x_m, y_m)?;
    Some(Point {
        start,
        end: cursor.at,
        lon: point.lon,
        lat: point.lat,
        radius_m: LEAST_RADIUS_M as u32,
        code: "coordinate:rd",
        confidence: if labelled { 0.97 } else { 0.75 },
    })
}

/// Five or six digits, with a thousands point where a label says that these are grid coordinates.
fn metres(cursor: &mut Cursor<'_>, labelled: bool) -> Option<f64> {
    let before = cursor.at;
    let number = cursor.number(6)?;
    let whole_digits = number.value.trunc() >= 10_000.0;
    if whole_digits {
        // "155000,463000": what looks like decimals is the other number.
        if number.comma && number.decimals >= 5 {
            let comma = cursor.text[before..cursor.at].rfind(',')?;
            cursor.at = before + comma;
            return Some(number.value.trunc());
        }
        return Some(number.value);
    }
    (labelled && number.decimals == 3).then_some((number.value * 1000.0).round())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Option<(String, f64, f64, &'static str)> {
        super::super::digit_runs(text, &[]).find_map(|(start, _)| recognise(text, start)).map(|p| {
            (text[p.start..p.end].to_owned(), (p.lon * 1e4).round() / 1e4, (p.lat * 1e4).round() / 1e4, p.code)
        })
    }

    #[test]
    fn coordinates_in_the_usual_forms_are_read() {
        for (text, span, lon, lat, code) in [
            ("sta op 52.67012, 6.50034 nu", "52.67012, 6.50034", 6.5003, 52.6701, "coordinate:decimal"),
            ("52.67,6.50", "52.67,6.50", 6.5, 52.67, "coordinate:decimal"),
            ("52,67012 6,50034", "52,67012 6,50034", 6.5003, 52.6701, "coordinate:decimal"),
            ("6.50034,52.67012", "6.50034,52.67012", 6.5003, 52.6701, "coordinate:decimal"),
            ("-33.8688, 151.2093", "-33.8688, 151.2093", 151.2093, -33.8688, "coordinate:decimal"),
            ("52.67012° N, 6.50034° E", "52.67012° N, 6.50034° E", 6.5003, 52.6701, "coordinate:dms"),
            ("N52.67012 E6.50034", "N52.67012 E6.50034", 6.5003, 52.6701, "coordinate:decimal"),
            ("52°40'12\"N 6°30'0\"E", "52°40'12\"N 6°30'0\"E", 6.5, 52.67, "coordinate:dms"),
            ("52° 40′ 12.5″ N, 6° 30′ 0″ O", "52° 40′ 12.5″ N, 6° 30′ 0″ O", 6.5, 52.6701, "coordinate:dms"),
            ("N 52° 40.200 E 006° 30.000", "N 52° 40.200 E 006° 30.000", 6.5, 52.67, "coordinate:dms"),
            ("RD 155000 463000", "155000 463000", 5.3872, 52.1552, "coordinate:rd"),
            ("155000,463000", "155000,463000", 5.3872, 52.1552, "coordinate:rd"),
            ("x: 155.000 y: 463.000", "155.000 y: 463.000", 5.3872, 52.1552, "coordinate:rd"),
        ] {
            assert_eq!(found(text), Some((span.to_owned(), lon, lat, code)), "{text}");
        }
    }

    #[test]
    fn ordinary_numbers_are_no_coordinates() {
        for text in [
            "12.50, 13.75 euro",
            "1.234,567 en 2",
            "op 12-05-2020 om 14.30",
            "06-12345678",
            "versie 1.2.3",
            "155000 463000",
            "tussen 10,5 en 20,5",
            "192.168.1.1",
            "95.123, 6.123",
        ] {
            assert_eq!(found(text), None, "{text}");
        }
    }
}
