//! Who would get what, as people see it before anything is queued.

use chrono::{DateTime, Utc};
use domain::broadcast::{
    Advice, AdviceCode, BroadcastCopy, LeftOut, Placeholder, Plan, RenderError, WhyLeftOut,
};
use domain::ids::{ContactId, GuestId};
use domain::message_text::MessageText;
use domain::session::SessionName;
use domain::wait::{AwaitedEvent, Wait, WaitReason};
use serde::Serialize;
use utoipa::ToSchema;

use crate::messages::WaitView;
use crate::schemas;

/// Who gets what, who does not, and what is advised.
#[derive(Serialize, ToSchema)]
#[schema(as = BroadcastAudience)]
pub(super) struct AudienceView {
    /// The copies, in the order in which they are queued.
    copies: Vec<CopyView>,
    /// Guests for whom it is, without a copy of their own.
    left_out: Vec<LeftOutView>,
    /// What WAHA's guide would say of it. It stops nothing.
    advice: Vec<AdviceView>,
    /// How many copies cannot be written: with one of them the broadcast does not start.
    unwritten: usize,
}

/// One copy.
#[derive(Serialize, ToSchema)]
#[schema(as = BroadcastCopy)]
struct CopyView {
    /// To whom.
    #[schema(value_type = Uuid)]
    contact: ContactId,
    /// Their phone number, when it is known.
    #[schema(example = "+39 347 000 0001")]
    to: Option<String>,
    /// The guests who get it with this contact.
    guests: Vec<GuestOfCopy>,
    /// Whose WhatsApp sends it.
    #[schema(value_type = String)]
    session: SessionName,
    /// Exactly what it says; absent when it cannot be written.
    #[schema(value_type = Option<String>)]
    text: Option<MessageText>,
    /// The value that is missing.
    #[schema(value_type = Option<schemas::Placeholder>)]
    missing: Option<Placeholder>,
    /// Why it cannot be written, and what to do.
    problem: Option<String>,
    /// Why it does not go at once: they have not written to this session. What else may hold it back is seen when it is queued.
    wait: Option<WaitView>,
    /// When they wrote last to this session.
    wrote_at: Option<DateTime<Utc>>,
    /// That was so long ago that only a few such contacts are written to each day.
    cold: bool,
    /// Nothing was ever sent to them.
    first: bool,
}

/// A guest behind a copy.
#[derive(Serialize, ToSchema)]
struct GuestOfCopy {
    /// Who.
    #[schema(value_type = Uuid)]
    id: GuestId,
    /// Their name.
    name: String,
}

/// A guest without a copy of their own.
#[derive(Serialize, ToSchema)]
#[schema(as = LeftOut)]
struct LeftOutView {
    /// Who.
    #[schema(value_type = Uuid)]
    guest: GuestId,
    /// Their name.
    name: String,
    /// Their contact, when it is known.
    #[schema(value_type = Option<Uuid>)]
    contact: Option<ContactId>,
    /// Why.
    #[schema(value_type = schemas::WhyLeftOut)]
    why: WhyLeftOut,
}

/// Something that is advised against.
#[derive(Serialize, ToSchema)]
#[schema(as = BroadcastAdvice)]
struct AdviceView {
    /// What, for programs.
    #[schema(value_type = schemas::AdviceCode)]
    code: AdviceCode,
    /// What and what to do, for people.
    sentence: &'static str,
    /// The link that it is about.
    link: Option<String>,
    /// How many contacts it is about.
    contacts: usize,
}

const NOT_WRITTEN: Wait = Wait::event(WaitReason::GuestHasNotWritten, AwaitedEvent::ContactWrites);

impl From<Plan> for AudienceView {
    fn from(plan: Plan) -> Self {
        Self {
            unwritten: plan.unwritten().count(),
            copies: plan.copies.into_iter().map(Into::into).collect(),
            left_out: plan.left_out.into_iter().map(Into::into).collect(),
            advice: plan.advice.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<BroadcastCopy> for CopyView {
    fn from(copy: BroadcastCopy) -> Self {
        let error = copy.text.as_ref().err().copied();
        let missing = error.and_then(|error| match error {
            RenderError::Missing(placeholder) => Some(placeholder),
            RenderError::Text(_) => None,
        });
        let guest = |(id, name)| GuestOfCopy { id, name };
        Self {
            contact: copy.contact,
            to: copy.phone.map(|phone| phone.international()),
            guests: copy.guests.into_iter().map(guest).collect(),
            session: copy.session,
            text: copy.text.ok(),
            missing,
            problem: error.map(|error| error.to_string()),
            wait: copy.wrote_at.is_none().then(|| NOT_WRITTEN.into()),
            wrote_at: copy.wrote_at,
            cold: copy.is_cold,
            first: copy.is_first,
        }
    }
}

impl From<LeftOut> for LeftOutView {
    fn from(left_out: LeftOut) -> Self {
        Self {
            guest: left_out.guest,
            name: left_out.name,
            contact: left_out.contact,
            why: left_out.why,
        }
    }
}

impl From<Advice> for AdviceView {
    fn from(advice: Advice) -> Self {
        Self {
            code: advice.code,
            sentence: advice.code.sentence(),
            link: advice.link,
            contacts: advice.contacts,
        }
    }
}
