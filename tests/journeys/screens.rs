//! The states of the screen: a link that shows the same view, a narrow window, keyboard, empty, signed out.

use fantoccini::key::Key;
use tests::{Browser, Server};

use crate::signed_in;

#[tokio::test]
async fn a_link_shows_the_same_view_again() {
    let (server, browser, _downloads) = signed_in(1440, 900).await;
    let address = format!("{}/?from=2020-05-01&to=2020-06-15&layer=province&metric=area&lang=en", server.origin());
    browser.client.goto(&address).await.unwrap();
    browser.wait_until_ready().await;
    let row = browser.text("hotspot-row-1").await;
    browser.click("hotspot-row-1").await;
    browser.find("message").await;
    browser.wait_until_ready().await;
    browser.wait_for_script("location.search.includes('place=') && location.search.includes('map=')").await;
    let shared = browser.value("location.href").await.as_str().unwrap().to_owned();
    browser.client.goto("about:blank").await.unwrap();
    browser.client.goto(&shared).await.unwrap();
    browser.find("message").await;
    browser.wait_until_ready().await;
    assert_eq!(browser.text("hotspot-row-1").await, row);
    assert_eq!(browser.value("document.documentElement.lang").await, "en");
    assert_eq!(browser.value("location.href").await.as_str().unwrap(), shared);
    browser.find("legend").await;
    browser.assert_clean_console().await;
}

#[tokio::test]
async fn a_narrow_window_holds_everything() {
    let (_server, browser, _downloads) = signed_in(390, 844).await;
    browser.find("hotspot-row-1").await;
    let wide = browser.value("document.documentElement.scrollWidth").await.as_u64().unwrap();
    assert!(wide <= 390, "the page is {wide} px wide");
    // What can be pressed is inside the window and large enough for a finger or is a line of its own.
    let outside = browser
        .value("[...document.querySelectorAll('header button')].map(b => b.getBoundingClientRect()).filter(b => b.width > 0 && (b.right > 390 || b.left < 0)).length")
        .await;
    assert_eq!(outside, 0);
    browser.click("hotspot-row-1").await;
    browser.find("message").await;
    let wide = browser.value("document.documentElement.scrollWidth").await.as_u64().unwrap();
    assert!(wide <= 390, "the page is {wide} px wide with messages open");
    browser.assert_clean_console().await;
}

#[tokio::test]
async fn the_window_moves_by_keyboard_and_the_list_by_arrows() {
    let (_server, browser, _downloads) = signed_in(1440, 900).await;
    let first = browser.find("date-from").await.prop("value").await.unwrap();
    let handle = browser.find("handle-from").await;
    for _ in 0..3 {
        handle.send_keys(&Key::Right.to_string()).await.unwrap();
    }
    browser.wait_for_script("location.search.includes('from=')").await;
    browser.wait_until_ready().await;
    assert_ne!(browser.find("date-from").await.prop("value").await.unwrap(), first);
    let row = browser.find("hotspot-row-1").await;
    row.send_keys(&Key::Down.to_string()).await.unwrap();
    assert_eq!(browser.value("document.activeElement.dataset.testid").await, "hotspot-row-2");
}

#[tokio::test]
async fn language_and_theme_switch_at_once() {
    let (_server, browser, _downloads) = signed_in(1440, 900).await;
    assert_eq!(browser.value("document.documentElement.lang").await, "nl");
    browser.click("lang-toggle").await;
    browser.wait_for_script("document.documentElement.lang === 'en'").await;
    let background = "getComputedStyle(document.body).backgroundColor";
    let before = browser.value(background).await;
    browser.click("theme-toggle").await;
    browser.wait_until_ready().await;
    assert_ne!(browser.value(background).await, before);
    browser.assert_clean_console().await;
}

#[tokio::test]
async fn a_period_without_messages_says_so_and_how_to_go_on() {
    let (server, browser, _downloads) = signed_in(1440, 900).await;
    browser.client.goto(&format!("{}/?from=2019-01-01&to=2019-02-01", server.origin())).await.unwrap();
    browser.wait_until_ready().await;
    browser.find("empty").await;
}

#[tokio::test]
async fn without_a_session_the_screen_tells_how_to_get_a_link() {
    let server = Server::start(&[]);
    let downloads = tempfile::tempdir().unwrap();
    let browser = Browser::open(1440, 900, downloads.path()).await;
    browser.client.goto(&server.origin()).await.unwrap();
    browser.find("signed-out").await;
    // And with the link: a server that holds nothing yet says how to bring messages in.
    browser.client.goto(&server.link).await.unwrap();
    browser.wait_until_ready().await;
    browser.find("empty").await;
}
