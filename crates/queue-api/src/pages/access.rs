//! Who may see a page (design §9).

use storage::AccountRow;

/// Who may see a page, or send its form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Whoever comes: signing in, and what a browser needs to show that.
    Anyone,
    /// Whoever is signed in.
    SignedIn,
    /// Whoever may read what is written: the couple, and an operator whom a spouse lets.
    Texts,
    /// The couple only.
    Couple,
}

impl Access {
    /// Whether it lets that account through.
    pub(super) fn admits(self, account: Option<&AccountRow>) -> bool {
        match self {
            Self::Anyone => true,
            Self::SignedIn => account.is_some(),
            Self::Texts => account.is_some_and(AccountRow::reads_texts),
            Self::Couple => account.is_some_and(|account| account.session().is_some()),
        }
    }
}
