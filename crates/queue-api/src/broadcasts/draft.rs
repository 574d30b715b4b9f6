//! A broadcast as somebody wants it written down, and what is checked before anything is stored. Every mistake is found at once.

use chassis::Problem;
use chassis::problem::FieldError;
use domain::Timestamp;
use domain::broadcast::{Template, TemplateError};
use domain::ids::BroadcastId;
use domain::object::{object, optional_object};
use domain::session::SessionName;
use serde::{Deserialize, Serialize};
use storage::{BroadcastEdit, NewBroadcast};
use utoipa::ToSchema;

use super::whom::Whom;
use crate::app::App;
use crate::change::Change;
use crate::short_text::{LONGEST, trimmed};
use crate::{moment, schemas};

/// A broadcast to be written down. Nothing of it is queued before it is started.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = BroadcastDraft)]
pub(crate) struct Draft {
    /// What you call it; guests never see it.
    #[schema(value_type = schemas::ShortText, example = "Dove dormire")]
    pub(crate) title: String,
    /// What it says. `{name}`, `{first_name}` and `{household}` are filled in, of `{Ciao|Salve}` each contact is always told
    /// the same one, and `{{` is a brace.
    #[schema(value_type = schemas::TemplateText)]
    pub(crate) template: String,
    /// Which guests it is for; everybody when nothing is said.
    #[serde(default, deserialize_with = "object")]
    pub(crate) audience: Whom,
    /// Who writes to those who are nobody's guests and have written to nobody.
    #[schema(value_type = schemas::SessionName)]
    pub(crate) session: String,
    /// Not before this time.
    #[schema(value_type = Option<schemas::Moment>)]
    pub(crate) not_before: Option<String>,
    /// What has not left by then is cancelled, never sent late. When nothing is said: the end of the wedding day, else 14 days.
    #[schema(value_type = Option<schemas::Moment>)]
    pub(crate) not_after: Option<String>,
}

/// What to change of a draft; what is left out stays.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = BroadcastChanges)]
pub(crate) struct Changes {
    /// Another title.
    #[schema(value_type = Option<schemas::ShortText>)]
    pub(crate) title: Option<String>,
    /// Another text.
    #[schema(value_type = Option<schemas::TemplateText>)]
    pub(crate) template: Option<String>,
    /// Another audience, as a whole.
    #[serde(default, deserialize_with = "optional_object")]
    pub(crate) audience: Option<Whom>,
    /// Another session for those who are nobody's.
    #[schema(value_type = Option<schemas::SessionName>)]
    pub(crate) session: Option<String>,
    /// Another first moment; `null` takes it away.
    #[serde(default)]
    #[schema(value_type = Option<schemas::Moment>)]
    pub(crate) not_before: Change<String>,
    /// Another last moment.
    #[schema(value_type = Option<schemas::Moment>)]
    pub(crate) not_after: Option<String>,
}

/// The mistakes of one draft.
#[derive(Default)]
pub(super) struct Mistakes {
    fields: Vec<FieldError>,
    template: Option<TemplateError>,
}

impl Draft {
    /// The broadcast under this id, or 422 `invalid_broadcast`. `until`: the last moment that is proposed.
    pub(super) fn check(
        self,
        app: &App,
        id: BroadcastId,
        until: Timestamp,
    ) -> Result<NewBroadcast, Problem> {
        let mut mistakes = Mistakes::default();
        let title = mistakes.title(&self.title);
        let template = mistakes.template(self.template);
        let audience = self.audience.check(app, &mut mistakes);
        let session = mistakes.session(app, "session", &self.session);
        let mut time =
            |field, text: Option<String>| text.and_then(|text| mistakes.time(field, &text));
        let not_before = time("not_before", self.not_before);
        let not_after = time("not_after", self.not_after).unwrap_or(until);
        if not_before.is_some_and(|from| from >= not_after) {
            mistakes.note("not_after", NO_TIME_LEFT);
        }
        let (Some(title), Some(template), Some(session)) = (title, template, session) else {
            return Err(mistakes.refused("Nothing was stored."));
        };
        mistakes.end("Nothing was stored.")?;
        Ok(NewBroadcast {
            id,
            title,
            template,
            audience,
            session,
            not_before,
            not_after,
        })
    }
}

/// What is said of a broadcast that would end before it begins.
pub(super) const NO_TIME_LEFT: &str = "must be later than not_before";

impl Changes {
    /// The changes, or 422 `invalid_broadcast`.
    pub(super) fn check(self, app: &App) -> Result<BroadcastEdit, Problem> {
        let mut mistakes = Mistakes::default();
        let edit = BroadcastEdit {
            title: self.title.and_then(|title| mistakes.title(&title)),
            template: self.template.and_then(|text| mistakes.template(text)),
            audience: self.audience.map(|whom| whom.check(app, &mut mistakes)),
            session: self
                .session
                .and_then(|name| mistakes.session(app, "session", &name)),
            not_before: self
                .not_before
                .read(|text| mistakes.time("not_before", &text)),
            not_after: self
                .not_after
                .and_then(|text| mistakes.time("not_after", &text)),
        };
        mistakes.end("Nothing was changed.")?;
        Ok(edit)
    }
}

impl Mistakes {
    pub(super) fn note(&mut self, field: &str, message: &str) {
        self.fields.push(FieldError {
            field: field.to_owned(),
            message: message.to_owned(),
        });
    }

    fn title(&mut self, title: &str) -> Option<String> {
        let Some(title) = trimmed(title, LONGEST) else {
            let message = format!("write 1 to {LONGEST} characters, and no NUL");
            self.note("title", &message);
            return None;
        };
        Some(title.to_owned())
    }

    fn template(&mut self, text: String) -> Option<Template> {
        let parsed = Template::parse(text);
        let noted = parsed.map_err(|error| {
            self.note("template", &error.to_string());
            self.template = Some(error);
        });
        noted.ok()
    }

    pub(super) fn session(&mut self, app: &App, field: &str, name: &str) -> Option<SessionName> {
        let known = SessionName::parse(name).ok().filter(|name| app.knows(name));
        if known.is_none() {
            let message = format!("unknown session: use one of {}", app.session_list());
            self.note(field, &message);
        }
        known
    }

    fn time(&mut self, field: &str, text: &str) -> Option<Timestamp> {
        let read = moment::parse(text);
        read.map_err(|message| self.note(field, message)).ok()
    }

    fn end(self, consequence: &str) -> Result<(), Problem> {
        if self.fields.is_empty() {
            Ok(())
        } else {
            Err(self.refused(consequence))
        }
    }

    /// 422 `invalid_broadcast`. A mistake in the template is also told for programs: its code and where it is.
    pub(super) fn refused(self, consequence: &str) -> Problem {
        let problem = Problem::invalid("invalid_broadcast", consequence, self.fields);
        if let Some(TemplateError { at, mistake }) = self.template {
            return problem
                .with("template_mistake", mistake.code())
                .with("template_at", at);
        }
        problem
    }
}
