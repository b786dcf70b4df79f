//! What people type into the word box, as a full-text expression that can never be a syntax error.

/// Turns words into an FTS5 expression: every word must be there, `"a phrase"` in that order, `loods*` any ending.
///
/// Everything else that FTS5 gives a meaning (`AND`, `NEAR`, `^`, `-`, `:`) is taken as plain words. `None` when there is
/// nothing to look for.
pub fn match_expression(words: &str) -> Option<String> {
    let mut terms = Vec::new();
    for (i, part) in words.split('"').enumerate() {
        if i % 2 == 1 {
            terms.extend(quoted(part, false));
        } else {
            terms.extend(part.split_whitespace().filter_map(|word| quoted(word, word.ends_with('*'))));
        }
    }
    (!terms.is_empty()).then(|| terms.join(" "))
}

/// A term in quotes; `None` when it has no letter or digit that the tokenizer would keep.
fn quoted(term: &str, prefix: bool) -> Option<String> {
    let clean = term.replace(['"', '\0'], " ");
    if !clean.chars().any(char::is_alphanumeric) {
        return None;
    }
    let star = if prefix { " *" } else { "" };
    Some(format!("\"{}\"{star}", clean.trim().trim_end_matches('*')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_phrases_and_prefixes_are_quoted() {
        for (words, expected) in [
            ("loods kerkenveld", Some(r#""loods" "kerkenveld""#)),
            (r#""grote loods" vaten"#, Some(r#""grote loods" "vaten""#)),
            ("vat*", Some(r#""vat" *"#)),
            ("a AND (b", Some(r#""a" "AND" "(b""#)),
            (r#"half "open"#, Some(r#""half" "open""#)),
            ("* - \" \"", None),
            ("", None),
        ] {
            assert_eq!(match_expression(words).as_deref(), expected, "{words}");
        }
    }
}
