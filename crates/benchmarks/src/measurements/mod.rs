//! One file for each thing that is measured.

mod claim;
mod compositions;
mod crowd;
mod enqueue;
mod growth;
mod live_page;
mod memory;
mod pages;
mod pair;
mod prompt;
mod sessions;

use clap::ValueEnum;

use crate::report::Section;

/// What can be measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Measurement {
    /// A batch of 10,000 over HTTP.
    Enqueue,
    /// Claiming from a long queue and a short one.
    Claim,
    /// Every call of a way on a long history and a short one.
    Growth,
    /// From due to composing.
    Prompt,
    /// 2,000 compositions at once.
    Compositions,
    /// 200 sessions on one worker.
    Sessions,
    /// Each service a minute after its start.
    Memory,
    /// 200 open pages.
    Pages,
    /// Sign-ins, stalled bodies and open pages at once.
    Crowd,
}

impl Measurement {
    /// Those of `only`, or all, in their order.
    pub(crate) fn chosen(only: &[Self]) -> impl Iterator<Item = Self> {
        let chosen = |measurement: &&Self| only.is_empty() || only.contains(measurement);
        Self::value_variants().iter().filter(chosen).copied()
    }

    /// Its name on the command line.
    pub(crate) const fn what(self) -> &'static str {
        match self {
            Self::Enqueue => "enqueue",
            Self::Claim => "claim",
            Self::Growth => "growth",
            Self::Prompt => "prompt",
            Self::Compositions => "compositions",
            Self::Sessions => "sessions",
            Self::Memory => "memory",
            Self::Pages => "pages",
            Self::Crowd => "crowd",
        }
    }

    /// Measures it.
    pub(crate) async fn run(self) -> anyhow::Result<Section> {
        match self {
            Self::Enqueue => enqueue::measure().await,
            Self::Claim => claim::measure().await,
            Self::Growth => growth::measure().await,
            Self::Prompt => prompt::measure().await,
            Self::Compositions => compositions::measure().await,
            Self::Sessions => sessions::measure().await,
            Self::Memory => memory::measure().await,
            Self::Pages => pages::measure().await,
            Self::Crowd => crowd::measure().await,
        }
    }
}
