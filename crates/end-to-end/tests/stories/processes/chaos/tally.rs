//! What a campaign counts.

use std::{collections::BTreeMap, fmt};

/// Counts by name.
type Counts = BTreeMap<String, u64>;

/// The counts of one round, or of all.
#[derive(Default)]
pub(super) struct Tally {
    kills: Counts,
    states: Counts,
    misbehaviours: Counts,
    ends: Counts,
    decisions: Counts,
    violations: Vec<String>,
}

fn count(counts: &mut Counts, name: &str) {
    *counts.entry(name.to_owned()).or_default() += 1;
}

impl Tally {
    pub(super) fn kill(&mut self, service: &str, state: &str) {
        count(&mut self.kills, service);
        count(&mut self.states, state);
    }

    pub(super) fn misbehaviour(&mut self, kind: &str) {
        count(&mut self.misbehaviours, kind);
    }

    /// A message ended in this status.
    pub(super) fn end(&mut self, status: &str) {
        count(&mut self.ends, status);
    }

    /// A person had to decide.
    pub(super) fn decision(&mut self, what: &str) {
        count(&mut self.decisions, what);
    }

    pub(super) fn violation(&mut self, what: String) {
        self.violations.push(what);
    }

    pub(super) fn violations(&self) -> Vec<String> {
        self.violations.clone()
    }

    pub(super) fn kills(&self) -> u64 {
        self.kills.values().sum()
    }

    pub(super) fn add(&mut self, other: Self) {
        let pairs = [
            (&mut self.kills, other.kills),
            (&mut self.states, other.states),
            (&mut self.misbehaviours, other.misbehaviours),
            (&mut self.ends, other.ends),
            (&mut self.decisions, other.decisions),
        ];
        for (all, counts) in pairs {
            for (name, times) in counts {
                *all.entry(name).or_default() += times;
            }
        }
        self.violations.extend(other.violations);
    }

    pub(super) fn in_one_line(&self) -> String {
        format!(
            "{} kills, messages {:?}, decisions {:?}, {} violations",
            self.kills(),
            self.ends,
            self.decisions,
            self.violations.len()
        )
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = [
            ("kills by service", &self.kills),
            ("kills by state of the message", &self.states),
            ("misbehaviours by kind", &self.misbehaviours),
            ("messages by end", &self.ends),
            ("decisions of a person", &self.decisions),
        ];
        for (title, counts) in parts {
            writeln!(f, "{title}: {}", counts.values().sum::<u64>())?;
            for (name, times) in counts {
                writeln!(f, "  {times:>6}  {name}")?;
            }
        }
        writeln!(f, "violations: {}", self.violations.len())?;
        self.violations
            .iter()
            .try_for_each(|violation| writeln!(f, "  {violation}"))
    }
}
