//! Who may see a letter: whoever presents the token of an invitation that is in force.

use std::convert::Infallible;

use axum::extract::{FromRequestParts, Path};
use axum::response::{IntoResponse, Response};
use chassis::Problem;
use domain::invitation::InvitationToken;
use http::request::Parts;
use tracing::warn;

use super::page;
use crate::app::App;
use crate::invitation::Letter;
use crate::problem::Failure;

/// The token in the address; `None` when there is something else in its place. It is not refused here: that would be
/// quicker than a wrong one.
pub(super) struct Presented(Option<InvitationToken>);

impl<S: Send + Sync> FromRequestParts<S> for Presented {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        let written = Path::<String>::from_request_parts(parts, state).await;
        Ok(Self(written.ok().and_then(|Path(text)| text.parse().ok())))
    }
}

/// Why there is no letter.
pub(super) enum Shut {
    /// The token is wrong, malformed, revoked or expired: nobody learns which.
    Unknown,
    /// Nobody knows the spouse's number yet.
    NoNumber(Box<Letter>),
    /// It is our fault.
    Failed(Problem),
}

/// The letter and the link to write with.
pub(super) async fn open(app: &App, presented: Presented) -> Result<(Letter, String), Shut> {
    let token = presented.0.as_ref();
    let found = app.store.invitation_in_force(token, app.now()).await;
    let invited = found.map_err(|error| Shut::Failed(Failure::from(error).into()))?;
    let letter = Letter::of(app, &invited.ok_or(Shut::Unknown)?);
    match letter.wa_me() {
        Some(link) => Ok((letter, link)),
        None => Err(Shut::NoNumber(Box::new(letter))),
    }
}

impl IntoResponse for Shut {
    fn into_response(self) -> Response {
        match self {
            Self::Unknown => page::unknown(),
            Self::NoNumber(letter) => {
                let session = letter.session().map(ToString::to_string);
                warn!(
                    session,
                    "a guest cannot write: the number is not known, link that phone"
                );
                page::no_number(&letter)
            }
            Self::Failed(problem) => page::failed(problem.status()),
        }
    }
}

/// Any other address.
pub(super) async fn nothing_here() -> Response {
    page::unknown()
}
