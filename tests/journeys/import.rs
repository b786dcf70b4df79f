//! Bringing messages in by the browser: dropped or chosen, checked, mapped, read, and what was rejected read once more.

use std::io::Write as _;
use std::time::{Duration, Instant};

use fantoccini::Locator;
use serde_json::Value;
use tests::{Browser, Server};

use crate::Api;

/// Messages whose time is guessed wrongly: what is called `created` is when they were exported. The third has no other time.
const FISHING: &str = "\
nr,chat,afzender,created,moment,bericht
1,vis,jan,2021-03-01T09:00:00Z,2020-05-02T10:00:00Z,busje staat in Kerkenveld
2,vis,piet,2021-03-01T09:00:00Z,2020-05-02T10:05:00Z,ik zit nog in Emmen
3,vis,jan,2021-03-01T09:00:00Z,,afspraak in Hoogeveen om acht uur
";

/// A server without messages, and a browser that opened its link in a language.
async fn empty_server(width: u32, height: u32, lang: &str) -> (Server, Browser, tempfile::TempDir) {
    served(&[], width, height, lang).await
}

async fn served(arguments: &[&str], width: u32, height: u32, lang: &str) -> (Server, Browser, tempfile::TempDir) {
    let server = Server::start(arguments);
    let folder = tempfile::tempdir().unwrap();
    let browser = Browser::open(width, height, folder.path()).await;
    browser.client.goto(&server.link).await.unwrap();
    browser.wait_until_ready().await;
    browser.client.goto(&format!("{}/?lang={lang}", server.origin())).await.unwrap();
    browser.wait_until_ready().await;
    (server, browser, folder)
}

/// Drops a file of this text onto the window, as a hand would.
async fn drop_file(browser: &Browser, name: &str, text: &str) {
    let script = "const carried = new DataTransfer(); carried.items.add(new File([arguments[1]], arguments[0]));
        for (const kind of ['dragenter', 'drop'])
            document.body.dispatchEvent(new DragEvent(kind, { dataTransfer: carried, bubbles: true, cancelable: true }));";
    browser.client.execute(script, vec![name.into(), text.into()]).await.unwrap();
}

async fn choose(browser: &Browser, select: &str, value: &str) {
    browser.find(select).await.select_by_value(value).await.unwrap();
}

async fn number(browser: &Browser, id: &str) -> String {
    browser.text(&format!("job-{id}")).await
}

async fn places(api: &Api, source: &str) -> Vec<String> {
    let activity = api.json(&format!("/api/v1/activity?source={source}")).await;
    let places = activity["places"].as_array().unwrap();
    places.iter().map(|place| place["name"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_file_is_chosen_checked_mapped_and_read_and_what_was_rejected_is_cured() {
    let (server, browser, folder) = empty_server(1440, 900, "en").await;
    let api = Api::of(&server, &browser).await;
    let file = folder.path().join("fishing.csv");
    std::fs::File::create(&file).unwrap().write_all(FISHING.as_bytes()).unwrap();

    // From the screen that is empty to how the file would be read; nothing is stored by that.
    browser.click("empty-import").await;
    browser.find("import-input").await.send_keys(file.to_str().unwrap()).await.unwrap();
    let summary = browser.text("import-summary").await;
    assert!(summary.starts_with("CSV") && summary.ends_with("3 messages"), "{summary}");
    assert!(browser.text("import-message").await.contains("2021"));
    assert!(browser.text("import-mark").await.contains("Kerkenveld"));
    assert_eq!(browser.find("import-map-time").await.prop("value").await.unwrap().as_deref(), Some("created"));
    assert_eq!(api.json("/api/v1/meta").await["messages"], 0);

    // Another column for the time: the preview follows, and says what would be rejected.
    choose(&browser, "import-map-time", "moment").await;
    let rejection = browser.text("import-rejection").await;
    assert!(rejection.contains("the time is missing") && rejection.contains("line 4"), "{rejection}");
    assert!(browser.text("import-message").await.contains("2 May 2020"));

    // Without a case it does not begin, and says why.
    browser.click("import-start").await;
    assert!(browser.text("import-problem").await.contains("Name a case"));
    browser.find("import-case").await.send_keys("case 7").await.unwrap();
    browser.click("import-start").await;
    browser.wait_for_script("document.querySelector('[data-testid=job]')?.dataset.state === 'done'").await;
    assert_eq!([number(&browser, "imported").await, number(&browser, "rejected").await], ["2", "1"]);
    assert_eq!(browser.value("document.querySelector('[aria-current=step]').dataset.testid").await, "import-step-3");

    // What was rejected: where, why, and the input itself when asked for.
    browser.click("job-rejected-open").await;
    let row = browser.text("rejected-row").await;
    assert!(row.contains('4') && row.contains("the time is missing"), "{row}");
    browser.click("rejected-raw").await;
    assert!(browser.text("rejected-input").await.contains("afspraak in Hoogeveen"));
    browser.find("retry").await.find(Locator::Css("summary")).await.unwrap().click().await.unwrap();
    choose(&browser, "import-retry-time", "created").await;
    browser.click("retry-start").await;
    assert_eq!(browser.text("retry-said").await, "1 cured and read in, 0 still rejected.");
    browser.find("rejected-none").await;

    // On the map: the source as a filter, over the days that it speaks of.
    browser.click("rejected-back").await;
    browser.click("job-show").await;
    browser.wait_for_script("location.search.includes('source=fishing.csv')").await;
    browser.wait_for_script("document.querySelector('[data-testid=import]') === null").await;
    browser
        .wait_for_script(
            "[...document.querySelectorAll('.row-name')].some(name => name.textContent.includes('Hoogeveen'))",
        )
        .await;
    let mut found = places(&api, "fishing.csv").await;
    found.sort();
    assert_eq!(found, ["Emmen", "Hoogeveen", "Kerkenveld"]);

    // Neither the address nor what the browser keeps holds a word of it.
    let kept = browser.value("location.href + JSON.stringify(localStorage) + JSON.stringify(sessionStorage)").await;
    assert!(!kept.as_str().unwrap().contains("Hoogeveen") && !kept.as_str().unwrap().contains("afspraak"), "{kept}");
    browser.assert_clean_console().await;
    server.assert_clean_log(&["Kerkenveld", "afspraak", "piet"]);
}

#[tokio::test]
async fn a_file_dropped_on_a_narrow_window_is_previewed_and_its_columns_are_named_by_hand() {
    let (_server, browser, _folder) = empty_server(390, 844, "nl").await;
    drop_file(&browser, "onbekend.csv", "wanneer;woorden\n2020-05-02T10:00:00Z;ik zit nog in Emmen\n").await;
    // Neither column has a name that says what it holds.
    assert!(browser.text("import-wanted").await.contains("Geen kolom herkend"));
    choose(&browser, "import-map-text", "woorden").await;
    choose(&browser, "import-map-time", "wanneer").await;
    assert!(browser.text("import-message").await.contains("ik zit nog in Emmen"));
    browser.find("import-nothing-rejected").await;
    let wide = browser.value("document.documentElement.scrollWidth").await.as_u64().unwrap();
    assert!(wide <= 390, "the page is {wide} px wide");
    browser
        .wait_for_script("[...document.querySelectorAll('.import button, .import select, .import input:not([hidden])')].map(e => e.getBoundingClientRect()).every(e => e.right <= 390 && e.left >= 0)")
        .await;
    browser.find("import-case").await.send_keys("zaak 8").await.unwrap();
    browser.click("import-start").await;
    browser.wait_for_script("document.querySelector('[data-testid=job]')?.dataset.state === 'done'").await;
    assert_eq!(number(&browser, "imported").await, "1");
    // The same file again: all of it is there already.
    browser.click("import-more").await;
    drop_file(&browser, "onbekend.csv", "wanneer;woorden\n2020-05-02T10:00:00Z;ik zit nog in Emmen\n").await;
    browser.find("import-message").await;
    browser.click("import-start").await;
    browser.wait_for_script("document.querySelector('[data-testid=job]')?.dataset.state === 'done'").await;
    assert_eq!([number(&browser, "imported").await, number(&browser, "duplicates").await], ["0", "1"]);
    browser.click("import-tab-jobs").await;
    browser.wait_for_script("document.querySelectorAll('[data-testid=job]').length === 2").await;
    browser.assert_clean_console().await;
}

#[tokio::test]
async fn what_is_no_file_of_messages_says_so_and_can_be_removed() {
    let (server, browser, _folder) = served(&["--upload-limit", "1000"], 1440, 900, "en").await;
    drop_file(&browser, "large.csv", &"text,time\n".repeat(200)).await;
    assert_eq!(
        browser.text("incoming-said").await,
        "Too large: the server takes up to 1 kB. The command line has no limit."
    );
    browser.find("incoming").await.find(Locator::Css("button")).await.unwrap().click().await.unwrap();
    drop_file(&browser, "empty.csv", "").await;
    assert!(browser.text("incoming-said").await.contains("empty"));
    drop_file(&browser, "picture.png", "\u{89}PNG\r\n\u{1a}\n\u{0}\u{0}\u{0}").await;
    browser.wait_for_script("document.querySelectorAll('[data-testid=incoming]').length === 2").await;
    browser.click("import-check").await;
    browser.wait_for_script("document.querySelector('[data-testid=import-error], [data-testid=import-passed-over], [data-testid=import-wanted]') !== null").await;
    assert_eq!(browser.value("document.querySelector('[data-testid=import-start]').disabled").await, Value::Bool(true));
    assert!(browser.text("import-problem").await.contains("None of the files"));
    browser.assert_clean_console().await;
    server.assert_clean_log(&[]);
}

#[tokio::test]
async fn a_job_is_cancelled_and_what_was_stored_until_then_stays() {
    const LINES: u64 = 300_000;
    let (server, browser, folder) = empty_server(1440, 900, "en").await;
    let api = Api::of(&server, &browser).await;
    let file = folder.path().join("long.csv");
    let mut out = std::io::BufWriter::new(std::fs::File::create(&file).unwrap());
    writeln!(out, "time,chat,sender,text").unwrap();
    for at in 0..LINES {
        let (minute, second) = (at / 60 % 60, at % 60);
        writeln!(out, "2020-05-{:02}T10:{minute:02}:{second:02}Z,vis,jan,bericht {at} over Emmen", 1 + at % 28)
            .unwrap();
    }
    out.into_inner().unwrap();

    browser.click("empty-import").await;
    browser.find("import-input").await.send_keys(file.to_str().unwrap()).await.unwrap();
    browser.find("import-message").await;
    browser.find("import-case").await.send_keys("case 9").await.unwrap();
    browser.click("import-start").await;
    let cancel = "document.querySelector('[data-testid=job][data-state=running] [data-testid=job-cancel]')";
    browser.wait_for_script(&format!("{cancel} !== null")).await;
    browser.click("job-cancel").await;
    browser.wait_for_script("document.querySelector('[data-testid=job]')?.dataset.state === 'cancelled'").await;
    browser.wait_for_script("document.querySelector('[data-testid=job-cancel]') === null").await;

    let jobs = api.json("/api/v1/imports").await;
    let stored = jobs["jobs"][0]["imported"].as_u64().unwrap();
    assert_eq!(jobs["jobs"][0]["state"], "cancelled");
    assert!(stored < LINES, "all {stored} were read before anybody could cancel");
    // The index follows within a second or so.
    let begun = Instant::now();
    while api.json("/api/v1/meta").await["messages"].as_u64() != Some(stored) {
        assert!(begun.elapsed() < Duration::from_secs(30), "what was stored is not on the map");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    browser.assert_clean_console().await;
    server.assert_clean_log(&["bericht", "jan"]);
}
