//! What parts the columns.

use crate::fields::guess;

const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// The delimiter under which the first line names most of what a message has, else parts it most evenly.
pub(super) fn guess_delimiter(sample: &[u8]) -> u8 {
    const COUNTED_LINES: usize = 20;
    let mut lines = sample.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty());
    let header = lines.next().unwrap_or_default();
    let following: Vec<&[u8]> = lines.take(COUNTED_LINES).collect();
    let score = |delimiter: u8| {
        let known =
            String::from_utf8_lossy(header).split(char::from(delimiter)).filter(|name| guess(name).is_some()).count();
        let fields = fields_outside_quotes(header, delimiter);
        let alike = following.iter().filter(|line| fields_outside_quotes(line, delimiter) == fields).count();
        (if fields > 1 { known } else { 0 }, if fields > 1 { alike } else { 0 }, fields)
    };
    // The last of equals wins, so the commonest delimiter stands last.
    DELIMITERS.into_iter().rev().max_by_key(|delimiter| score(*delimiter)).unwrap_or(b',')
}

fn fields_outside_quotes(line: &[u8], delimiter: u8) -> usize {
    let mut is_quoted = false;
    1 + line
        .iter()
        .filter(|byte| {
            is_quoted ^= **byte == b'"';
            **byte == delimiter && !is_quoted
        })
        .count()
}
