//! Walking through XML of any size, tag by tag.
//!
//! Where tags and texts end is decided here, over a window, so that memory is bounded and positions are known; attributes and
//! escapes are `quick-xml`'s work. There are no entities but the five that XML knows by itself: a document type, by which
//! others could be declared, ends the walk. So does nesting deeper than [`MAX_DEPTH`].

use std::borrow::Cow;

use quick_xml::escape::unescape;
use quick_xml::events::BytesStart;

use crate::window::Window;
use crate::{IngestError, MAX_RAW_BYTES, Position};

/// Elements within each other; reports reach about twenty.
const MAX_DEPTH: usize = 200;

/// What comes next in a document.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Step {
    /// A start tag. For an empty element its end follows as a step of its own.
    Start(Tag),
    /// An end tag.
    End,
    /// Text between tags; `None` when it is longer than the limit.
    Text(Option<String>),
    /// Something that is no XML, or that is not allowed: the reason. What follows has been passed.
    Broken(&'static str),
    /// The end of the document.
    Done,
}

/// A start tag.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Tag {
    content: String,
    name_len: usize,
}

impl Tag {
    /// The name without its prefix.
    pub(crate) fn name(&self) -> &str {
        let name = &self.content[..self.name_len];
        name.rsplit_once(':').map_or(name, |(_, local)| local)
    }

    /// The value of an attribute; empty when there is none.
    pub(crate) fn attribute(&self, name: &str) -> String {
        let tag = BytesStart::from_content(self.content.as_str(), self.name_len);
        let found = tag.attributes().with_checks(false).flatten().find(|attribute| attribute.key.as_ref() == name);
        found.map(|attribute| unescaped(&attribute.value).into_owned()).unwrap_or_default()
    }
}

/// Text with its escapes resolved; as it stands where it has escapes that XML does not know.
fn unescaped(text: &str) -> Cow<'_, str> {
    unescape(text).unwrap_or(Cow::Borrowed(text))
}

/// A walk through the document in a window.
pub(crate) struct XmlWalk {
    window: Window,
    open: Vec<String>,
    limit: usize,
    /// An empty element whose end is still to be told.
    ends_at_once: bool,
    /// Where the last step began, and, where it broke, what stood there.
    pub(crate) began: Position,
    pub(crate) raw: Vec<u8>,
}

impl XmlWalk {
    pub(crate) fn new(window: Window, limit: usize) -> Self {
        let began = window.position();
        Self { window, open: Vec::new(), limit, ends_at_once: false, began, raw: Vec::new() }
    }

    pub(crate) fn position(&self) -> Position {
        self.window.position()
    }

    /// How many elements are open.
    pub(crate) fn depth(&self) -> usize {
        self.open.len()
    }

    /// The next step.
    pub(crate) fn step(&mut self) -> Result<Step, IngestError> {
        if std::mem::take(&mut self.ends_at_once) {
            self.open.pop();
            return Ok(Step::End);
        }
        loop {
            self.began = self.window.position();
            self.window.fill_to(9)?;
            let bytes = self.window.bytes();
            let step = match bytes {
                [] if self.open.is_empty() => Some(Step::Done),
                [] => Some(self.broken("the file ends in the middle of the document")?),
                _ if bytes.starts_with(b"<!--") => self.pass_until(b"-->")?,
                _ if bytes.starts_with(b"<![CDATA[") => Some(self.cdata()?),
                _ if bytes.starts_with(b"<?") => self.pass_until(b"?>")?,
                _ if bytes.starts_with(b"<!") => Some(self.broken("a document type is not allowed")?),
                [b'<', b'/', ..] => Some(self.end_tag()?),
                [b'<', ..] => Some(self.start_tag()?),
                _ => Some(self.text()?),
            };
            if let Some(step) = step {
                return Ok(step);
            }
        }
    }

    /// Passes a comment or an instruction.
    fn pass_until(&mut self, end: &[u8]) -> Result<Option<Step>, IngestError> {
        loop {
            if let Some(at) = memchr::memmem::find(self.window.bytes(), end) {
                self.window.advance(at + end.len());
                return Ok(None);
            }
            let passed = self.window.bytes().len().saturating_sub(end.len());
            self.window.advance(passed);
            if !self.window.fill()? {
                return self.broken("a comment or an instruction does not end").map(Some);
            }
        }
    }

    fn cdata(&mut self) -> Result<Step, IngestError> {
        const START: usize = 9;
        let Some(end) = self.find(b"]]>", START)? else {
            let passed = self.pass_until(b"]]>")?;
            return Ok(passed.unwrap_or(Step::Text(None)));
        };
        let text = std::str::from_utf8(&self.window.bytes()[START..end]).ok().map(str::to_owned);
        self.window.advance(end + 3);
        Ok(Step::Text(text))
    }

    fn text(&mut self) -> Result<Step, IngestError> {
        if let Some(end) = self.find(b"<", 0)? {
            let text = std::str::from_utf8(&self.window.bytes()[..end]).ok().map(|text| unescaped(text).into_owned());
            self.window.advance(end);
            return Ok(Step::Text(text));
        }
        loop {
            let bytes = self.window.bytes();
            let end = memchr::memchr(b'<', bytes);
            self.window.advance(end.unwrap_or(bytes.len()));
            if end.is_some() || !self.window.fill()? {
                return Ok(Step::Text(None));
            }
        }
    }

    fn end_tag(&mut self) -> Result<Step, IngestError> {
        let Some(end) = self.find(b">", 2)? else { return self.broken("a tag does not end") };
        let matches = self.open.last().is_some_and(|open| {
            let name = self.window.bytes()[2..end].trim_ascii();
            name == open.as_bytes()
        });
        if !matches {
            return self.broken("an end tag does not belong to the last start tag");
        }
        self.window.advance(end + 1);
        self.open.pop();
        Ok(Step::End)
    }

    fn start_tag(&mut self) -> Result<Step, IngestError> {
        let Some(end) = self.end_of_start_tag()? else { return self.broken("a tag does not end") };
        let content = &self.window.bytes()[1..end];
        let is_empty = content.ends_with(b"/");
        let content = content.strip_suffix(b"/").unwrap_or(content);
        let Some(content) = std::str::from_utf8(content).ok().filter(|content| !content.is_empty()) else {
            return self.broken("a tag has no name, or bytes that are no characters");
        };
        let name_len = content.find(|c: char| c.is_ascii_whitespace()).unwrap_or(content.len());
        if name_len == 0 || self.open.len() >= MAX_DEPTH {
            let reason = if name_len == 0 { "a tag has no name" } else { "the elements are nested too deep" };
            return self.broken(reason);
        }
        let tag = Tag { content: content.to_owned(), name_len };
        self.open.push(tag.content[..name_len].to_owned());
        self.ends_at_once = is_empty;
        self.window.advance(end + 1);
        Ok(Step::Start(tag))
    }

    /// The index of `needle` from `from` on, within the limit.
    fn find(&mut self, needle: &[u8], from: usize) -> Result<Option<usize>, IngestError> {
        let mut searched = from;
        loop {
            let bytes = self.window.bytes();
            if let Some(at) = bytes.get(searched..).and_then(|rest| memchr::memmem::find(rest, needle)) {
                return Ok(Some(searched + at).filter(|at| *at <= self.limit));
            }
            searched = bytes.len().saturating_sub(needle.len() - 1).max(from);
            if searched > self.limit || !self.window.fill()? {
                return Ok(None);
            }
        }
    }

    /// The index of the `>` that ends the tag: one that stands in no attribute.
    fn end_of_start_tag(&mut self) -> Result<Option<usize>, IngestError> {
        let (mut at, mut quote) = (1, None);
        loop {
            let bytes = self.window.bytes();
            while at < bytes.len() {
                match (quote, bytes[at]) {
                    (None, b'>') => return Ok(Some(at)),
                    (None, byte @ (b'"' | b'\'')) => quote = Some(byte),
                    (Some(open), byte) if open == byte => quote = None,
                    _ => {}
                }
                at += 1;
                if at > self.limit {
                    return Ok(None);
                }
            }
            if !self.window.fill()? {
                return Ok(None);
            }
        }
    }

    /// Ends the walk: what follows cannot be told apart any more.
    fn broken(&mut self, reason: &'static str) -> Result<Step, IngestError> {
        let bytes = self.window.bytes();
        self.raw = bytes[..bytes.len().min(MAX_RAW_BYTES)].to_vec();
        self.window.skip_rest()?;
        self.open.clear();
        self.ends_at_once = false;
        Ok(Step::Broken(reason))
    }
}

/// The name of the outermost element and the beginning up to its end, for telling reports apart.
pub(crate) fn root(sample: &[u8]) -> Option<Tag> {
    let start = Position { line: 1, offset: 0 };
    let bytes = Box::new(std::io::Cursor::new(sample.to_vec()));
    let window = Window::new(bytes, std::path::Path::new(""), crate::Encoding::Utf8, start);
    let mut walk = XmlWalk::new(window, sample.len());
    loop {
        match walk.step().ok()? {
            Step::Start(tag) => return Some(tag),
            Step::Text(_) => {}
            _ => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::Encoding;

    fn steps(text: &str) -> Vec<String> {
        let start = Position { line: 1, offset: 0 };
        let bytes = Box::new(std::io::Cursor::new(text.to_owned().into_bytes()));
        let mut walk = XmlWalk::new(Window::new(bytes, Path::new("test"), Encoding::Utf8, start), 40);
        let mut seen = Vec::new();
        loop {
            match walk.step().unwrap() {
                Step::Start(tag) => seen.push(format!("<{} {}", tag.name(), tag.attribute("a"))),
                Step::End => seen.push(">".into()),
                Step::Text(text) => seen.push(text.unwrap_or("too long".into())),
                Step::Broken(reason) => seen.push(reason.into()),
                Step::Done => return seen,
            }
        }
    }

    #[test]
    fn tags_attributes_texts_and_escapes_are_read() {
        let text = "<?xml version=\"1.0\"?><!-- > --><n:x b='1' a='&lt;>'>een &amp; &#228;<y a=\"2\"/><![CDATA[<]&amp;]]></n:x>";
        assert_eq!(steps(text), ["<x <>", "een & ä", "<y 2", ">", "<]&amp;", ">"]);
        assert_eq!(steps("<x>&eigen;</x>"), ["<x ", "&eigen;", ">"]);
    }

    #[test]
    fn what_is_not_allowed_or_broken_ends_the_walk_with_a_reason() {
        let doctype = "<!DOCTYPE x [<!ENTITY a \"b\">]><x>&a;</x>";
        assert_eq!(steps(doctype), ["a document type is not allowed"]);
        assert_eq!(steps("<x><y></x>").last().unwrap(), "an end tag does not belong to the last start tag");
        assert_eq!(steps("<x>een").last().unwrap(), "the file ends in the middle of the document");
        assert_eq!(steps(&"<x>".repeat(10_000)).last().unwrap(), "the elements are nested too deep");
        assert_eq!(steps("<x"), ["a tag does not end"]);
    }

    #[test]
    fn what_is_too_long_is_passed() {
        let long = format!("<x>{}<y/><![CDATA[{}]]>z</x>", "a".repeat(100), "b".repeat(100));
        assert_eq!(steps(&long), ["<x ", "too long", "<y ", ">", "too long", "z", ">"]);
    }
}
