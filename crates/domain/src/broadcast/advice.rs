//! What WAHA's guide "how to avoid blocking" would say of a broadcast before it is started. Advice stops nothing.

use super::{BroadcastCopy, Template, links::links};

text_enum! {
    /// What is advised against.
    pub enum AdviceCode("advice") {
        /// A link that begins with `http://` (guide: no plain-http links).
        PlainHttpLink = "plain_http_link",
        /// A link that hides where it leads (our judgement: the guide suggests shorteners, filters distrust them).
        ShortenedLink = "shortened_link",
        /// A long text to somebody whom nothing was ever sent (guide: open with one short message).
        LongFirstMessage = "long_first_message",
        /// No name in it, so that all copies look alike (guide: vary the text, say the first name).
        NoName = "no_name",
    }
}

/// One piece of advice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Advice {
    /// What about.
    pub code: AdviceCode,
    /// The link that it is about, as it was written.
    pub link: Option<String>,
    /// How many contacts it is about.
    pub contacts: usize,
}

/// A first message of more characters is long. Judged: the guide says "short" and gives no number.
pub const LONG_FIRST_MESSAGE: usize = 300;

impl AdviceCode {
    /// One English sentence for people. The page has its own, per language.
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::PlainHttpLink => {
                "A link begins with http://: WhatsApp distrusts such links. Write https://, if the site has it."
            }
            Self::ShortenedLink => {
                "A link is shortened and hides where it leads, as spam does. Write the whole address."
            }
            Self::LongFirstMessage => {
                "It is the first that these contacts get, and it is long. Open with a short message, or shorten this one."
            }
            Self::NoName => {
                "It says nobody's name, so all copies look alike. Write {name} or {first_name} into it."
            }
        }
    }
}

/// The advice about a template and its copies.
pub(super) fn advice(template: &Template, copies: &[BroadcastCopy]) -> Vec<Advice> {
    let everybody = |code, link: Option<&str>| Advice {
        code,
        link: link.map(str::to_owned),
        contacts: copies.len(),
    };
    let mut all = Vec::new();
    for link in links(template.as_str()) {
        let written = Some(link.written);
        if link.plain_http {
            all.push(everybody(AdviceCode::PlainHttpLink, written));
        }
        if link.shortened {
            all.push(everybody(AdviceCode::ShortenedLink, written));
        }
    }
    let contacts = copies.iter().filter(|copy| is_long_first(copy)).count();
    if contacts > 0 {
        all.push(Advice {
            code: AdviceCode::LongFirstMessage,
            link: None,
            contacts,
        });
    }
    if !template.says_name() {
        all.push(everybody(AdviceCode::NoName, None));
    }
    all
}

fn is_long_first(copy: &BroadcastCopy) -> bool {
    let text = copy.text.as_ref();
    copy.is_first && text.is_ok_and(|text| text.chars() > LONG_FIRST_MESSAGE)
}
