//! The name of a chat, from the name of its file.

use std::path::Path;

/// What stands before the name, in the languages that phones here are set to; lower case.
const BEFORE: [&str; 7] = [
    "whatsapp-chat met ",
    "whatsapp chat met ",
    "whatsapp-gesprek met ",
    "whatsapp chat with ",
    "whatsapp chat - ",
    "whatsapp-chat - ",
    "whatsapp chat mit ",
];
/// Endings of the file and of what it is packed in.
const ENDINGS: [&str; 5] = [".txt", ".zip", ".gz", ".zst", ".log"];

/// The name of the chat: from the file, or from the archive where the file is called `_chat.txt`.
pub(super) fn conversation(name: &Path) -> String {
    let mut steps = name.components().rev().map(|step| without_endings(&step.as_os_str().to_string_lossy()));
    let file = steps.next().unwrap_or_default();
    if matches!(file.as_str(), "_chat" | "chat")
        && let Some(archive) = steps.next().filter(|archive| !archive.is_empty() && archive != ".")
    {
        return without_beginning(&archive);
    }
    without_beginning(&file)
}

fn without_endings(name: &str) -> String {
    let mut name = name;
    while let Some(ending) = ENDINGS.iter().find(|ending| name.to_lowercase().ends_with(*ending)) {
        let Some(rest) = name.get(..name.len() - ending.len()).filter(|rest| !rest.is_empty()) else { break };
        name = rest;
    }
    name.to_owned()
}

fn without_beginning(name: &str) -> String {
    let lower = name.to_lowercase();
    let beginning = BEFORE.iter().find(|beginning| lower.starts_with(*beginning)).map_or(0, |found| found.len());
    // A second download of the same chat is called "… (1)".
    let rest = name.get(beginning..).unwrap_or(name);
    let is_copy = |number: &str| number.len() == 1 && number.bytes().all(|byte| byte.is_ascii_digit());
    match rest.strip_suffix(')').and_then(|rest| rest.rsplit_once(" (")) {
        Some((before, number)) if is_copy(number) && beginning > 0 => before.to_owned(),
        _ => rest.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_chat_is_named_by_its_file_or_its_archive() {
        for (path, expected) in [
            ("map/WhatsApp-chat met Loods & co.txt", "Loods & co"),
            ("WhatsApp Chat with Piet (1).txt", "Piet"),
            ("x/WhatsApp Chat - Loods.zip/_chat.txt", "Loods"),
            ("WhatsApp-chat met Klaas.zip/WhatsApp-chat met Klaas.txt", "Klaas"),
            ("gesprek (1).txt.gz", "gesprek (1)"),
            ("_chat.txt", "_chat"),
        ] {
            assert_eq!(conversation(Path::new(path)), expected, "{path}");
        }
    }
}
