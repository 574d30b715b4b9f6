//! The guests: imported from a file, and the first of them who writes, with the invitation's link.

use url::Url;

use super::guest_list::{LUCA, everybody, write_csv};
use super::person::Person;
use crate::processes::system::System;

/// Chooses a file, looks line by line at what it would do, mends it, imports it.
pub(super) async fn imports(person: &Person) {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("invitati.csv");
    person.opens("/guests").await;
    person.presses("guests-import").await;

    write_csv(&file, person.language, true);
    person.hands_in("guests-file", &file).await;
    person.presses("guests-look").await;
    person
        .sees_text(&counted(person, "guests-sum-refused", 1))
        .await;
    person.sees("guests-refused-impossible_phone").await;
    person.presses("guests-lines-refused").await;
    assert_eq!(person.texts_of("tbody tr").await.len(), 1);

    person.presses("guests-another-file").await;
    write_csv(&file, person.language, false);
    person.hands_in("guests-file", &file).await;
    person.presses("guests-look").await;
    person
        .sees_text(&counted(person, "guests-sum-add", 11))
        .await;
    // as they are written, whatever is in them
    let names = person.texts_of("tbody td:nth-of-type(2)").await;
    assert_eq!(
        names,
        everybody().map(|guest| guest.name).collect::<Vec<_>>()
    );
    person
        .presses_named(&counted(person, "guests-import-all", 11))
        .await;
    person.sees("said-guests-imported").await;
    is_only_text(person).await;
    let listed = person.texts_of("#guests .guests-people bdi").await;
    for guest in everybody() {
        assert!(
            listed.iter().any(|name| name == guest.name),
            "{}",
            guest.name
        );
    }
}

/// Nothing that somebody wrote became a part of the page.
pub(super) async fn is_only_text(person: &Person) {
    let found: Vec<String> = person
        .asks(
            "return [...document.querySelectorAll('main b, main i, main script, main iframe, main [onerror]')].map((e) => e.outerHTML)",
            &[],
        )
        .await;
    assert!(found.is_empty(), "{found:?}");
}

/// A guest opens the invitation's page and sends the text that is ready there; the household's page notices by itself.
pub(super) async fn one_writes_with_the_invitation(system: &System, person: &Person) {
    person.opens("/guests").await;
    person.presses_named("Casa Bianchi").await;
    let household = person.path().await;
    let printed = person.text_of("#wa-me").await;
    let link = Url::parse(&person.text_of("#link").await).expect("a link");

    person
        .opens(&format!("{}{}", system.public_page(), link.path()))
        .await;
    let button = person.attribute("main a.button", "href").await;
    assert_eq!(button, printed);
    let (number, text) = leads_to(&button);
    assert_eq!(number, "393331112222", "the groom's");
    assert!(text.contains("Giulia") && text.contains("Marco"), "{text}");

    person.opens(&household).await;
    assert!(!person.may_read(&person.t("guests-state-written")).await);
    LUCA.phone(system).write(&text);
    person.sees("guests-state-written").await;

    person.presses_named(LUCA.name).await;
    person.presses("guests-conversation").await;
    person.sees_text(LUCA.name).await;
    assert_eq!(person.texts_of(".bubble .body").await, [text]);
}

/// The number and the text of a link to a chat.
fn leads_to(link: &str) -> (String, String) {
    let link = Url::parse(link).expect("a link");
    assert_eq!((link.scheme(), link.host_str()), ("https", Some("wa.me")));
    let text = link.query_pairs().find(|(name, _)| name == "text");
    let (_, text) = text.expect("a text that is ready");
    (link.path().trim_matches('/').to_owned(), text.into_owned())
}

fn counted(person: &Person, key: &str, n: u32) -> String {
    person.with(key, &[("n", n.into())])
}
