//! The words of the screen that brings messages in.

use model::imports::JobState;

use crate::format;
use crate::url::Lang;

texts! {
    /// The fixed texts of bringing messages in.
    Texts;
    title: "Berichten inlezen", "Bring messages in";
    hint: "Bestanden met berichten kiezen, controleren en inlezen", "Choose files of messages, check them and read them in";
    tab_new: "Nieuw", "New";
    tab_jobs: "Taken", "Jobs";
    step_files: "Bestanden", "Files";
    step_check: "Controleren", "Check";
    step_read: "Inlezen", "Read in";
    step_report: "Verslag", "Report";
    steps: "Stappen", "Steps";
    drop_title: "Sleep bestanden hierheen", "Drag files here";
    drop_or: "of", "or";
    choose_files: "Bestanden kiezen…", "Choose files…";
    add_files: "Nog een bestand…", "Another file…";
    drop_formats: "CSV, Excel, JSON, WhatsApp, Telegram, Cellebrite, AXIOM, Hansken, CASE, e-mail, SQLite, Parquet; ook ingepakt (.zip, .gz, .zst). Het formaat wordt aan de inhoud herkend.", "CSV, Excel, JSON, WhatsApp, Telegram, Cellebrite, AXIOM, Hansken, CASE, e-mail, SQLite, Parquet; also packed (.zip, .gz, .zst). The format is found by content.";
    drop_safe: "Er komt nog niets op de kaart: u ziet eerst hoe het bestand wordt gelezen.", "Nothing goes onto the map yet: first you see how the file is read.";
    drop_release: "Laat los om in te lezen", "Let go to read in";
    drop_release_hint: "U ziet eerst een voorbeeld.", "You see a preview first.";
    a_folder: "Een map kan niet worden verstuurd. Pak hem in als .zip.", "A folder cannot be sent. Pack it as a .zip.";
    empty_file: "Het bestand is leeg.", "The file is empty.";
    waiting: "wacht", "waiting";
    sending: "wordt verstuurd", "being sent";
    looking: "wordt bekeken", "being looked at";
    ready: "klaar om te controleren", "ready to check";
    cancelled: "geannuleerd", "cancelled";
    cancel: "Annuleren", "Cancel";
    remove: "Verwijderen", "Remove";
    again: "Opnieuw", "Again";
    to_check: "Controleren", "Check";
    back: "Terug", "Back";
    start: "Inlezen", "Read in";
    starting: "Wordt gestart…", "Starting…";
    case: "Zaak", "Case";
    case_hint: "Een bestaande zaak of een nieuwe naam", "An existing case or a new name";
    case_missing: "Geef een zaak op: daaronder worden de berichten bewaard.", "Name a case: messages are kept under it.";
    source: "Bron", "Source";
    source_hint: "leeg: de naam van het bestand", "empty: the name of the file";
    format: "Formaat", "Format";
    by_hand: "met de hand", "by hand";
    auto: "Automatisch", "Automatic";
    timezone: "Tijdzone", "Time zone";
    timezone_hint: "Geldt voor tijden die zelf geen zone noemen", "Holds for times that name no zone";
    zones_often: "Vaak gebruikt", "Often used";
    zones_all: "Alle", "All";
    stated_time: "Verzonden op", "Sent on";
    stated_time_hint: "Platte tekst noemt zelf geen tijd", "Plain text names no time itself";
    columns: "Welke kolom is wat", "Which column is what";
    columns_hint: "herkend aan hun naam, hier te wijzigen", "found by their names, changed here";
    columns_fixed: "Dit formaat heeft vaste velden: er is niets te kiezen.", "This format has fixed fields: there is nothing to choose.";
    field_text: "Bericht", "Message";
    field_time: "Tijd", "Time";
    field_clock: "Kloktijd", "Clock time";
    field_sender: "Afzender", "Sender";
    field_conversation: "Gesprek", "Conversation";
    field_id: "Kenmerk", "Identifier";
    text_wanted: "Geen kolom herkend voor het bericht. Kies er hierboven een.", "No column was found for the message. Choose one above.";
    time_wanted: "Geen kolom herkend voor de tijd. Kies er hierboven een.", "No column was found for the time. Choose one above.";
    required: "verplicht", "required";
    not_there: "niet aanwezig", "not there";
    no_clock: "geen aparte kolom", "no column of its own";
    first_messages: "Eerste berichten", "First messages";
    no_messages: "Hier is geen bericht te lezen. Kies een ander formaat of andere kolommen.", "No message can be read here. Choose another format or other columns.";
    mark_sure: "plaats", "place";
    mark_unsure: "onzeker, ter beoordeling", "unsure, for review";
    would_reject: "Wordt afgewezen", "Would be rejected";
    would_reject_hint: "Afgewezen invoer blijft bewaard met de reden, en kan later met andere kolommen opnieuw worden gelezen.", "Rejected input is kept with its reason, and can be read again later with other columns.";
    nothing_rejected: "Niets wordt afgewezen.", "Nothing would be rejected.";
    line: "Regel", "Line";
    reason: "Reden", "Reason";
    passed_over: "Overgeslagen: geen bestand met berichten", "Passed over: no file of messages";
    ambiguous: "Tijden die de klok twee keer aanwees (einde zomertijd), gelezen als de eerste", "Times that the clock showed twice (end of summer time), read as the first";
    nonexistent: "Tijden die de klok nooit aanwees (begin zomertijd), een uur vooruitgezet", "Times that the clock never showed (start of summer time), moved forward by an hour";
    without_clock: "Datums zonder tijd, gelezen als het begin van die dag", "Dates without a time, read as the start of that day";
    notices: "Meldingen van de app (geen berichten)", "Notices of the app (no messages)";
    nothing_to_start: "Geen van de bestanden kan worden gelezen.", "None of the files can be read.";
    queued: "in de wachtrij", "queued";
    running: "bezig", "running";
    done: "klaar", "done";
    failed: "mislukt", "failed";
    interrupted: "onderbroken", "interrupted";
    interrupted_hint: "Het inlezen is afgebroken; wat was opgeslagen is er. De server gaat er vanzelf mee verder; begon het op de opdrachtregel, lees het bestand dan opnieuw in. Niets komt dubbel.", "Reading was cut off; what was stored is there. The server goes on with it by itself; if it began on the command line, read the file in again. Nothing comes twice.";
    cancelled_hint: "Wat al was opgeslagen blijft; de rest is niet gelezen.", "What was stored already stays; the rest was not read.";
    read: "gelezen", "read";
    imported: "nieuw", "new";
    duplicates: "al aanwezig", "there already";
    rejected: "afgewezen", "rejected";
    mentions: "vermeldingen", "mentions";
    per_second: "per seconde", "a second";
    time_left: "nog", "left";
    show_on_map: "Toon op de kaart", "Show on the map";
    rejected_input: "Afgewezen invoer", "Rejected input";
    bring_more: "Meer inlezen", "Bring more in";
    no_jobs_title: "Nog niets ingelezen", "Nothing read in yet";
    no_jobs_text: "Wat hier of op de opdrachtregel wordt ingelezen, staat hier met voortgang en verslag.", "What is read in here or on the command line is listed here, with progress and report.";
    by: "door", "by";
    to_jobs: "Alle taken", "All jobs";
    all_reasons: "alle", "all";
    rejected_none: "Van deze taak staat geen invoer meer als afgewezen.", "No input of this job is rejected any more.";
    rejected_raw: "In de bestanden staat alles, met de invoer zelf (base64).", "The files hold everything, with the input itself (base64).";
    show_input: "Toon de invoer", "Show the input";
    as_it_was: "Zoals het was", "As it was";
    retry_title: "Opnieuw lezen met andere kolommen", "Read again with other columns";
    retry_hint: "Wat nu leesbaar is komt op de kaart en verdwijnt hier. Wat al is opgenomen komt niet dubbel.", "What can be read now goes onto the map and leaves this list. What is in already does not come twice.";
    retry_columns: "Namen van kolommen of velden; leeg wordt herkend.", "Names of columns or fields; what is empty is guessed.";
    retry: "Opnieuw lezen", "Read again";
    retrying: "Wordt opnieuw gelezen…", "Reading again…";
}

/// How far a job is, in a word.
pub(crate) fn state(lang: Lang, state: JobState) -> &'static str {
    let t = Texts::of(lang);
    match state {
        JobState::Queued => t.queued,
        JobState::Running => t.running,
        JobState::Done => t.done,
        JobState::Failed => t.failed,
        JobState::Cancelled => t.cancelled,
        JobState::Interrupted => t.interrupted,
    }
}

/// A reason for rejecting, by its stable code; `None` for one that this screen does not know.
pub(crate) fn rejection(lang: Lang, code: &str) -> Option<&'static str> {
    let (nl, en) = match code {
        "bad_time" => ("de tijd is niet te lezen", "the time cannot be read"),
        "no_time" => ("de tijd ontbreekt", "the time is missing"),
        "no_text" => ("de tekst ontbreekt", "the text is missing"),
        "columns" => ("meer of minder kolommen dan de kop", "more or fewer columns than the header"),
        "unbalanced_quote" => ("een aanhalingsteken wordt niet gesloten", "a quotation mark is not closed"),
        "line_too_long" => ("langer dan de grens", "longer than the limit"),
        "not_utf8" => ("tekens die niet bij de codering horen", "bytes that are no characters of the encoding"),
        "nul_byte" => ("een nulbyte in de tekst", "a null byte in the text"),
        "broken_json" => ("geen geldige JSON", "no valid JSON"),
        "broken_xml" => ("geen geldige XML", "no valid XML"),
        "broken_mail" => ("geen geldige e-mail", "no valid e-mail"),
        "damaged_archive" => ("het archief is beschadigd", "the archive is damaged"),
        "damaged_database" => ("de database is beschadigd", "the database is damaged"),
        "damaged_parquet" => ("het Parquet-bestand is beschadigd", "the Parquet file is damaged"),
        "system_notice" => ("melding van de app, geen bericht", "a notice of the app, not a message"),
        _ => return None,
    };
    Some(if lang == Lang::Nl { nl } else { en })
}

/// A format as people call it.
pub(crate) fn format_name(lang: Lang, format: &str) -> &str {
    match (format, lang) {
        ("auto", _) => Texts::of(lang).auto,
        ("csv", _) => "CSV, TSV",
        ("jsonl", _) => "JSON Lines",
        ("json", _) => "JSON",
        ("whatsapp", _) => "WhatsApp",
        ("telegram", _) => "Telegram",
        ("ufed", _) => "Cellebrite UFED",
        ("axiom", _) => "Magnet AXIOM",
        ("hansken", _) => "Hansken",
        ("case", _) => "CASE/UCO",
        ("mail", _) => "E-mail",
        ("sqlite", _) => "SQLite",
        ("xlsx", _) => "Excel",
        ("parquet", _) => "Parquet",
        ("text", Lang::Nl) => "Platte tekst",
        ("text", Lang::En) => "Plain text",
        (other, _) => other,
    }
}

/// "1 bericht", "2.345 berichten".
pub(crate) fn messages(lang: Lang, number: u64) -> String {
    let t = super::Texts::of(lang);
    format!("{} {}", format::count(lang, number), if number == 1 { t.message_one } else { t.messages })
}

/// What was looked at: the whole file, or its beginning.
pub(crate) fn looked_at(lang: Lang, number: u64, whole: bool) -> String {
    let messages = messages(lang, number);
    match (lang, whole) {
        (_, true) => messages,
        (Lang::Nl, false) => format!("{messages} in het begin bekeken"),
        (Lang::En, false) => format!("{messages} looked at in the beginning"),
    }
}

/// Where the first of its kind stands.
pub(crate) fn first_at(lang: Lang, line: &str) -> String {
    match lang {
        Lang::Nl => format!("eerste op regel {line}"),
        Lang::En => format!("first on line {line}"),
    }
}

/// How far a file is on its way.
pub(crate) fn sent(lang: Lang, sent: u64, total: u64) -> String {
    let (sent, total) = (format::bytes(lang, sent), format::bytes(lang, total));
    super::of_total(lang, &sent, &total)
}

/// What the server takes at most, when a file is larger.
pub(crate) fn too_large(lang: Lang, limit: u64) -> String {
    let limit = format::bytes(lang, limit);
    match lang {
        Lang::Nl => format!("Te groot: de server neemt tot {limit} aan. Op de opdrachtregel is er geen grens."),
        Lang::En => format!("Too large: the server takes up to {limit}. The command line has no limit."),
    }
}

/// What another mapping made of rejected input.
pub(crate) fn cured(lang: Lang, cured: u64, left: u64) -> String {
    let (cured, left) = (format::count(lang, cured), format::count(lang, left));
    match lang {
        Lang::Nl => format!("{cured} hersteld en ingelezen, {left} nog afgewezen."),
        Lang::En => format!("{cured} cured and read in, {left} still rejected."),
    }
}

/// What is said aloud when a job has ended.
pub(crate) fn ended(lang: Lang, file: &str, ended: JobState, imported: u64) -> String {
    let (state, imported) = (state(lang, ended), messages(lang, imported));
    match lang {
        Lang::Nl => format!("{file}: {state}, {imported} ingelezen"),
        Lang::En => format!("{file}: {state}, {imported} read in"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_message_is_singular() {
        assert_eq!(messages(Lang::Nl, 1), "1 bericht");
        assert_eq!(messages(Lang::En, 1234), "1,234 messages");
        assert_eq!(looked_at(Lang::Nl, 10_000, false), "10.000 berichten in het begin bekeken");
    }

    #[test]
    fn what_was_cured_is_told_with_what_was_not() {
        assert_eq!(cured(Lang::Nl, 12, 1), "12 hersteld en ingelezen, 1 nog afgewezen.");
    }
}
