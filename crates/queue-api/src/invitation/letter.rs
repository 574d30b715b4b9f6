//! What an invitation says: the couple's names, in the guests' language, and the link to the spouse whose guests they are.

use domain::config::Language;
use domain::invitation::{
    Host, InvitationToken, couple_names, host, language, prefilled_text, wa_me_link,
};
use domain::session::SessionName;
use storage::Invited;

use crate::app::App;

/// One invitation, ready to be shown.
pub(crate) struct Letter {
    pub(crate) language: Language,
    /// Empty when the couple has not written their names.
    pub(crate) names: String,
    /// The spouse to write to; `None`: no phone was ever linked.
    host: Option<Host>,
    token: InvitationToken,
}

impl Letter {
    pub(crate) fn of(app: &App, invited: &Invited) -> Self {
        let config = &invited.config;
        let language = language(&invited.guests, config.language);
        Self {
            language,
            names: couple_names(language, &config.bride_name, &config.groom_name),
            host: host(&invited.guests, &hosts(app, invited)).cloned(),
            token: invited.invitation.token,
        }
    }

    /// Whose guests they are, as far as that is known.
    pub(crate) fn session(&self) -> Option<&SessionName> {
        self.host.as_ref().map(|host| &host.session)
    }

    /// The link that opens the chat with the text already written; `None` while nobody knows that spouse's number.
    pub(crate) fn wa_me(&self) -> Option<String> {
        let number = self.host.as_ref()?.number.as_ref()?;
        let text = prefilled_text(self.language, &self.names, &self.token);
        Some(wa_me_link(number, &text))
    }
}

/// The sessions of this installation, in its order.
fn hosts(app: &App, invited: &Invited) -> Vec<Host> {
    let known = |session: &SessionName| invited.hosts.iter().find(|host| host.session == *session);
    let sessions = app.sessions().iter();
    sessions.filter_map(known).cloned().collect()
}
