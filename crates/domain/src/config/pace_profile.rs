//! Production or simulated: the one explicit difference between `make run` and the real thing.

use crate::{
    config::{GlobalConfig, Pacing},
    release::ReleaseRules,
};

text_enum! {
    /// Which pace the worker keeps.
    pub enum PaceProfile("pace profile") {
        /// What the couple configured.
        Production = "production",
        /// For simulated WAHAs only: no quiet hours; gaps, cool-downs and windows 600 times shorter, typing 10 times faster.
        Simulated = "simulated",
    }
}

/// How many times shorter the waits of the simulated profile are.
const SHORTER: u32 = 600;
/// How many times faster the simulated profile types.
const FASTER: u64 = 10;

impl PaceProfile {
    /// The rules of release under this profile.
    pub fn rules(self, config: &GlobalConfig) -> ReleaseRules {
        let rules = ReleaseRules::from_config(config);
        match self {
            Self::Production => rules,
            Self::Simulated => rules.shorter(SHORTER),
        }
    }

    /// The pacing under this profile.
    pub fn pacing(self, config: &GlobalConfig) -> Pacing {
        match self {
            Self::Production => config.pacing.clone(),
            Self::Simulated => config.pacing.faster(FASTER),
        }
    }

    /// One sentence that says what is different, for the log and the terminal.
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Production => "pace profile: production, as configured",
            Self::Simulated => {
                "pace profile: simulated (quiet hours off; gaps, cool-downs and windows 600 times shorter; typing 10 times faster)"
            }
        }
    }
}
