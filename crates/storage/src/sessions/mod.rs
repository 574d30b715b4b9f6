//! Sessions as people see and steer them. Leases are in `leases`, what WAHA tells of a session in `facts`.

mod attempts;
mod attention;
mod passkey;
mod receipts;
mod restored;
mod session_row;
mod steering;
mod undelivered;

pub use attempts::OpenAttempt;
pub use attention::Attention;
pub use passkey::PasskeyStep;
pub use session_row::SessionRow;
pub use steering::{OLD_BACKLOG, OPERATION, PauseOutcome, RESTORED_BACKUP, needs_a_look};
pub use undelivered::Undelivered;
