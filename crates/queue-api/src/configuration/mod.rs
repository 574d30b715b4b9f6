//! `global_config`: what the couple can set. It is read and replaced as a whole, so that a version is one decision.

mod get;
mod put;

use domain::config::GlobalConfig;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::Shared;
use crate::schemas;

pub(crate) use put::replace;

pub(crate) fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new().routes(routes!(get::get, put::put))
}

/// The settings and their version.
#[derive(Serialize, ToSchema)]
#[schema(as = Config)]
struct ConfigView {
    /// Counts changes.
    version: i64,
    /// Every setting.
    #[schema(value_type = schemas::Settings)]
    config: GlobalConfig,
}
