//! What somebody wrote himself, without what he answers to.

/// Beginnings of a subject that say that it is an answer or passed on; lower case.
const ANSWERS: [&str; 10] = ["re:", "antw:", "antwoord:", "aw:", "fw:", "fwd:", "doorst:", "tr:", "re :", "betr:"];
/// Lines above what mail programs append of the message that is answered; lower case.
const RULES: [&str; 8] = [
    "-----oorspronkelijk bericht-----",
    "-----original message-----",
    "----- oorspronkelijk bericht -----",
    "----- original message -----",
    "________________________________",
    "begin doorgestuurd bericht:",
    "begin forwarded message:",
    "---------- forwarded message",
];

/// The subject without its `Re:` and the like, however many.
pub(super) fn without_answer_marks(subject: &str) -> &str {
    let mut topic = subject.trim();
    while let Some(mark) = ANSWERS.iter().find(|mark| topic.to_lowercase().starts_with(**mark)) {
        let Some(rest) = topic.get(mark.len()..) else { break };
        topic = rest.trim_start();
    }
    topic
}

/// The lines that are no quotes, up to where an earlier message is appended. What was passed on without a word of one's own is
/// kept whole: then it is the message.
pub(super) fn own_words(body: &str) -> String {
    let mut own = Vec::new();
    let mut lines = body.lines().peekable();
    while let Some(line) = lines.next() {
        if begins_quote(line, lines.peek().copied()) {
            break;
        }
        if !line.trim_start().starts_with('>') {
            own.push(line.trim_end());
        }
    }
    let own = own.join("\n");
    if own.trim().is_empty() { body.trim().to_owned() } else { own.trim().to_owned() }
}

/// `Op … schreef …:`, `On … wrote:`, a rule, or the headers of the earlier message.
fn begins_quote(line: &str, next: Option<&str>) -> bool {
    let line = line.trim().trim_start_matches('*').to_lowercase();
    let next = next.unwrap_or_default().trim().trim_start_matches('*').to_lowercase();
    let is_said = |line: &str| {
        (line.starts_with("op ") && line.contains(" schreef") && line.ends_with(':'))
            || (line.starts_with("on ") && line.ends_with("wrote:"))
    };
    let both = format!("{line} {next}");
    let has_headers = (line.starts_with("van:") && (next.starts_with("verzonden:") || next.starts_with("datum:")))
        || (line.starts_with("from:") && (next.starts_with("sent:") || next.starts_with("date:")));
    RULES.iter().any(|rule| line.starts_with(rule)) || is_said(&line) || is_said(&both) || has_headers
}
