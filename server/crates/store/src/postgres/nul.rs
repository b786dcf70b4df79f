//! Texts with the character NUL, which PostgreSQL does not store and evidence may hold: written with two stand-ins, read back as
//! they were.

use std::borrow::Cow;

/// Never a character (Unicode, noncharacters): no text of anybody holds it but by mistake.
const MARK: char = '\u{10FFFE}';

/// As it is stored.
pub(super) fn stored(text: &str) -> Cow<'_, str> {
    if !text.contains(['\0', MARK]) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for char in text.chars() {
        match char {
            '\0' => out.extend([MARK, '0']),
            MARK => out.extend([MARK, '1']),
            other => out.push(other),
        }
    }
    Cow::Owned(out)
}

/// As it was before it was stored.
pub(super) fn read(text: String) -> String {
    if !text.contains(MARK) {
        return text;
    }
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(char) = chars.next() {
        if char != MARK {
            out.push(char);
        } else if chars.next() == Some('0') {
            out.push('\0');
        } else {
            out.push(MARK);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_come_back_as_they_were() {
        for text in ["", "hoi", "a\0b", "\0\0", "\u{10FFFE}", "\u{10FFFE}0", "0\0\u{10FFFE}\0é1"] {
            let kept = stored(text);
            assert!(!kept.contains('\0'));
            assert_eq!(read(kept.into_owned()), text);
        }
    }
}
