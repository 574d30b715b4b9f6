//! An invitation as the couple sees it.

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use domain::config::Language;
use domain::ids::HouseholdId;
use domain::invitation::InvitationToken;
use domain::session::SessionName;
use serde::Serialize;
use storage::Invited;
use utoipa::ToSchema;

use super::letter::Letter;
use super::trouble::Trouble;
use crate::app::App;
use crate::schemas;

/// The invitation of a household: the one in force, or the last one that was.
#[derive(Serialize, ToSchema)]
#[schema(as = Invitation)]
pub(super) struct InvitationView {
    /// Who is invited.
    #[schema(value_type = Uuid)]
    household: HouseholdId,
    /// The code that guests write with their first message. Whoever has it is taken for one of them.
    #[schema(value_type = String, example = "K7M-Q4XR-P2W9")]
    token: InvitationToken,
    /// When it was made.
    created_at: DateTime<Utc>,
    /// From when on it is good for nothing.
    valid_until: DateTime<Utc>,
    /// When it was revoked.
    revoked_at: Option<DateTime<Utc>>,
    /// When somebody of the household first wrote, with its code or without.
    tied_at: Option<DateTime<Utc>>,
    /// Whose guests they are: to whom the invitation leads.
    #[schema(value_type = Option<String>, example = "bride")]
    session: Option<SessionName>,
    /// The language of its page and of the message that it prefills.
    #[schema(value_type = schemas::GuestLanguage)]
    language: Language,
    /// Its page on the web. Null while it would not work: `problems` says why.
    #[schema(example = "https://nozze.example.org/i/K7M-Q4XR-P2W9")]
    link: Option<String>,
    /// The link behind the page's button and in the QR codes: it opens the chat with the message already written, also
    /// while this server is down. Null while it would not work.
    wa_me: Option<String>,
    /// Where its QR code is, to be printed; the same picture is at `link`, followed by `/qr.svg`.
    qr_svg: Option<String>,
    /// The same as PNG.
    qr_png: Option<String>,
    /// What is to be done before all of it works. Empty when it does.
    problems: Vec<InvitationProblem>,
}

/// One thing to be done before an invitation works.
#[derive(Serialize, ToSchema)]
struct InvitationProblem {
    /// What is missing, for programs.
    #[schema(value_type = String, example = "public_url_missing")]
    code: &'static str,
    /// What to do, in a sentence.
    #[schema(value_type = String)]
    sentence: Cow<'static, str>,
}

impl InvitationView {
    pub(super) fn of(app: &App, invited: &Invited) -> Self {
        let letter = Letter::of(app, invited);
        let invitation = &invited.invitation;
        let troubles = Trouble::of(invitation, &letter, app.now());
        let works = troubles.is_empty();
        let link = app.public_url().invitation(&invitation.token).ok();
        let qr = |kind: &str| {
            let household = invitation.household;
            works.then(|| format!("/api/v1/households/{household}/invitation/qr.{kind}"))
        };
        Self {
            household: invitation.household,
            token: invitation.token,
            created_at: invitation.created_at,
            valid_until: invitation.valid_until,
            revoked_at: invitation.revoked_at,
            tied_at: invitation.tied_at,
            session: letter.session().cloned(),
            language: letter.language,
            link: link.filter(|_| works),
            wa_me: letter.wa_me().filter(|_| works),
            qr_svg: qr("svg"),
            qr_png: qr("png"),
            problems: troubles
                .into_iter()
                .chain(Trouble::on_the_web(app))
                .map(InvitationProblem::from)
                .collect(),
        }
    }
}

impl From<Trouble> for InvitationProblem {
    fn from(trouble: Trouble) -> Self {
        Self {
            code: trouble.code(),
            sentence: trouble.sentence(),
        }
    }
}
