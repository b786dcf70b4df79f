//! Shields what looks like text and is none: web addresses, e-mail addresses and @-handles are not searched for names.
//!
//! Web addresses are kept, for the recogniser of map links. One pass, triggered by the few bytes that all of these hold.

use memchr::memchr3_iter;

/// Endings that make `word.ending` a web address even without `www.` or a scheme.
const ENDINGS: [&str; 14] =
    ["nl", "com", "be", "org", "net", "eu", "nu", "info", "app", "gl", "io", "co", "amsterdam", "frl"];

/// What a shielded range is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shielded {
    /// A web address or geo URI.
    Link,
    /// An e-mail address or @-handle.
    Handle,
}

/// Finds the ranges (sorted, disjoint, on character boundaries).
pub(crate) fn shield(text: &str) -> Vec<(usize, usize, Shielded)> {
    let bytes = text.as_bytes();
    let mut found: Vec<(usize, usize, Shielded)> = Vec::new();
    let mut done = 0;
    for at in memchr3_iter(b':', b'@', b'.', bytes) {
        if at < done {
            continue;
        }
        let range = match bytes[at] {
            b':' => uri(bytes, at, done),
            b'@' => handle(bytes, at, done),
            _ => bare_address(text, at, done),
        };
        if let Some((start, end, kind)) = range {
            done = end;
            found.push((start, end, kind));
        }
    }
    found
}

fn uri(bytes: &[u8], colon: usize, done: usize) -> Option<(usize, usize, Shielded)> {
    let scheme = back(bytes, colon, done, |b| b.is_ascii_alphabetic());
    if scheme == colon {
        return None;
    }
    let web = bytes[colon + 1..].starts_with(b"//");
    let geo = bytes[scheme..colon].eq_ignore_ascii_case(b"geo")
        && bytes.get(colon + 1).is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'-');
    (web || geo).then(|| (scheme, link_end(bytes, colon + 1), Shielded::Link))
}

fn handle(bytes: &[u8], at: usize, done: usize) -> Option<(usize, usize, Shielded)> {
    let after = ahead(bytes, at + 1, is_handle_byte);
    if after == at + 1 {
        return None;
    }
    let local = back(bytes, at, done, |b| is_handle_byte(b) || matches!(b, b'.' | b'+' | b'%' | b'-'));
    if local < at {
        let domain = ahead(bytes, at + 1, |b| is_handle_byte(b) || matches!(b, b'.' | b'-'));
        return Some((local, domain, Shielded::Handle));
    }
    Some((at, after, Shielded::Handle))
}

fn bare_address(text: &str, dot: usize, done: usize) -> Option<(usize, usize, Shielded)> {
    let bytes = text.as_bytes();
    let start = back(bytes, dot, done, is_handle_byte);
    if start == dot || bytes.get(dot + 1).is_none_or(|b| !b.is_ascii_alphanumeric()) {
        return None;
    }
    let www = bytes[start..dot].eq_ignore_ascii_case(b"www");
    let ending_end = ahead(bytes, dot + 1, |b| b.is_ascii_alphanumeric());
    let ends_well = bytes.get(ending_end).is_none_or(|&b| !(b >= 0x80 || b == b'_'));
    let known = ends_well && text.get(dot + 1..ending_end).is_some_and(|ending| ENDINGS.contains(&ending));
    (www || known).then(|| (start, link_end(bytes, dot + 1), Shielded::Link))
}

/// A link runs to white space, quotes, angle brackets or any byte outside ASCII; closing punctuation is not part of it.
fn link_end(bytes: &[u8], from: usize) -> usize {
    let mut end = ahead(bytes, from, |b| b.is_ascii_graphic() && !matches!(b, b'"' | b'<' | b'>' | b'|'));
    while end > from && matches!(bytes[end - 1], b'.' | b',' | b';' | b':' | b'!' | b'?' | b')' | b']' | b'\'') {
        end -= 1;
    }
    end
}

fn is_handle_byte(b: u8) -> bool {
    b.is_ascii_alphanumeric() || b == b'_'
}

fn back(bytes: &[u8], from: usize, floor: usize, holds: impl Fn(u8) -> bool) -> usize {
    let mut at = from;
    while at > floor && holds(bytes[at - 1]) {
        at -= 1;
    }
    at
}

fn ahead(bytes: &[u8], from: usize, holds: impl Fn(u8) -> bool) -> usize {
    from + bytes[from..].iter().position(|&b| !holds(b)).unwrap_or(bytes.len() - from)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shielded(text: &str) -> Vec<&str> {
        shield(text).into_iter().map(|(start, end, _)| &text[start..end]).collect()
    }

    #[test]
    fn links_handles_and_mail_addresses_are_shielded() {
        for (text, expected) in [
            ("kijk https://t.co/Assen, nu", &["https://t.co/Assen"][..]),
            ("@user en @Zwolle_1: hoi", &["@user", "@Zwolle_1"]),
            ("mail jan.best@assen.nl maar", &["jan.best@assen.nl"]),
            ("www.emmen.nl/x en gemeente.emmen.nl.", &["www.emmen.nl/x", "emmen.nl"]),
            ("geo:52.67,6.50?z=12 daar", &["geo:52.67,6.50?z=12"]),
            ("shoppen.in enschede @ Assen om 12:30", &[]),
        ] {
            assert_eq!(shielded(text), expected, "{text}");
        }
    }
}
