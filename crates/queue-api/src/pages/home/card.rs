//! One spouse's WhatsApp on home: connected as whom and since when, or what to do; what is used of the budget; what to know.

use domain::Timestamp;
use domain::phone_number::PhoneNumber;
use domain::release::Lock;
use domain::session::SessionState;
use storage::{OLD_BACKLOG, OPERATION, RESTORED_BACKUP};

use super::{Action, advice, outlook};
use crate::app::App;
use crate::pages::frame::Frame;
use crate::pages::refusal::Refused;
use crate::sessions::{Standing, WindowView};

/// A spouse's card.
pub(super) struct Card {
    /// For the part's id.
    pub(super) session: String,
    /// Whose it is.
    pub(super) person: String,
    /// How the badge looks, and what it says.
    pub(super) badge: (&'static str, String),
    /// The own name and number.
    pub(super) own: Option<String>,
    /// Since when it is in its state.
    pub(super) since: Timestamp,
    /// What is wrong and what to do about it.
    pub(super) advice: Option<(String, Option<Action>)>,
    /// Who paused it and when, and the button that ends that.
    pub(super) pause: Option<(String, Option<Action>)>,
    /// Until when it is locked, and the way to end that.
    pub(super) lock: Option<(String, Action)>,
    /// What to know besides.
    pub(super) warnings: Vec<String>,
    /// This hour and today.
    pub(super) meters: Vec<Meter>,
    /// By when everybody who has written will have what waits for them.
    pub(super) everybody_by: Option<String>,
    /// Where the phone is linked and unlinked.
    pub(super) pairing: String,
}

/// How much of a window is used, as a small picture.
pub(super) struct Meter {
    /// For its label.
    pub(super) id: String,
    pub(super) label: String,
    pub(super) used: u32,
    pub(super) limit: u32,
    /// From here on it is nearly used up.
    pub(super) high: u32,
    pub(super) text: String,
    /// What counts apart.
    pub(super) besides: Option<String>,
}

impl Card {
    /// Whether it asks for something.
    pub(super) const fn asks(&self) -> bool {
        self.advice.is_some() || self.pause.is_some() || self.lock.is_some()
    }
}

pub(super) async fn cards(
    app: &App,
    f: &Frame,
    sessions: &[Standing],
) -> Result<Vec<Card>, Refused> {
    let mut cards = Vec::new();
    for session in sessions {
        let everybody = outlook::everybody_by(app, session).await?;
        cards.push(card(f, session, everybody));
    }
    Ok(cards)
}

fn card(f: &Frame, session: &Standing, everybody: Option<Timestamp>) -> Card {
    let (row, name) = (&session.row, session.name());
    let advice = advice(f, row, session.problem());
    Card {
        session: name.to_string(),
        person: f.person(name),
        badge: badge(f, row.state),
        own: own(session),
        since: row.since,
        advice,
        pause: pause(f, session),
        lock: lock(f, session),
        warnings: warnings(f, session),
        meters: meters(f, session),
        everybody_by: everybody
            .map(|at| f.with("home-everybody-by", &[("time", f.time(&at).into())])),
        pairing: format!("/pairing/{name}"),
    }
}

fn badge(f: &Frame, state: SessionState) -> (&'static str, String) {
    let class = match state {
        SessionState::Connected => "badge good",
        SessionState::Connecting | SessionState::Qr => "badge warn",
        SessionState::Disconnected | SessionState::Failed => "badge bad",
    };
    (class, f.t(&format!("home-badge-{state}")))
}

fn own(session: &Standing) -> Option<String> {
    let row = &session.row;
    let number = row.own_number.as_ref().map(PhoneNumber::international);
    match (row.own_name.clone(), number) {
        (Some(name), Some(number)) => Some(format!("{name} · {number}")),
        (name, number) => name.or(number),
    }
}

/// Why the session is paused, and the button that ends the pause; an operation ends its own.
fn pause(f: &Frame, session: &Standing) -> Option<(String, Option<Action>)> {
    let row = &session.row;
    let by = row.paused_by.as_deref()?;
    let at = row.paused_at.unwrap_or(row.since);
    let text = match by {
        OLD_BACKLOG => f.t("home-paused-old-backlog"),
        RESTORED_BACKUP => f.t("home-paused-restored"),
        OPERATION => f.t("home-paused-operation"),
        _ => f.with(
            "home-paused-by",
            &[("who", by.into()), ("time", f.time(&at).into())],
        ),
    };
    let address = format!("/sessions/{}/resume", session.name());
    let resume = (by != OPERATION).then(|| Action::form(f, address, "home-resume-one"));
    Some((text, resume))
}

fn lock(f: &Frame, session: &Standing) -> Option<(String, Action)> {
    let row = &session.row;
    let (held, time) = match row.lock? {
        Lock::Until(at) => ("until", f.time(&at)),
        Lock::Person => ("person", String::new()),
    };
    let key = match (row.lock_reason.as_deref(), row.lock_replies) {
        (Some("restricted"), _) => "home-locked-banned".to_owned(),
        (Some("refused_messages"), _) => format!("home-locked-refused-{held}"),
        (_, true) => format!("home-locked-all-{held}"),
        (_, false) => format!("home-locked-replies-go-{held}"),
    };
    let text = f.with(&key, &[("time", time.into())]);
    let address = format!("/sessions/{}/unlock", session.name());
    Some((text, Action::page(f, address, "home-unlock")))
}

fn warnings(f: &Frame, session: &Standing) -> Vec<String> {
    let receipts = session.missing_receipts.map(|missing| {
        let args = [
            ("n", missing.sends.into()),
            ("time", f.time(&missing.since).into()),
        ];
        f.with("home-warns-receipts", &args)
    });
    let unread = session.unread_chats.map(|unread| {
        let args = [
            ("n", unread.chats.into()),
            ("time", f.time(&unread.since).into()),
        ];
        f.with("home-warns-unread", &args)
    });
    let number = session.number_change.map(|change| {
        let args = [("time", f.time(&change.since).into())];
        f.with("home-warns-number", &args)
    });
    let capping = session.row.capping.map(|capping| {
        let args = [("time", f.time(&capping.until).into())];
        f.with(&format!("home-warns-{}", capping.level), &args)
    });
    let new = session.is_new_number.then(|| f.t("home-warns-new-number"));
    [receipts, unread, number, capping, new]
        .into_iter()
        .flatten()
        .collect()
}

fn meters(f: &Frame, session: &Standing) -> Vec<Meter> {
    let Some(budget) = &session.budget else {
        return Vec::new();
    };
    let name = session.name();
    [("hour", &budget.hour), ("day", &budget.day)]
        .map(|(window, view)| meter(f, format!("{window}-{name}"), window, view))
        .into()
}

fn meter(f: &Frame, id: String, window: &str, view: &WindowView) -> Meter {
    let (used, limit) = (view.automatic, view.automatic_limit);
    let apart = view.replies.saturating_add(view.hand_typed);
    Meter {
        id,
        label: f.t(&format!("home-meter-{window}")),
        used,
        limit,
        high: limit.saturating_mul(4) / 5,
        text: f.with(
            "home-meter",
            &[("used", used.into()), ("limit", limit.into())],
        ),
        besides: (apart > 0).then(|| f.with("home-meter-besides", &[("n", apart.into())])),
    }
}
