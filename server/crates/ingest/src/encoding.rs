//! Character encodings: which one a file uses, and decoding it as a stream.
//!
//! Everything behind this module is UTF-8. What cannot be decoded becomes the
//! byte [`UNDECODABLE`], which is never valid UTF-8, so that the line it
//! stands in is rejected rather than silently repaired.

use std::io::{self, Read};
use std::ops::Range;

use encoding_rs::{Decoder, DecoderResult, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// Stands for an undecodable unit of the original.
const UNDECODABLE: u8 = 0xFF;
const CHUNK_BYTES: usize = 64 * 1024;

/// How the characters of a file are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8, with or without a byte order mark.
    Utf8,
    /// UTF-16, low byte first.
    Utf16Le,
    /// UTF-16, high byte first.
    Utf16Be,
    /// Windows-1252, of which ISO 8859-1 texts are a part.
    Windows1252,
}

impl Encoding {
    /// The name by which the encoding is known.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Utf16Le => "UTF-16LE",
            Self::Utf16Be => "UTF-16BE",
            Self::Windows1252 => "Windows-1252",
        }
    }

    /// Finds the encoding from the first bytes of a file, and the length of its byte order mark.
    pub(crate) fn detect(sample: &[u8]) -> (Self, usize) {
        match sample {
            [0xEF, 0xBB, 0xBF, ..] => (Self::Utf8, 3),
            [0xFF, 0xFE, ..] => (Self::Utf16Le, 2),
            [0xFE, 0xFF, ..] => (Self::Utf16Be, 2),
            _ => (Self::detect_without_mark(sample), 0),
        }
    }

    fn detect_without_mark(sample: &[u8]) -> Self {
        if let Some(utf16) = utf16_by_nul_bytes(sample) {
            return utf16;
        }
        if is_windows_1252(sample) { Self::Windows1252 } else { Self::Utf8 }
    }

    /// How many bytes of the original file the decoded bytes came from.
    pub(crate) fn original_len(self, decoded: &[u8]) -> u64 {
        let is_start = |byte: &u8| *byte & 0xC0 != 0x80;
        let characters = || decoded.iter().copied().filter(|byte| is_start(byte)).count() as u64;
        match self {
            Self::Utf8 => decoded.len() as u64,
            Self::Windows1252 => characters(),
            Self::Utf16Le | Self::Utf16Be => {
                let surrogate_pairs = decoded.iter().filter(|byte| (0xF0..UNDECODABLE).contains(*byte)).count() as u64;
                2 * (characters() + surrogate_pairs)
            }
        }
    }

    /// A reader of UTF-8 over the bytes behind the byte order mark.
    pub(crate) fn decode(self, bytes: Box<dyn Read + Send>) -> Box<dyn Read + Send> {
        let encoding = match self {
            Self::Utf8 => return bytes,
            Self::Utf16Le => UTF_16LE,
            Self::Utf16Be => UTF_16BE,
            Self::Windows1252 => WINDOWS_1252,
        };
        Box::new(Decoding {
            bytes,
            decoder: encoding.new_decoder_without_bom_handling(),
            input: vec![0; CHUNK_BYTES],
            pending: 0..0,
            output: vec![0; CHUNK_BYTES],
            ready: 0..0,
            at_end: false,
            finished: false,
        })
    }
}

/// ASCII text in UTF-16 has a NUL in every other byte; text in UTF-8 has none.
fn utf16_by_nul_bytes(sample: &[u8]) -> Option<Encoding> {
    let nul_share = |parity: usize| {
        let bytes = sample.iter().skip(parity).step_by(2);
        let nul = bytes.clone().filter(|byte| **byte == 0).count();
        nul as f64 / bytes.count().max(1) as f64
    };
    if sample.len() < 8 {
        return None;
    }
    // A third leaves room for emoji and for scripts without NUL bytes; chance NULs stay far below it.
    match (nul_share(0), nul_share(1)) {
        (even, odd) if odd > 0.33 && even < 0.05 => Some(Encoding::Utf16Le),
        (even, odd) if even > 0.33 && odd < 0.05 => Some(Encoding::Utf16Be),
        _ => None,
    }
}

/// Whether the bytes make more sense as Windows-1252 than as UTF-8 with a few broken lines.
///
/// Broken UTF-8 must not be taken for letters: the high bytes have to be those of Western European text, mostly
/// beside a letter, and outnumber the sequences that are valid UTF-8.
fn is_windows_1252(sample: &[u8]) -> bool {
    let (mut valid_sequences, mut high, mut plausible, mut inside_words) = (0_usize, 0_usize, 0_usize, 0_usize);
    for chunk in sample.utf8_chunks() {
        valid_sequences += chunk.valid().bytes().filter(|byte| *byte >= 0xC0).count();
    }
    for (at, byte) in sample.iter().copied().enumerate().filter(|(_, byte)| *byte >= 0x80) {
        high += 1;
        plausible += usize::from(is_western_letter_or_sign(byte));
        let beside_letter = |neighbour: Option<&u8>| neighbour.is_some_and(u8::is_ascii_alphabetic);
        let before = at.checked_sub(1).and_then(|before| sample.get(before));
        inside_words += usize::from(beside_letter(before) || beside_letter(sample.get(at + 1)));
    }
    let invalid = sample.utf8_chunks().filter(|chunk| is_truly_invalid(chunk.invalid(), sample)).count();
    invalid > valid_sequences && plausible * 10 >= high * 9 && inside_words * 2 >= high
}

/// The sample may end in the middle of a character; that is no error.
fn is_truly_invalid(invalid: &[u8], sample: &[u8]) -> bool {
    let cut_at_end = sample.len() >= CHUNK_BYTES && sample.ends_with(invalid) && invalid.len() < 4;
    !invalid.is_empty() && !cut_at_end
}

/// Letters and signs of Windows-1252 that Western European texts use.
fn is_western_letter_or_sign(byte: u8) -> bool {
    matches!(
        byte,
        0x80 | 0x85 | 0x91..=0x97 | 0x99 | 0xA0 | 0xA3 | 0xA7 | 0xA9 | 0xAB | 0xB0 | 0xB2 | 0xB4 | 0xB7 | 0xBB | 0xBD
            | 0xC0..=0xC2 | 0xC4..=0xCB | 0xCD..=0xCF | 0xD1 | 0xD3..=0xD4 | 0xD6 | 0xD8..=0xDC | 0xDF
            | 0xE0..=0xEF | 0xF1..=0xF6 | 0xF8..=0xFC
    )
}

/// Decodes while reading.
struct Decoding {
    bytes: Box<dyn Read + Send>,
    decoder: Decoder,
    input: Vec<u8>,
    /// The part of `input` that is still to be decoded.
    pending: Range<usize>,
    output: Vec<u8>,
    /// The part of `output` that is still to be handed over.
    ready: Range<usize>,
    at_end: bool,
    finished: bool,
}

impl Decoding {
    /// Decodes the next piece into the empty output.
    fn decode_some(&mut self) -> io::Result<()> {
        if self.pending.is_empty() && !self.at_end {
            self.pending = 0..self.bytes.read(&mut self.input)?;
            self.at_end = self.pending.is_empty();
        }
        // The last byte of the output is kept for the mark of an undecodable unit.
        let room = self.output.len() - 1;
        let (result, read, written) = self.decoder.decode_to_utf8_without_replacement(
            &self.input[self.pending.clone()],
            &mut self.output[..room],
            self.at_end,
        );
        self.pending.start += read;
        self.ready = 0..written;
        match result {
            DecoderResult::Malformed(..) => {
                self.output[written] = UNDECODABLE;
                self.ready.end += 1;
            }
            DecoderResult::InputEmpty if self.at_end => self.finished = true,
            DecoderResult::InputEmpty | DecoderResult::OutputFull => {}
        }
        Ok(())
    }
}

impl Read for Decoding {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while self.ready.is_empty() && !self.finished {
            self.decode_some()?;
        }
        let count = self.ready.len().min(out.len());
        out[..count].copy_from_slice(&self.output[self.ready.start..self.ready.start + count]);
        self.ready.start += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decode(encoding: Encoding, bytes: &[u8]) -> Vec<u8> {
        let mut decoded = Vec::new();
        encoding.decode(Box::new(io::Cursor::new(bytes.to_vec()))).read_to_end(&mut decoded).unwrap();
        decoded
    }

    #[test]
    fn encodings_are_recognised_from_the_first_bytes() {
        let utf16le: Vec<u8> = "text;time\r\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let utf16be: Vec<u8> = "text;time\r\n".encode_utf16().flat_map(u16::to_be_bytes).collect();
        let cases: [(&[u8], Encoding, usize); 9] = [
            (b"text,time\n", Encoding::Utf8, 0),
            (b"\xEF\xBB\xBFtext,time\n", Encoding::Utf8, 3),
            (b"\xFF\xFEt\0e\0", Encoding::Utf16Le, 2),
            (b"\xFE\xFF\0t\0e", Encoding::Utf16Be, 2),
            (&utf16le, Encoding::Utf16Le, 0),
            (&utf16be, Encoding::Utf16Be, 0),
            (b"text;time\ncaf\xE9 in Co\xEBvorden;1", Encoding::Windows1252, 0),
            ("één café in Coëvorden\n\u{1F600} caf".as_bytes(), Encoding::Utf8, 0),
            (b"text,time\nbroken \xFF\xFE line,1\n", Encoding::Utf8, 0),
        ];
        for (bytes, encoding, mark) in cases {
            assert_eq!(Encoding::detect(bytes), (encoding, mark), "{bytes:?}");
        }
    }

    #[test]
    fn one_broken_line_does_not_turn_utf8_into_another_encoding() {
        let sample = ["één twee drie vier vijf één één\n".as_bytes(), b"kapot \xE9 hier\n"].concat();
        assert_eq!(Encoding::detect(&sample).0, Encoding::Utf8);
    }

    #[test]
    fn decoding_keeps_count_of_the_original_bytes() {
        let text = "Coëvorden 😀 \u{20AC}5\n";
        let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let decoded = decode(Encoding::Utf16Le, &utf16);
        assert_eq!(decoded, text.as_bytes());
        assert_eq!(Encoding::Utf16Le.original_len(&decoded), utf16.len() as u64);
        let western = b"Co\xEBvorden \x805\n";
        let decoded = decode(Encoding::Windows1252, western);
        assert_eq!(decoded, "Coëvorden \u{20AC}5\n".as_bytes());
        assert_eq!(Encoding::Windows1252.original_len(&decoded), western.len() as u64);
    }

    #[test]
    fn half_a_surrogate_pair_makes_its_line_invalid_and_no_other() {
        let mut units: Vec<u16> = "goed\nk".encode_utf16().collect();
        units.push(0xD83D);
        units.extend("pot\ngoed\n".encode_utf16());
        let bytes: Vec<u8> = units.iter().flat_map(|unit| unit.to_le_bytes()).collect();
        let decoded = decode(Encoding::Utf16Le, &bytes);
        let lines: Vec<_> = decoded.split(|byte| *byte == b'\n').map(std::str::from_utf8).collect();
        assert!(lines[0].is_ok() && lines[1].is_err() && lines[2].is_ok());
        assert_eq!(Encoding::Utf16Le.original_len(&decoded), bytes.len() as u64);
    }
}
