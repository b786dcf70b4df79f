//! XML that is well-formed whatever the texts in it: every element is closed, everything is escaped.

use std::fmt::Write as _;

/// An element's attributes: names with values.
pub(crate) type Attributes<'a> = &'a [(&'a str, &'a str)];

/// A document in the making.
#[derive(Debug, Default)]
pub(crate) struct Xml {
    out: String,
    open: Vec<&'static str>,
}

impl Xml {
    /// A document that begins with an XML declaration.
    pub(crate) fn declared() -> Self {
        Self { out: "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".to_owned(), open: Vec::new() }
    }

    /// A document that begins with this, as it is.
    pub(crate) fn beginning(raw: &'static str) -> Self {
        Self { out: raw.to_owned(), open: Vec::new() }
    }

    /// Opens an element.
    pub(crate) fn open(&mut self, name: &'static str, attributes: Attributes<'_>) {
        self.tag(name, attributes);
        self.out.push('>');
        self.open.push(name);
    }

    /// Closes the last element that is open.
    pub(crate) fn close(&mut self) {
        if let Some(name) = self.open.pop() {
            let _ = write!(self.out, "</{name}>");
        }
    }

    /// Closes the last element and begins a line, so that people can read the file.
    pub(crate) fn close_line(&mut self) {
        self.close();
        self.out.push('\n');
    }

    /// An element that holds a text.
    pub(crate) fn leaf(&mut self, name: &'static str, attributes: Attributes<'_>, text: &str) {
        self.open(name, attributes);
        self.text(text);
        self.close();
    }

    /// An element that holds nothing: in HTML for void elements alone.
    pub(crate) fn empty(&mut self, name: &'static str, attributes: Attributes<'_>) {
        self.tag(name, attributes);
        self.out.push_str("/>");
    }

    /// Text, escaped.
    pub(crate) fn text(&mut self, text: &str) {
        escape(&mut self.out, text, false);
    }

    /// Text of ours that is markup or a style sheet already.
    pub(crate) fn raw(&mut self, markup: &'static str) {
        self.out.push_str(markup);
    }

    /// The document, with everything closed.
    pub(crate) fn finish(mut self) -> String {
        while !self.open.is_empty() {
            self.close();
        }
        self.out.push('\n');
        self.out
    }

    fn tag(&mut self, name: &str, attributes: Attributes<'_>) {
        let _ = write!(self.out, "<{name}");
        for (name, value) in attributes {
            let _ = write!(self.out, " {name}=\"");
            escape(&mut self.out, value, true);
            self.out.push('"');
        }
    }
}

/// Escapes what means something, and replaces what XML 1.0 cannot hold (control characters, U+FFFE, U+FFFF) by U+FFFD.
fn escape(out: &mut String, text: &str, in_attribute: bool) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\r' => out.push_str("&#13;"),
            '\n' if in_attribute => out.push_str("&#10;"),
            '\t' if in_attribute => out.push_str("&#9;"),
            '\n' | '\t' => out.push(c),
            // The C1 controls are allowed by XML, but no HTML.
            '\u{0}'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            _ => out.push(c),
        }
    }
}

/// The text as a reader of the document gets it.
pub(crate) fn readable(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\r' | '\n' | '\t' => c,
            '\u{0}'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}' => '\u{fffd}',
            _ => c,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_means_something_is_escaped_and_everything_is_closed() {
        let mut xml = Xml::default();
        xml.open("a", &[("b", "\"<\n")]);
        xml.leaf("c", &[], "]]>&\u{0}");
        assert_eq!(xml.finish(), "<a b=\"&quot;&lt;&#10;\"><c>]]&gt;&amp;\u{fffd}</c></a>\n");
    }
}
