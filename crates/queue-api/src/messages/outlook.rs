//! What becomes of a waiting message: why it waits, what ends that, and when it will probably go (design §1, promise 5).
//! The worker decides; this asks the same rules with the same facts.

use domain::Timestamp;
use domain::config::{GlobalConfig, PaceProfile};
use domain::message_status::MessageStatus;
use domain::release::{Band, Decision, Facts, Pace, RefuseReason, Rulebook, forecast};
use domain::wait::{AwaitedEvent, Ends, Wait};
use storage::{Explained, MessageRow};

use super::view::WaitView;
use crate::app::App;
use crate::outlook::{computed, same_dice};

/// Why a message does not go right now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Held {
    /// By a rule, or by something that happened.
    By(Wait),
    /// Others go first: so many, and until then, if that is known.
    Queue(u32, Option<Timestamp>),
    /// For good: the worker cancels it as soon as it looks.
    Never(RefuseReason),
}

impl Held {
    /// As programs are told.
    pub(super) fn view(self, now: Timestamp) -> WaitView {
        match self {
            Self::By(wait) => wait.into(),
            Self::Queue(ahead, until) => queue(ahead, until),
            Self::Never(reason) => never(reason, now),
        }
    }
}

/// Why a message waits and when it goes; neither for a message that is not pending.
pub(crate) struct MessageOutlook {
    pub(crate) explained: Explained,
    pub(crate) held: Option<Held>,
    pub(crate) forecast: Option<Band>,
}

/// The outlook of a message, computed on a thread of its own.
pub(crate) async fn outlook(
    app: &App,
    config: GlobalConfig,
    explained: Explained,
    now: Timestamp,
) -> MessageOutlook {
    let profile = app.pace();
    computed(move || {
        let (held, forecast) = decided(profile, &config, &explained, now);
        MessageOutlook {
            explained,
            held,
            forecast,
        }
    })
    .await
}

fn decided(
    profile: PaceProfile,
    config: &GlobalConfig,
    explained: &Explained,
    now: Timestamp,
) -> (Option<Held>, Option<Band>) {
    if explained.row.status != MessageStatus::Pending {
        return (None, None);
    }
    if let Some(wait) = aside(&explained.row) {
        return (Some(Held::By(wait)), None);
    }
    let facts = Facts {
        session: &explained.session,
        contact: &explained.contact,
        message: &explained.message,
    };
    let (book, rules, pacing) = (
        Rulebook::default(),
        profile.rules(config),
        profile.pacing(config),
    );
    let pace = Pace {
        book: &book,
        rules: &rules,
        pacing: &pacing,
    };
    match book
        .decide(&facts, &rules, now)
        .and(stored(&explained.row, now))
    {
        Decision::Refuse(reason) => (Some(Held::Never(reason)), None),
        decision => {
            let band = forecast_of(explained, &pace, now);
            let wait = match decision {
                Decision::Wait(wait) => Some(Held::By(wait)),
                Decision::Send | Decision::Refuse(_) => (explained.ahead > 0)
                    .then(|| Held::Queue(explained.ahead, band.map(|band| band.from))),
            };
            (wait, band)
        }
    }
}

fn forecast_of(explained: &Explained, pace: &Pace<'_>, now: Timestamp) -> Option<Band> {
    let scene = explained.scene.as_ref()?;
    let (message, ahead) = (explained.waiting(), explained.ahead);
    forecast(scene, &message, ahead, pace, now, &mut same_dice())
}

/// What puts a message aside for a person was not a rule but something that happened: no rule can see it.
pub(super) fn aside(row: &MessageRow) -> Option<Wait> {
    row.wait
        .filter(|wait| matches!(wait.ends, Ends::Person(_)) && !wait.reason.is_of_session())
}

/// The wait that is stored with the row, unless its time has passed. Until then the worker does not look at the row, also when no
/// rule would hold it now: a composition that was lost waits for a while.
pub(super) fn stored(row: &MessageRow, now: Timestamp) -> Decision {
    let over = |wait: &Wait| matches!(wait.ends, Ends::At(at) if at <= now);
    let wait = row.wait.filter(|wait| !over(wait));
    wait.map_or(Decision::Send, Decision::Wait)
}

/// Nothing stands against it but those before it.
fn queue(ahead: u32, until: Option<Timestamp>) -> WaitView {
    WaitView {
        reason: "others_first",
        sentence: match ahead {
            1 => "One message goes before this one.".to_owned(),
            _ => format!("{ahead} messages go before this one."),
        },
        ends: until
            .map_or(Ends::Event(AwaitedEvent::EarlierEnds), Ends::At)
            .into(),
    }
}

/// The worker will cancel it as soon as it looks.
fn never(reason: RefuseReason, now: Timestamp) -> WaitView {
    let sentence = match reason {
        RefuseReason::Expired => "Its last moment has passed: it will be cancelled.",
        RefuseReason::OptedOut => "The contact does not want messages: it will be cancelled.",
        RefuseReason::Answered => "The contact has answered meanwhile: it will be cancelled.",
        RefuseReason::BroadcastCancelled => {
            "The rest of its broadcast was cancelled, and so will it be."
        }
    };
    WaitView {
        reason: reason.as_str(),
        sentence: sentence.to_owned(),
        ends: Ends::At(now).into(),
    }
}
