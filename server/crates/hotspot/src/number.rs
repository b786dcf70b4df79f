//! Numbers as a sentence has them, in Dutch and in English.

/// A number in both languages.
pub type Written = [String; 2];

/// Digits in groups of three: `12.345`, `12,345`.
pub fn whole(number: u64) -> Written {
    let digits = number.to_string();
    ['.', ','].map(|separator| {
        let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
        for (at, digit) in digits.chars().enumerate() {
            if at > 0 && (digits.len() - at).is_multiple_of(3) {
                grouped.push(separator);
            }
            grouped.push(digit);
        }
        grouped
    })
}

/// With so many decimals, in groups of three before them: `12.345,6`, `12,345.6`.
pub fn decimal(number: f64, digits: usize) -> Written {
    let plain = format!("{:.digits$}", number.abs());
    let (before, behind) = plain.split_once('.').unwrap_or((&plain, ""));
    // What is no number, or beyond all counting, is written as it is.
    let Ok(before) = before.parse() else { return [plain.clone(), plain] };
    let is_negative = number < 0.0 && plain.bytes().any(|digit| (b'1'..=b'9').contains(&digit));
    let sign = if is_negative { "−" } else { "" };
    let [nl, en] = whole(before);
    let tail = |point: &str| if digits == 0 { String::new() } else { format!("{point}{behind}") };
    [format!("{sign}{nl}{}", tail(",")), format!("{sign}{en}{}", tail("."))]
}

/// A p-value: `p = 0,0004`, `p < 0.0001`.
pub fn probability(p: f64) -> Written {
    let english = if p < 0.0001 { "p < 0.0001".to_owned() } else { format!("p = {p:.4}") };
    [english.replace('.', ","), english]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_grouped_by_three() {
        for (number, grouped) in [(0, "0"), (999, "999"), (1_000, "1.000"), (12_345_678, "12.345.678")] {
            assert_eq!(whole(number), [grouped.to_owned(), grouped.replace('.', ",")]);
        }
    }

    #[test]
    fn numbers_are_written_as_each_language_does() {
        assert_eq!(decimal(2.345, 1), ["2,3", "2.3"]);
        assert_eq!(decimal(1_234_567.891, 2), ["1.234.567,89", "1,234,567.89"]);
        assert_eq!(decimal(-1_999.6, 0), ["−2.000", "−2,000"]);
        assert_eq!(decimal(-0.01, 1), ["0,0", "0.0"]);
        assert_eq!(probability(0.001), ["p = 0,0010", "p = 0.0010"]);
        assert_eq!(probability(1e-9), ["p < 0,0001", "p < 0.0001"]);
    }
}
