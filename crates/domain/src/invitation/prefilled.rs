//! The first message of a guest, written for them: they only press "send".

use crate::config::Language;

use super::InvitationToken;

/// A friendly text to `names` ("Giulia e Marco"; may be empty) that carries `token`. It fits one guest and a household
/// alike, and the token stands last, where people who add something of their own are least likely to cut it.
pub fn prefilled_text(language: Language, names: &str, token: &InvitationToken) -> String {
    let names = names.trim();
    let space = if names.is_empty() { "" } else { " " };
    match language {
        Language::Italian => {
            format!("Ciao{space}{names}! 💌 Ecco il codice del vostro invito: {token}")
        }
        Language::English => {
            format!("Hi{space}{names}! 💌 Here is the code of your invitation: {token}")
        }
    }
}
