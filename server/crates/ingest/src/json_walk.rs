//! Walking through JSON of any size: containers on the way are entered, wanted values are handed over whole, all else is passed.
//!
//! Memory is bounded by the longest value that is taken. Depth is counted, not recursed into; what is handed over is parsed by
//! `serde_json`, which stops at 128 levels. Documents that follow each other without a comma (JSON Lines) are walked as well.

use crate::window::Window;
use crate::{IngestError, MAX_RAW_BYTES, Position};

/// What is to be done with a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wish {
    /// Go into it; for objects and arrays.
    Enter,
    /// Hand it over whole.
    Take,
    /// Pass it.
    Skip,
}

/// What was come upon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// A value to take: the first bytes of the window, so many of them. To be passed with [`JsonWalk::pass`].
    Value(usize),
    /// A value that was to be taken but is longer than the limit: it has been passed.
    TooLong,
    /// An entered object or array has ended.
    Left,
    /// Something that is no JSON: it has been passed, up to where the next element seems to start or to the end.
    Broken,
    /// The end of the file.
    End,
}

/// A step of the way to a value: a key of an object, or being an element of an array.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Part {
    Key(String),
    Element,
}

/// Keys longer than this match nothing.
const MAX_KEY_BYTES: usize = 256;
/// Brackets within a value that is passed.
const MAX_DEPTH: usize = 1024 * 1024;
/// How much of a value is there to be looked at before it is decided what to do with it.
const PEEK_BYTES: usize = 4096;
/// Entered containers within each other.
const MAX_ENTERED: usize = 16;

/// A walk through the document in a window.
pub(crate) struct JsonWalk {
    pub(crate) window: Window,
    path: Vec<Part>,
    limit: usize,
    /// Where the last value, or what was broken, began, and how it began.
    pub(crate) began: Position,
    pub(crate) raw: Vec<u8>,
}

impl JsonWalk {
    pub(crate) fn new(window: Window, limit: usize) -> Self {
        let began = window.position();
        Self { window, path: Vec::new(), limit, began, raw: Vec::new() }
    }

    /// Passes a value that was handed over.
    pub(crate) fn pass(&mut self, count: usize) {
        self.window.advance(count);
    }

    /// Goes on to the next value that `wish` wants taken, or to the end of a container.
    pub(crate) fn step(&mut self, wish: &mut dyn FnMut(&[Part], &[u8]) -> Wish) -> Result<Step, IngestError> {
        loop {
            let Some(byte) = self.peek()? else {
                let is_open = !self.path.is_empty();
                self.path.clear();
                return Ok(if is_open { self.broken_here() } else { Step::End });
            };
            match (self.path.last(), byte) {
                (Some(Part::Key(_)), b'}') | (Some(Part::Element), b']') => {
                    self.window.advance(1);
                    self.path.pop();
                    return Ok(Step::Left);
                }
                (Some(Part::Key(_)), b'"') => {
                    let Some(key) = self.key()? else { return self.broken() };
                    if let Some(last) = self.path.last_mut() {
                        *last = Part::Key(key);
                    }
                }
                (Some(Part::Key(_)), _) => return self.broken(),
                _ => {}
            }
            if let Some(step) = self.value(wish)? {
                return Ok(step);
            }
        }
    }

    /// What to do with the value that stands here; `None` when it was passed or entered.
    fn value(&mut self, wish: &mut dyn FnMut(&[Part], &[u8]) -> Wish) -> Result<Option<Step>, IngestError> {
        let Some(byte) = self.peek()? else { return self.broken().map(Some) };
        if !(byte.is_ascii_alphanumeric() || matches!(byte, b'{' | b'[' | b'"' | b'-')) {
            return self.broken().map(Some);
        }
        self.window.fill_to(PEEK_BYTES)?;
        let beginning = self.window.bytes();
        let wish = wish(&self.path, &beginning[..beginning.len().min(PEEK_BYTES)]);
        self.began = self.window.position();
        match (wish, byte) {
            (Wish::Enter, b'{') if self.path.len() < MAX_ENTERED => {
                self.window.advance(1);
                self.path.push(Part::Key(String::new()));
                Ok(None)
            }
            (Wish::Enter, b'[') if self.path.len() < MAX_ENTERED => {
                self.window.advance(1);
                self.path.push(Part::Element);
                Ok(None)
            }
            (Wish::Take, _) => match self.end_of_value(self.limit)? {
                End::At(end) => Ok(Some(Step::Value(end))),
                End::TooFar => {
                    self.remember_raw();
                    let was_passed = self.skip_value()?;
                    if was_passed { Ok(Some(Step::TooLong)) } else { self.broken().map(Some) }
                }
                End::Broken => self.broken().map(Some),
            },
            (Wish::Skip | Wish::Enter, _) => {
                if self.skip_value()? {
                    Ok(None)
                } else {
                    self.broken().map(Some)
                }
            }
        }
    }

    /// The next byte that is neither space nor comma.
    fn peek(&mut self) -> Result<Option<u8>, IngestError> {
        loop {
            let bytes = self.window.bytes();
            let blank = bytes.iter().take_while(|byte| matches!(**byte, b' ' | b'\n' | b'\r' | b'\t' | b',')).count();
            self.window.advance(blank);
            if let Some(byte) = self.window.bytes().first() {
                return Ok(Some(*byte));
            }
            if !self.window.fill()? {
                return Ok(None);
            }
        }
    }

    /// A key with its colon; `None` when it is none.
    fn key(&mut self) -> Result<Option<String>, IngestError> {
        let End::At(end) = self.end_of_value(self.limit)? else { return Ok(None) };
        let written = &self.window.bytes()[..end];
        let key = if end <= MAX_KEY_BYTES { serde_json::from_slice(written).ok() } else { Some(String::new()) };
        self.window.advance(end);
        if self.peek()? != Some(b':') {
            return Ok(None);
        }
        self.window.advance(1);
        Ok(key)
    }

    /// The end of the value at the start of the window.
    fn end_of_value(&mut self, limit: usize) -> Result<End, IngestError> {
        let mut scan = Scan::default();
        let mut at = 0;
        loop {
            let bytes = self.window.bytes();
            while at < bytes.len() {
                if at > limit {
                    return Ok(End::TooFar);
                }
                match scan.step(bytes[at]) {
                    Scanned::On => at += 1,
                    Scanned::EndsBefore => return Ok(End::At(at)),
                    Scanned::EndsHere => return Ok(End::At(at + 1)),
                    Scanned::Broken => return Ok(End::Broken),
                }
            }
            if !self.window.fill()? {
                return Ok(if scan.is_bare() { End::At(at) } else { End::Broken });
            }
        }
    }

    /// Passes a value of any length; false when it does not end as it should.
    fn skip_value(&mut self) -> Result<bool, IngestError> {
        let mut scan = Scan::default();
        loop {
            let bytes = self.window.bytes();
            let mut at = 0;
            while at < bytes.len() {
                match scan.step(bytes[at]) {
                    Scanned::On => at += 1,
                    Scanned::EndsBefore => {
                        self.window.advance(at);
                        return Ok(true);
                    }
                    Scanned::EndsHere => {
                        self.window.advance(at + 1);
                        return Ok(true);
                    }
                    Scanned::Broken => {
                        self.window.advance(at);
                        return Ok(false);
                    }
                }
            }
            self.window.advance(at);
            if !self.window.fill()? {
                return Ok(scan.is_bare());
            }
        }
    }

    fn remember_raw(&mut self) {
        let bytes = self.window.bytes();
        self.raw = bytes[..bytes.len().min(MAX_RAW_BYTES)].to_vec();
    }

    fn broken_here(&mut self) -> Step {
        self.began = self.window.position();
        self.raw.clear();
        Step::Broken
    }

    /// Passes what is broken: to the next line that begins an object, or to the end. The walk goes on in the innermost array,
    /// or before the document.
    fn broken(&mut self) -> Result<Step, IngestError> {
        self.began = self.window.position();
        self.remember_raw();
        while matches!(self.path.last(), Some(Part::Key(_))) {
            self.path.pop();
        }
        loop {
            self.window.skip_line()?;
            self.window.fill_to(1)?;
            match self.peek()? {
                None => {
                    self.path.clear();
                    return Ok(Step::Broken);
                }
                Some(b'{') => return Ok(Step::Broken),
                Some(_) => {}
            }
        }
    }
}

enum End {
    At(usize),
    TooFar,
    Broken,
}

enum Scanned {
    On,
    EndsBefore,
    EndsHere,
    Broken,
}

/// Follows strings and brackets through a value.
#[derive(Default)]
struct Scan {
    brackets: Vec<u8>,
    state: State,
}

#[derive(Default, Clone, Copy, PartialEq, Eq)]
enum State {
    #[default]
    Start,
    /// In a number or a word that stands by itself; it ends where something else starts.
    Bare,
    /// Within brackets, outside strings.
    Between,
    Quoted,
    Escaped,
}

impl Scan {
    /// Whether the value may end with the file.
    fn is_bare(&self) -> bool {
        self.state == State::Bare
    }

    fn step(&mut self, byte: u8) -> Scanned {
        match (self.state, byte) {
            (State::Quoted, b'\\') => self.state = State::Escaped,
            (State::Quoted, b'"') if self.brackets.is_empty() => return Scanned::EndsHere,
            (State::Quoted, b'"') => self.state = State::Between,
            (State::Quoted, _) => {}
            (State::Bare, byte) if byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'+' | b'-') => {}
            (State::Bare, _) => return Scanned::EndsBefore,
            (State::Escaped, _) | (_, b'"') => self.state = State::Quoted,
            (_, b'{' | b'[') => {
                self.state = State::Between;
                self.brackets.push(byte);
                if self.brackets.len() > MAX_DEPTH {
                    return Scanned::Broken;
                }
            }
            (_, b'}' | b']') => {
                let opened = if byte == b'}' { b'{' } else { b'[' };
                if self.brackets.pop() != Some(opened) {
                    return Scanned::Broken;
                }
                if self.brackets.is_empty() {
                    return Scanned::EndsHere;
                }
            }
            (State::Start, _) => self.state = State::Bare,
            (State::Between, _) => {}
        }
        Scanned::On
    }
}

/// The keys of the outermost object, as far as the beginning of a file shows them, with the first byte of each value.
pub(crate) fn first_keys(sample: &[u8]) -> Vec<(String, u8)> {
    let start = crate::Position { line: 1, offset: 0 };
    let bytes = Box::new(std::io::Cursor::new(sample.to_vec()));
    let window = Window::new(bytes, std::path::Path::new(""), crate::Encoding::Utf8, start);
    let mut walk = JsonWalk::new(window, sample.len());
    let mut keys = Vec::new();
    let mut depth_of_root = 0;
    while depth_of_root == 0 {
        let step = walk.step(&mut |path, value| match path {
            [] => Wish::Enter,
            [Part::Key(key)] => {
                keys.push((key.clone(), value.first().copied().unwrap_or(0)));
                Wish::Skip
            }
            _ => Wish::Skip,
        });
        match step {
            Ok(Step::Value(_) | Step::TooLong) => {}
            Ok(Step::Left | Step::Broken | Step::End) | Err(_) => depth_of_root = 1,
        }
    }
    keys
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::Encoding;

    fn walk(text: &str) -> JsonWalk {
        let start = Position { line: 1, offset: 0 };
        let bytes = Box::new(std::io::Cursor::new(text.to_owned().into_bytes()));
        JsonWalk::new(Window::new(bytes, Path::new("test"), Encoding::Utf8, start), 40)
    }

    /// What is taken from arrays under `m`, and what else happens.
    fn steps(text: &str) -> Vec<String> {
        let mut walk = walk(text);
        let mut seen = Vec::new();
        loop {
            let step = walk.step(&mut |path, _| match path {
                [] => Wish::Enter,
                [Part::Key(key)] if key == "m" => Wish::Enter,
                [.., Part::Element] => Wish::Take,
                _ => Wish::Skip,
            });
            match step.unwrap() {
                Step::Value(end) => {
                    seen.push(String::from_utf8(walk.window.bytes()[..end].to_vec()).unwrap());
                    walk.pass(end);
                }
                Step::End => return seen,
                other => seen.push(format!("{other:?}")),
            }
        }
    }

    #[test]
    fn elements_are_taken_and_the_rest_is_passed() {
        assert_eq!(
            steps(r#"{"x":{"m":[1]},"y":"a]}\"","m":[{"a":"}"}, 12 ,"\\",[1,[2]]],"z":null}"#),
            [r#"{"a":"}"}"#, "12", r#""\\""#, "[1,[2]]", "Left", "Left"]
        );
        assert_eq!(steps("[1,2]\n[3]"), ["1", "2", "Left", "3", "Left"]);
        assert_eq!(steps(""), Vec::<String>::new());
    }

    #[test]
    fn what_is_too_long_or_broken_costs_itself() {
        let long = format!("[{{\"a\":\"{}\"}},{{\"b\":1}}]", "x".repeat(100));
        assert_eq!(steps(&long), ["TooLong", "{\"b\":1}", "Left"]);
        assert_eq!(steps("[{\"a\":[},\n{\"b\":1}\n]"), ["Broken", "{\"b\":1}", "Left"]);
        assert_eq!(steps("[{\"a\":1},\n{\"b\":"), ["{\"a\":1}", "Broken"]);
        assert_eq!(steps("[1"), ["1", "Broken"]);
        assert_eq!(steps("???"), ["Broken"]);
    }

    #[test]
    fn depth_is_no_danger() {
        let deep = format!("{{\"x\":{}{},\"m\":[7]}}", "[".repeat(100_000), "]".repeat(100_000));
        assert_eq!(steps(&deep), ["7", "Left", "Left"]);
        let endless = "[".repeat(3_000_000);
        assert_eq!(steps(&endless).last().map(String::as_str), Some("Broken"));
    }

    #[test]
    fn the_first_keys_are_known_though_the_sample_is_cut_off() {
        let keys = first_keys(br#"{"name":"x","id":7,"messages":[{"id":1},{"#);
        let names: Vec<_> = keys.iter().map(|(key, first)| (key.as_str(), *first)).collect();
        assert_eq!(names, [("name", b'"'), ("id", b'7'), ("messages", b'[')]);
        assert!(first_keys(b"[1]").is_empty());
    }
}
