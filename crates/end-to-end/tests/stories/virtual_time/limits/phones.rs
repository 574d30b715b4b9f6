//! What the guests' phones showed, held against each rule. Nothing here knows how the rules are kept.

use std::collections::HashMap;

use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use chrono_tz::Tz;
use waha_simulator::{Delivered, WrittenBy};

use super::life::Seen;

/// A breach of a rule, in words that begin with the rule's name.
pub(super) type Breach = String;

/// What may pass between the commit, for which the rules were asked, and the guest's phone.
const ON_THE_WAY: TimeDelta = TimeDelta::seconds(5);

const HOUR: TimeDelta = TimeDelta::hours(1);
const DAY: TimeDelta = TimeDelta::days(1);

/// Every breach of every rule, with the limits that a new installation has.
pub(super) fn breaches(seen: &Seen) -> Vec<Breach> {
    let phones = Phones::new(seen);
    [
        phones.gaps(),
        phones.budget("HourLimit", HOUR, 10, 30),
        phones.budget("DayLimit", DAY, 60, 120),
        phones.nights(),
        phones.pauses(),
        phones.contacts(),
        phones.twice(),
    ]
    .concat()
}

struct Phones<'a> {
    seen: &'a Seen,
    news: Vec<&'a Delivered>,
    replies: Vec<&'a Delivered>,
    by_hand: Vec<&'a Delivered>,
}

fn within(messages: &[&Delivered], after: DateTime<Utc>, until: DateTime<Utc>) -> usize {
    let inside = |message: &&&Delivered| message.at > after && message.at <= until;
    messages.iter().filter(inside).count()
}

fn is_news(message: &Delivered) -> bool {
    message.text.starts_with("Notizia")
}

impl<'a> Phones<'a> {
    fn new(seen: &'a Seen) -> Self {
        let (by_waha, by_hand): (Vec<_>, Vec<_>) = seen
            .delivered
            .iter()
            .partition(|message| message.written_by == WrittenBy::Waha);
        let (news, replies) = by_waha.into_iter().partition(|message| is_news(message));
        Self {
            seen,
            news,
            replies,
            by_hand,
        }
    }

    fn sent(&self) -> impl Iterator<Item = &'a Delivered> {
        let sent = |message: &&Delivered| message.written_by == WrittenBy::Waha;
        self.seen.delivered.iter().filter(sent)
    }

    fn gaps(&self) -> Vec<Breach> {
        let pairs = self.sent().zip(self.sent().skip(1));
        let too_close = pairs.filter(|(earlier, later)| {
            let least = match (is_news(earlier), is_news(later)) {
                (true, true) => 60,
                (false, true) => 20,
                (_, false) => 3,
            };
            later.at - earlier.at < TimeDelta::seconds(least)
        });
        too_close
            .map(|(earlier, later)| format!("Gap: {} then {}", earlier.at, later.at))
            .collect()
    }

    /// Rolling windows. Beside replies and hand-typed messages the news has less, at most by half; a new number has half.
    fn budget(&self, rule: &str, window: TimeDelta, news: usize, replies: usize) -> Vec<Breach> {
        let mut found = Vec::new();
        for message in &self.news {
            let at = message.at;
            let whole = if at < self.seen.begins + TimeDelta::days(7) {
                news / 2
            } else {
                news
            };
            // WhatsApp tells whole seconds, and by a clock of its own.
            let since = at - window + TimeDelta::seconds(2) + self.seen.clock_off;
            let personal = within(&self.replies, since, at - ON_THE_WAY)
                + within(&self.by_hand, since, at - ON_THE_WAY);
            let limit = whole - personal.min(whole / 2);
            let sent = within(&self.news, at - window, at);
            if sent > limit {
                found.push(format!("{rule}: {sent} of {limit} at {at}"));
            }
        }
        for message in &self.replies {
            let sent = within(&self.replies, message.at - window, message.at);
            if sent > replies {
                found.push(format!("{rule}: {sent} replies at {}", message.at));
            }
        }
        found
    }

    fn nights(&self) -> Vec<Breach> {
        let night = |message: &&&Delivered| {
            let early = is_night(message.at - ON_THE_WAY - self.seen.clock_off);
            early && is_night(message.at + self.seen.clock_off)
        };
        let news = self.news.iter().filter(night).map(|message| message.at);
        let stale = self.replies.iter().filter(night).filter(|message| {
            let written = self
                .seen
                .replied
                .iter()
                .find(|(text, _)| *text == message.text);
            let limit = TimeDelta::minutes(15) + self.seen.clock_off + ON_THE_WAY;
            written.is_none_or(|(_, at)| message.at - *at > limit)
        });
        news.chain(stale.map(|message| message.at))
            .map(|at| format!("QuietHours: {at}"))
            .collect()
    }

    fn pauses(&self) -> Vec<Breach> {
        let paused = |message: &&Delivered| {
            let mut pauses = self.seen.paused.iter();
            pauses.any(|(from, to)| message.at > *from && message.at < *to)
        };
        self.sent()
            .filter(paused)
            .map(|message| format!("Paused: {}", message.at))
            .collect()
    }

    fn twice(&self) -> Vec<Breach> {
        let mut texts: HashMap<(&str, &str), usize> = HashMap::new();
        for message in self.sent() {
            *texts.entry((&message.number, &message.text)).or_default() += 1;
        }
        texts
            .into_iter()
            .filter(|(_, count)| *count > 1)
            .map(|((_, text), count)| format!("Twice: {text} × {count}"))
            .collect()
    }

    fn contacts(&self) -> Vec<Breach> {
        let mut by_number: HashMap<&str, Vec<&Delivered>> = HashMap::new();
        for message in self.sent() {
            by_number.entry(&message.number).or_default().push(message);
        }
        by_number
            .into_values()
            .flat_map(|messages| self.contact(&messages))
            .collect()
    }

    fn contact(&self, messages: &[&Delivered]) -> Vec<Breach> {
        let mut found = Vec::new();
        for (index, message) in messages.iter().enumerate() {
            let earlier = &messages[..index];
            let last_in = self.last_in(&message.number, message.at);
            found.extend(consent(message, last_in));
            found.extend(cool_down(message, earlier, last_in));
            found.extend(unanswered(message, earlier, last_in));
            found.extend(contact_hour(message, earlier));
            found.extend(self.hand_typed(message));
        }
        found.extend(order(messages));
        found
    }

    fn last_in(&self, number: &str, before: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let wrote = self.seen.wrote.iter();
        wrote
            .filter(|(who, at)| who == number && *at < before)
            .map(|(_, at)| *at)
            .max()
    }

    fn hand_typed(&self, message: &Delivered) -> Option<Breach> {
        let half_hour = TimeDelta::minutes(30) - self.seen.clock_off;
        let held = self.by_hand.iter().any(|hand| {
            let ago = message.at - hand.at;
            hand.number == message.number && ago > ON_THE_WAY && ago < half_hour
        });
        (held && is_news(message)).then(|| format!("HandTyped: {}", message.at))
    }
}

fn is_night(at: DateTime<Utc>) -> bool {
    let local = at.with_timezone(&Tz::Europe__Rome).time();
    let time = |hour| NaiveTime::from_hms_opt(hour, 0, 0).expect("an hour");
    local >= time(21) || local < time(9)
}

fn consent(message: &Delivered, last_in: Option<DateTime<Utc>>) -> Option<Breach> {
    last_in
        .is_none()
        .then(|| format!("Consent: at {}", message.at))
}

fn cool_down(
    message: &Delivered,
    earlier: &[&Delivered],
    last_in: Option<DateTime<Utc>>,
) -> Option<Breach> {
    let last = earlier.last()?.at;
    let wrote_since = last_in.is_some_and(|at| at > last);
    (is_news(message) && message.at - last < HOUR && !wrote_since)
        .then(|| format!("CoolDown: {last} then {}", message.at))
}

fn unanswered(
    message: &Delivered,
    earlier: &[&Delivered],
    last_in: Option<DateTime<Utc>>,
) -> Option<Breach> {
    let since = earlier.iter().filter(|sent| {
        let within = message.at - sent.at < TimeDelta::days(14);
        within && last_in.is_none_or(|at| sent.at > at)
    });
    let (count, limit) = (since.count(), if is_news(message) { 2 } else { 4 });
    (count >= limit).then(|| format!("Unanswered: {count} before {}", message.at))
}

fn contact_hour(message: &Delivered, earlier: &[&Delivered]) -> Option<Breach> {
    let count = within(earlier, message.at - HOUR, message.at) + 1;
    let limit = if is_news(message) { 4 } else { 12 };
    (count > limit).then(|| format!("ContactHour: {count} at {}", message.at))
}

fn order(messages: &[&Delivered]) -> Vec<Breach> {
    let news: Vec<_> = messages.iter().filter(|m| is_news(m)).collect();
    let pairs = news.windows(2);
    let overtaken = pairs.filter(|pair| pair[0].text[..13] > pair[1].text[..13]);
    overtaken
        .map(|pair| {
            let [first, second] = [pair[0], pair[1]].map(|m| (&m.text[..13], m.at));
            format!("Order: {first:?} before {second:?}")
        })
        .collect()
}
