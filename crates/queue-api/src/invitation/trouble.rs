//! Why an invitation cannot be used as it is, and what to do about it: what the couple reads instead of a broken link.

use std::borrow::Cow;

use chassis::Problem;
use domain::Timestamp;
use domain::session::SessionName;
use storage::InvitationRow;

use super::Letter;
use crate::app::App;
use crate::config::BadPublicUrl;

/// One thing that is missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// It was revoked.
    Revoked,
    /// Its last day is over.
    Expired,
    /// The phone of the spouse whose guests they are was never linked; `None`: no phone was.
    NumberUnknown(Option<SessionName>),
    /// Guests cannot be sent to the page.
    PublicUrl(BadPublicUrl),
}

impl Trouble {
    /// What keeps guests from writing with it, on paper too.
    pub(crate) fn of(invitation: &InvitationRow, letter: &Letter, now: Timestamp) -> Vec<Self> {
        let revoked = invitation.revoked_at.map(|_| Self::Revoked);
        let expired = (invitation.valid_until <= now).then_some(Self::Expired);
        let number = letter
            .wa_me()
            .is_none()
            .then(|| Self::NumberUnknown(letter.session().cloned()));
        revoked.or(expired).into_iter().chain(number).collect()
    }

    /// What keeps them from the page on the web.
    pub(crate) fn on_the_web(app: &App) -> Option<Self> {
        app.public_url().problem().map(Self::PublicUrl)
    }

    pub(crate) const fn code(&self) -> &'static str {
        match self {
            Self::Revoked => "invitation_revoked",
            Self::Expired => "invitation_expired",
            Self::NumberUnknown(_) => "number_unknown",
            Self::PublicUrl(bad) => bad.code(),
        }
    }

    pub(crate) fn sentence(&self) -> Cow<'static, str> {
        match self {
            Self::Revoked => "This invitation is revoked: make a new one with POST.".into(),
            Self::Expired => {
                "This invitation is over: give it a later `valid_until` with PATCH, or make a new one with POST.".into()
            }
            Self::NumberUnknown(Some(session)) => format!(
                "The number of `{session}` is not known: link that phone first, with the code at /sessions/{session}/qr.png."
            )
            .into(),
            Self::NumberUnknown(None) => {
                "No spouse's number is known: link a phone first, with the code at /sessions/NAME/qr.png.".into()
            }
            Self::PublicUrl(bad) => bad.to_string().into(),
        }
    }
}

impl From<Trouble> for Problem {
    fn from(trouble: Trouble) -> Self {
        Self::conflict(trouble.code(), trouble.sentence())
    }
}
