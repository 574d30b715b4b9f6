//! What keeps an invitation from working, as the couple reads it.

use domain::Timestamp;
use storage::Invited;

use crate::app::App;
use crate::invitation::{Letter, Trouble};
use crate::pages::frame::Frame;

/// What keeps guests from writing with it, on paper too, each in a sentence.
pub(super) fn on_paper(
    f: &Frame,
    invited: &Invited,
    letter: &Letter,
    now: Timestamp,
) -> Vec<String> {
    let troubles = Trouble::of(&invited.invitation, letter, now);
    troubles
        .iter()
        .map(|trouble| sentence(f, trouble))
        .collect()
}

/// What keeps its page on the web from being reached.
pub(super) fn on_the_web(f: &Frame, app: &App) -> Option<String> {
    Trouble::on_the_web(app).map(|trouble| sentence(f, &trouble))
}

fn sentence(f: &Frame, trouble: &Trouble) -> String {
    match trouble {
        Trouble::NumberUnknown(Some(session)) => {
            let person = f.person(session);
            f.with("guests-trouble-number", &[("person", person.into())])
        }
        other => f.t(&key(other)),
    }
}

fn key(trouble: &Trouble) -> String {
    format!("guests-trouble-{}", trouble.code())
}

#[cfg(test)]
mod tests {
    use domain::config::Language;

    use super::*;
    use crate::config::BadPublicUrl;
    use crate::pages::words::words;

    #[test]
    fn every_trouble_has_its_sentence() {
        use BadPublicUrl::{Missing, NotHttps, NotPublic, Unreadable};
        let urls = [Missing, Unreadable, NotHttps, NotPublic].map(Trouble::PublicUrl);
        let others = [
            Trouble::Revoked,
            Trouble::Expired,
            Trouble::NumberUnknown(None),
        ];
        for trouble in urls.iter().chain(&others) {
            // another one would not pass here
            match trouble {
                Trouble::Revoked
                | Trouble::Expired
                | Trouble::NumberUnknown(_)
                | Trouble::PublicUrl(Missing | Unreadable | NotHttps | NotPublic) => {}
            }
            for language in [Language::Italian, Language::English] {
                assert!(words(language).find(&key(trouble)).is_some(), "{trouble:?}");
            }
        }
    }
}
