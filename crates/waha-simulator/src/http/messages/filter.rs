//! What a read of messages asks for: page, order and filters, checked in WAHA's words (recordings E of 2026.4.1).

use std::collections::BTreeMap;

use super::super::refusal::Refusal;
use crate::world::message::{Message, ack_name};

const ACKS: &str = "ERROR, PENDING, SERVER, DEVICE, READ, PLAYED";

/// What a caller asked for; newest first unless said otherwise.
pub(super) struct Filter {
    /// Negative is no limit.
    limit: i64,
    offset: usize,
    from_me: Option<bool>,
    ack: Option<String>,
    /// Seconds, inclusive.
    not_before: Option<f64>,
    not_after: Option<f64>,
    ascending: bool,
}

impl Filter {
    pub(super) fn of(query: &BTreeMap<String, String>) -> Result<Self, Refusal> {
        let mut faults = Vec::new();
        let mut number = |name: &str| {
            let text = query.get(name)?;
            let number = text.parse::<f64>().ok();
            if number.is_none() {
                faults.push(format!(
                    "{name} must be a number conforming to the specified constraints"
                ));
            }
            number
        };
        let (limit, offset) = (number("limit"), number("offset"));
        let (gte, lte) = (
            number("filter.timestamp.gte"),
            number("filter.timestamp.lte"),
        );
        let ack = query.get("filter.ack").cloned();
        if ack
            .as_ref()
            .is_some_and(|ack| !ACKS.split(", ").any(|name| name == ack))
        {
            faults.push(format!(
                "filter.ack must be one of the following values: {ACKS}"
            ));
        }
        let sort_by = query.get("sortBy").map_or("timestamp", String::as_str);
        if !["timestamp", "messageTimestamp"].contains(&sort_by) {
            faults.push(
                "sortBy must be one of the following values: timestamp, messageTimestamp"
                    .to_owned(),
            );
        }
        if !faults.is_empty() {
            return Err(Refusal::Invalid(faults));
        }
        #[expect(
            clippy::cast_possible_truncation,
            reason = "a page is small; what is larger means everything"
        )]
        let whole = |number: f64| number as i64;
        Ok(Self {
            limit: limit.map_or(10, whole),
            offset: offset.map_or(0, |number| {
                usize::try_from(whole(number)).unwrap_or_default()
            }),
            from_me: query.get("filter.fromMe").map(|text| text == "true"),
            ack,
            not_before: gte,
            not_after: lte,
            ascending: query.get("sortOrder").map(String::as_str) == Some("asc"),
        })
    }

    pub(super) fn page<'a>(&self, mut messages: Vec<&'a Message>) -> Vec<&'a Message> {
        messages.retain(|message| self.fits(message));
        // of one second, the later written one is the newer
        messages.sort_by_key(|message| message.shown_at);
        if !self.ascending {
            messages.reverse();
        }
        let limit = usize::try_from(self.limit).unwrap_or(usize::MAX);
        messages.into_iter().skip(self.offset).take(limit).collect()
    }

    fn fits(&self, message: &Message) -> bool {
        #[expect(
            clippy::cast_precision_loss,
            reason = "seconds of our century are exact in f64"
        )]
        let seconds = message.shown_at.timestamp() as f64;
        self.from_me
            .is_none_or(|from_me| from_me == message.is_own())
            && self
                .ack
                .as_deref()
                .is_none_or(|ack| ack == ack_name(message.ack))
            && self.not_before.is_none_or(|time| seconds >= time)
            && self.not_after.is_none_or(|time| seconds <= time)
    }
}
