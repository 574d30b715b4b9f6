//! What a campaign counts. What could have come and never did is counted too, as 0.

use std::{collections::BTreeMap, fmt};

use super::{
    round::{STATES, VICTIMS},
    trouble,
};

/// Counts by name.
type Counts = BTreeMap<&'static str, u64>;

/// How messages end.
pub(super) const ENDS: [&str; 3] = ["sent", "failed", "cancelled"];

/// The counts of one round, or of all.
pub(crate) struct Tally {
    kills: Counts,
    states: Counts,
    misbehaviours: Counts,
    ends: Counts,
    acts: Counts,
    violations: Vec<String>,
}

/// What people do: what they decide at the end, and what they interfere with before.
const ACTS: [&str; 8] = [
    "arrived",
    "cancel",
    "pause and resume",
    "resume",
    "send_again",
    "send now",
    "try again",
    "unlock",
];

impl Default for Tally {
    fn default() -> Self {
        let none = |names: &[&'static str]| names.iter().map(|name| (*name, 0)).collect();
        Self {
            kills: none(&VICTIMS),
            states: none(&STATES),
            misbehaviours: none(&trouble::KINDS),
            ends: none(&ENDS),
            acts: none(&ACTS),
            violations: Vec::new(),
        }
    }
}

fn count(counts: &mut Counts, name: &'static str) {
    *counts.entry(name).or_default() += 1;
}

impl Tally {
    pub(crate) fn kill(&mut self, service: &'static str, state: &'static str) {
        count(&mut self.kills, service);
        count(&mut self.states, state);
    }

    /// A misbehaviour happened: switched on is not enough.
    pub(crate) fn misbehaviour(&mut self, kind: &'static str) {
        count(&mut self.misbehaviours, kind);
    }

    /// A message ended in this status.
    pub(crate) fn end(&mut self, status: &str) {
        match ENDS.into_iter().find(|end| *end == status) {
            Some(end) => count(&mut self.ends, end),
            None => self.violation(format!("a message is {status} at the end")),
        }
    }

    /// A person did this.
    pub(crate) fn act(&mut self, what: &'static str) {
        count(&mut self.acts, what);
    }

    pub(crate) fn violation(&mut self, what: String) {
        self.violations.push(what);
    }

    pub(crate) fn violations(&self) -> Vec<String> {
        self.violations.clone()
    }

    pub(crate) fn kills(&self) -> u64 {
        self.kills.values().sum()
    }

    pub(crate) fn messages(&self) -> u64 {
        self.ends.values().sum()
    }

    pub(crate) fn sent(&self) -> u64 {
        self.ends["sent"]
    }

    /// Victims, states and kinds of misbehaviour that never came although a long campaign must meet them. Acts of people
    /// are left out: a campaign may need none.
    pub(crate) fn never(&self) -> Vec<&'static str> {
        let counts = [&self.kills, &self.states, &self.misbehaviours];
        let all = counts.into_iter().flatten();
        let never = all.filter(|(_, times)| **times == 0);
        never.map(|(name, _)| *name).collect()
    }

    pub(crate) fn add(&mut self, other: Self) {
        let pairs = [
            (&mut self.kills, other.kills),
            (&mut self.states, other.states),
            (&mut self.misbehaviours, other.misbehaviours),
            (&mut self.ends, other.ends),
            (&mut self.acts, other.acts),
        ];
        for (all, counts) in pairs {
            for (name, times) in counts {
                *all.entry(name).or_default() += times;
            }
        }
        self.violations.extend(other.violations);
    }

    pub(crate) fn in_one_line(&self) -> String {
        format!(
            "{} kills, messages {:?}, acts of people {:?}, {} violations",
            self.kills(),
            self.ends,
            self.acts,
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
            ("acts of people", &self.acts),
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
