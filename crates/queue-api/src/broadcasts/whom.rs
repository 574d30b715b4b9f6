//! Whom a broadcast is for, as somebody sends it and as it is shown.

use domain::broadcast::{Audience, Wrote};
use domain::config::Language;
use domain::ids::{GuestId, HouseholdId};
use domain::session::SessionName;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::draft::Mistakes;
use crate::app::App;
use crate::schemas;
use crate::short_text::{LONGEST, is_text};

/// Which guests a broadcast is for. Conditions hold together; one that is left out holds for everybody.
#[derive(Clone, Default, Deserialize, Serialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(as = Audience)]
pub(crate) struct Whom {
    /// Only guests of this spouse, by session.
    #[schema(value_type = Option<schemas::SessionName>)]
    pub(crate) side: Option<String>,
    /// Only those who are written to in this language.
    #[schema(value_type = Option<schemas::GuestLanguage>)]
    pub(crate) language: Option<Language>,
    /// Only those of whom this holds, on the session that would write to them.
    #[schema(value_type = Option<schemas::Wrote>)]
    pub(crate) wrote: Option<Wrote>,
    /// Only these households; none: all.
    #[schema(value_type = Vec<Uuid>, max_items = 10_000)]
    pub(crate) households: Vec<HouseholdId>,
    /// Only those with this in their name, their household's name or their number.
    #[schema(value_type = Option<schemas::BlankOrText>)]
    pub(crate) search: Option<String>,
    /// Guests who are taken out by hand.
    #[schema(value_type = Vec<Uuid>, max_items = 10_000)]
    pub(crate) without: Vec<GuestId>,
}

/// How many households or guests can be named one by one.
const MOST: usize = 10_000;

impl Whom {
    /// The audience, as far as it has no mistakes.
    pub(super) fn check(self, app: &App, mistakes: &mut Mistakes) -> Audience {
        let side = self
            .side
            .and_then(|side| mistakes.session(app, "audience.side", &side));
        let search = self.search.filter(|search| !search.trim().is_empty());
        if search
            .as_deref()
            .is_some_and(|search| !is_text(search, LONGEST))
        {
            let message = format!("at most {LONGEST} characters, and no NUL");
            mistakes.note("audience.search", &message);
        }
        for (field, count) in [
            ("audience.households", self.households.len()),
            ("audience.without", self.without.len()),
        ] {
            if count > MOST {
                mistakes.note(field, &format!("at most {MOST} of them"));
            }
        }
        Audience {
            side,
            language: self.language,
            wrote: self.wrote,
            households: self.households,
            search,
            without: self.without,
        }
    }
}

impl From<Audience> for Whom {
    fn from(audience: Audience) -> Self {
        Self {
            side: audience.side.map(|side: SessionName| side.to_string()),
            language: audience.language,
            wrote: audience.wrote,
            households: audience.households,
            search: audience.search,
            without: audience.without,
        }
    }
}
