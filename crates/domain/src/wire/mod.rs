//! The JSON that two of our services exchange: between worker and integration, and from integration to queue-api.
//! Not WAHA's shapes (crate `waha`) and not the public API (crate `queue-api`).

mod composing;
mod facts;
mod sessions;

pub use composing::{
    AttemptState, AttemptView, CancelRequest, ComposeLine, ComposeRequest, CompositionEnd,
    FenceReply, FenceRequest, Phase, ReadChatRequest, ReadChatsRequest, ReadReply, SendReply,
    SendRequest,
};
pub use facts::{AckFact, Fact, FactReport, MessageKind, ObservedMessage, OutcomeFact};
pub use sessions::{
    CappingSeen, LinkReply, LinkRequest, OwnAccount, PairingCodeReply, PairingCodeRequest,
    PasskeyAnswerRequest, PasskeyChallenge, PasskeyConfirmRequest, PasskeyConfirmation,
    PasskeyReply, QrReply, Restriction, SessionView,
};
