//! What was promised, what was measured, and whether it holds.

mod markdown;
mod table;

pub(crate) use table::table;

use crate::machine::Machine;

/// One promise on one database or in one situation.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    /// On what: a database, a service.
    pub(crate) on: String,
    /// What is promised, such as `under 2 s`.
    pub(crate) promised: &'static str,
    /// What was measured.
    pub(crate) measured: String,
    /// Whether the promise holds.
    pub(crate) holds: bool,
}

/// One measurement.
#[derive(Debug, Clone)]
pub(crate) struct Section {
    /// What is measured.
    pub(crate) title: &'static str,
    /// How, in a sentence or two.
    pub(crate) how: String,
    pub(crate) lines: Vec<Line>,
}

/// Everything measured in one run.
#[derive(Debug)]
pub(crate) struct Report {
    machine: Machine,
    sections: Vec<Section>,
}

impl Report {
    pub(crate) const fn new(machine: Machine) -> Self {
        Self {
            machine,
            sections: Vec::new(),
        }
    }

    pub(crate) fn add(&mut self, section: Section) {
        self.sections.push(section);
    }

    /// For `docs/benchmarks.md`.
    pub(crate) fn markdown(&self) -> String {
        markdown::page(&self.machine, &self.sections)
    }
}

const fn verdict(holds: bool) -> &'static str {
    if holds { "yes" } else { "NO" }
}
