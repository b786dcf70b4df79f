//! Settings: what every backend must do.

use store::Store;

pub(crate) async fn a_setting_is_kept_changed_and_taken_away(store: &dyn Store) {
    assert_eq!(store.setting("home").await.unwrap(), None);
    store.set_setting("home", Some("province/drenthe")).await.unwrap();
    store.set_setting("other", Some("")).await.unwrap();
    assert_eq!(store.setting("home").await.unwrap().as_deref(), Some("province/drenthe"));
    store.set_setting("home", Some("province/fryslân")).await.unwrap();
    assert_eq!(store.setting("home").await.unwrap().as_deref(), Some("province/fryslân"));
    for _ in 0..2 {
        store.set_setting("home", None).await.unwrap();
        assert_eq!(store.setting("home").await.unwrap(), None);
    }
    assert_eq!(store.setting("other").await.unwrap().as_deref(), Some(""), "a setting leaves the others alone");
}
