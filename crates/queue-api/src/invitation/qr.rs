//! The QR code of an invitation, for paper: it holds the `wa.me` link itself, so that it works when this server is down.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chassis::Problem;
use chassis::problem::ProblemPath;
use domain::ids::HouseholdId;
use http::header;
use qr_picture::QrPicture;
use tracing::error;

use super::letter::Letter;
use super::trouble::Trouble;
use super::unknown;
use crate::app::{App, Shared};
use crate::auth::{Caller, Enqueue};
use crate::problem::Answer;

/// Pixels per module: sharp on paper at five centimetres.
const SCALE: usize = 12;

/// Gives the QR code of a household's invitation as SVG, the better one for print.
#[utoipa::path(
    get, path = "/households/{id}/invitation/qr.svg", operation_id = "readInvitationQrSvg", tag = "invitations",
    security(("token" = ["enqueue"])), params(("id" = Uuid, Path, description = "The household.")),
    responses(
        (status = OK, description = "The picture.", body = String, content_type = "image/svg+xml"),
        (status = CONFLICT, description = "`invitation_revoked`: make a new one. `invitation_expired`: prolong it or make a new one. `number_unknown`: link a phone first."),
    ),
)]
pub(super) async fn svg(
    State(app): State<Shared>,
    _: Caller<Enqueue>,
    ProblemPath(id): ProblemPath<HouseholdId>,
) -> Answer<Response> {
    Ok(svg_of(&link_of(&app, id).await?)?)
}

/// Gives the QR code of a household's invitation as PNG.
#[utoipa::path(
    get, path = "/households/{id}/invitation/qr.png", operation_id = "readInvitationQrPng", tag = "invitations",
    security(("token" = ["enqueue"])), params(("id" = Uuid, Path, description = "The household.")),
    responses(
        (status = OK, description = "The picture.", body = [u8], content_type = "image/png"),
        (status = CONFLICT, description = "`invitation_revoked`: make a new one. `invitation_expired`: prolong it or make a new one. `number_unknown`: link a phone first."),
    ),
)]
pub(super) async fn png(
    State(app): State<Shared>,
    _: Caller<Enqueue>,
    ProblemPath(id): ProblemPath<HouseholdId>,
) -> Answer<Response> {
    Ok(png_of(&link_of(&app, id).await?)?)
}

/// The link to be printed, if it works.
pub(crate) async fn link_of(app: &App, id: HouseholdId) -> Answer<String> {
    let invited = app.store.invitation_of(id).await?.ok_or_else(unknown)?;
    let letter = Letter::of(app, &invited);
    let troubles = Trouble::of(&invited.invitation, &letter, app.now());
    match (troubles.into_iter().next(), letter.wa_me()) {
        (None, Some(link)) => Ok(link),
        (trouble, _) => Err(trouble.map_or_else(Problem::internal, Problem::from).into()),
    }
}

/// The answer that shows `link` as SVG.
pub(crate) fn svg_of(link: &str) -> Result<Response, Problem> {
    Ok(answer(
        "svg+xml; charset=utf-8",
        "svg",
        picture(link)?.svg(),
    ))
}

/// The answer that shows `link` as PNG.
pub(crate) fn png_of(link: &str) -> Result<Response, Problem> {
    Ok(answer("png", "png", picture(link)?.png(SCALE)))
}

/// Names that a link would not fit into a code with are refused by the settings.
pub(crate) fn picture(link: &str) -> Result<QrPicture, Problem> {
    QrPicture::of(link).map_err(|e| {
        error!(error = %e, "an invitation has no QR code");
        Problem::internal()
    })
}

fn answer(kind: &str, ending: &str, picture: impl IntoResponse) -> Response {
    let headers = [
        (header::CONTENT_TYPE, format!("image/{kind}")),
        (
            header::CONTENT_DISPOSITION,
            format!("inline; filename=\"invitation.{ending}\""),
        ),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    (headers, picture).into_response()
}
