//! `/settings`: shown, and saved as a whole by whoever saw their newest version.

use askama::Template;
use axum::extract::{Form, State};
use axum::response::{IntoResponse, Redirect};
use storage::ConfigUpdate;

use super::fields::{Fieldset, Input, Shown as Values, groups, zones};
use super::reading::{Written, read, written};
use crate::app::{App, Shared};
use crate::configuration::replace;
use crate::pages::frame::{Frame, Section};
use crate::pages::page::{form_again, page};
use crate::pages::refusal::{Refused, Shown};
use crate::pages::visitor::Visitor;

#[derive(Template)]
#[template(path = "pages/settings.html")]
struct SettingsPage {
    f: Frame,
    version: i64,
    groups: Vec<Fieldset>,
    zones: Vec<&'static str>,
    /// How many fields have something wrong.
    mistakes: usize,
    /// Somebody else saved meanwhile.
    conflict: bool,
}

pub(super) async fn form(State(app): State<Shared>, visitor: Visitor) -> Shown {
    let (config, version) = app.store.config().await?;
    let shown = Values {
        values: written(&config),
        ..Values::default()
    };
    page(&settings(&app, &visitor, &shown, version).await?)
}

pub(super) async fn save(
    State(app): State<Shared>,
    visitor: Visitor,
    Form(form): Form<Written>,
) -> Shown {
    // who does not say what they saw has seen nothing: shown what there is now
    let seen = form.get("version").and_then(|version| version.parse().ok());
    let seen: i64 = seen.unwrap_or(0);
    let config = match read(&form) {
        Ok(config) => config,
        Err(mistakes) => {
            let shown = Values {
                values: form,
                mistakes,
                now: None,
            };
            return form_again(&settings(&app, &visitor, &shown, seen).await?);
        }
    };
    match replace(&app, &config, seen, &visitor.actor()).await? {
        ConfigUpdate::Done { .. } => Ok(Redirect::to("/settings?said=settings").into_response()),
        ConfigUpdate::Conflict { .. } => {
            let (now, version) = app.store.config().await?;
            let shown = Values {
                values: written(&config),
                now: Some(written(&now)),
                ..Values::default()
            };
            form_again(&settings(&app, &visitor, &shown, version).await?)
        }
    }
}

async fn settings(
    app: &App,
    visitor: &Visitor,
    shown: &Values,
    version: i64,
) -> Result<SettingsPage, Refused> {
    let f = Frame::of(app, visitor, Section::Settings, "settings-title").await?;
    Ok(SettingsPage {
        version,
        groups: groups(&f, shown),
        zones: zones(),
        mistakes: shown.mistakes.len(),
        conflict: shown.now.is_some(),
        f,
    })
}
