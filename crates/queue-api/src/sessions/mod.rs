//! Sessions: how they are, linking the phone, and steering. A WAHA is only ever asked through whatsapp-integration.

mod advice;
mod budget;
mod handlers;
mod link;
mod operation;
mod outlook;
mod pairing;
mod passkey;
mod standing;
mod steering;
mod view;

use chassis::Problem;
use domain::session::SessionName;
use storage::SessionRow;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::{App, Shared};
use crate::problem::{Answer, Failure};

pub(crate) use budget::WindowView;
pub(crate) use link::link_session;
pub(crate) use operation::operate;
pub(crate) use pairing::code_for;
pub(crate) use passkey::{answer_passkey, confirm_passkey, read_passkey};
pub(crate) use standing::{
    Standing, is_failed_untold, is_restarted_by_link, link_problem, without_expired_lock,
};
pub(crate) use steering::{resume, resume_all, stop_all, try_again, unlock};

pub(crate) fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(handlers::list))
        .routes(routes!(handlers::get))
        .routes(routes!(outlook::outlook))
        .routes(routes!(pairing::text))
        .routes(routes!(pairing::png))
        .routes(routes!(pairing::pairing_code))
        .routes(routes!(link::link))
        .routes(routes!(passkey::get, passkey::answer))
        .routes(routes!(passkey::confirm))
        .routes(routes!(handlers::start))
        .routes(routes!(handlers::restart))
        .routes(routes!(handlers::logout))
        .routes(routes!(handlers::pause))
        .routes(routes!(handlers::resume))
        .routes(routes!(handlers::unlock))
        .routes(routes!(handlers::try_again))
}

/// The session's row, or 404. A session that was taken out of the configuration can still be read.
pub(crate) async fn find(app: &App, name: &str) -> Answer<SessionRow> {
    let Ok(parsed) = SessionName::parse(name) else {
        return Err(unknown(app));
    };
    let row = app.store.session(&parsed).await?;
    row.ok_or_else(|| unknown(app))
}

fn unknown(app: &App) -> Failure {
    let detail = format!("There is no such session; there is {}.", app.session_list());
    Problem::new(http::StatusCode::NOT_FOUND, "unknown_session")
        .detail(detail)
        .into()
}
