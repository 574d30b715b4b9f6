//! What will become of a session's queue, and of messages that are not in it yet: rehearsed with the worker's own rules on a
//! simulated clock (`domain::release::rehearsal`). Nothing is stored, and nothing is promised that people or guests can change.

mod extra;

use chrono_tz::Tz;
use domain::Timestamp;
use domain::config::{GlobalConfig, PaceProfile};
use domain::ids::MessageId;
use domain::release::{
    Band, CappingLevel, DayUse, Lock, Pace, Rehearsal, Rulebook, Scene, SessionFacts, days,
    far_behind, rehearse as play,
};
use domain::session::SessionName;
use domain::wait::{Ends, Wait, WaitReason};
use rand::SeedableRng;
use rand::rngs::StdRng;
use storage::Store;

pub use extra::ExtraMessage;

/// Messages of the queue that are played one by one. Behind them goes on what they show.
const MOST: u32 = 2_000;

/// Who asks the same question twice gets the same answer: pages look again and again, and times must not flicker.
pub(crate) fn same_dice() -> StdRng {
    StdRng::seed_from_u64(0x5EED)
}

/// What will become of a session's queue.
#[derive(Debug, Clone)]
pub struct Outlook {
    /// What leaves, in which order and when; what does not, and why.
    pub rehearsal: Rehearsal,
    /// The ids by which `rehearsal` calls the extra messages, in their order.
    pub extra: Vec<MessageId>,
    /// When everybody who has written will have it, extra messages included: all that waits for neither an event nor a
    /// person. `None`: nothing does, or the whole session is held.
    pub everybody: Option<Band>,
    /// The days on which something was sent in the last 24 hours, or will be, in the couple's zone.
    pub days: Vec<DayUse>,
    /// That zone.
    pub zone: Tz,
    /// What WhatsApp itself restricts until a time, whatever our limits allow: a lock of the number, or its capping.
    pub restricted: Option<Wait>,
    /// Due messages that are too far behind to be played one by one. `everybody` counts them; the days and the order do not.
    pub behind: u32,
}

/// Rehearses the session's queue with `extra` behind it, as if they were queued now, in this order. `None`: no such session.
///
/// Takes up to a second for thousands of messages, on a thread of its own.
pub async fn rehearse(
    store: &Store,
    pace: PaceProfile,
    session: &SessionName,
    extra: &[ExtraMessage],
    now: Timestamp,
) -> Result<Option<Outlook>, storage::Error> {
    let (config, _) = store.config().await?;
    let contacts: Vec<_> = extra.iter().map(|message| message.contact).collect();
    let found = store.queue_scene(session, &contacts, MOST, now).await?;
    let Some(found) = found else {
        return Ok(None);
    };
    let mut scene = found.scene;
    let ids = extra::queue(&mut scene, extra, now, &mut same_dice());
    let zone = config.time_zone;
    let playing = move || (played(&scene, &config, pace, now), scene);
    let (rehearsal, scene) = computed(playing).await;
    Ok(Some(Outlook {
        everybody: everybody(&rehearsal, found.behind, now),
        days: days(&scene.session, &rehearsal.leaves, now, zone),
        restricted: restricted(&scene.session, now),
        extra: ids,
        zone,
        behind: found.behind,
        rehearsal,
    }))
}

fn restricted(session: &SessionFacts, now: Timestamp) -> Option<Wait> {
    let locked = match session.lock {
        Some(Lock::Until(until)) => Some(Wait::at(WaitReason::SessionLocked, until)),
        _ => None,
    };
    let capped = session.capping.map(|capping| match capping.level {
        CappingLevel::Capped => Wait::at(WaitReason::AnnouncementsCapped, capping.until),
        CappingLevel::FirstWarning | CappingLevel::SecondWarning => {
            Wait::at(WaitReason::CappingWarning, capping.until)
        }
    });
    let lasts = |wait: &Wait| matches!(wait.ends, Ends::At(until) if until > now);
    locked.filter(lasts).or(capped.filter(lasts))
}

/// What `work` returns, computed on a thread of its own. A panic is a defect, and reaches the caller.
pub(crate) async fn computed<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    tokio::task::spawn_blocking(work)
        .await
        .unwrap_or_else(|panicked| std::panic::resume_unwind(panicked.into_panic()))
}

fn played(scene: &Scene, config: &GlobalConfig, pace: PaceProfile, now: Timestamp) -> Rehearsal {
    let (rules, pacing) = (pace.rules(config), pace.pacing(config));
    let pace = Pace {
        book: &Rulebook::default(),
        rules: &rules,
        pacing: &pacing,
    };
    play(scene, &pace, now, &mut same_dice())
}

/// The last that leaves, and those behind at the same pace.
fn everybody(rehearsal: &Rehearsal, behind: u32, now: Timestamp) -> Option<Band> {
    let Band { from, to } = rehearsal.last()?.band;
    let played = u32::try_from(rehearsal.leaves.len()).unwrap_or(u32::MAX);
    let all = played.saturating_add(behind);
    Some(Band {
        from: far_behind(from, played, all, now),
        to: far_behind(to, played, all, now),
    })
}
