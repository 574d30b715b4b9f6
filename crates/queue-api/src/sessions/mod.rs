//! Sessions: how they are, linking the phone, and steering. A WAHA is only ever asked through whatsapp-integration.

mod advice;
mod budget;
mod get;
mod go_on;
mod list;
mod logout;
mod operation;
mod outlook;
mod pairing_code;
mod pause;
mod qr;
mod restart;
mod standing;
mod start;
mod steering;
mod view;
mod warnings;

use chassis::Problem;
use domain::session::SessionName;
use storage::SessionRow;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::{App, Shared};
use crate::problem::{Answer, Failure};

pub(crate) use budget::WindowView;
pub(crate) use operation::operate;
pub(crate) use pairing_code::code_for;
pub(crate) use standing::Standing;
pub(crate) use steering::{resume, resume_all, stop_all, try_again, unlock};

pub(crate) fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(list::list))
        .routes(routes!(get::get))
        .routes(routes!(outlook::outlook))
        .routes(routes!(qr::text))
        .routes(routes!(qr::png))
        .routes(routes!(pairing_code::pairing_code))
        .routes(routes!(start::start))
        .routes(routes!(restart::restart))
        .routes(routes!(logout::logout))
        .routes(routes!(pause::pause))
        .routes(routes!(go_on::resume))
        .routes(routes!(go_on::unlock))
        .routes(routes!(go_on::try_again))
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
