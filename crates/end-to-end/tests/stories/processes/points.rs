//! The points of a send at which somebody dies, in the order of a message's life, and how a test holds them.

use waha_simulator::{Gate, Simulator, Step};

use super::{
    gates::{Place, WireGate},
    system::System,
};

/// A point of a send.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Point {
    ChatRead,
    Online,
    Typing,
    TypingStopped,
    ReadyBeforeCommit,
    CommittedBeforeCall,
    SendBeforeAccept,
    SendAfterAccept,
    AnswerHeld,
}

impl Point {
    pub(crate) const ALL: [Self; 9] = [
        Self::ChatRead,
        Self::Online,
        Self::Typing,
        Self::TypingStopped,
        Self::ReadyBeforeCommit,
        Self::CommittedBeforeCall,
        Self::SendBeforeAccept,
        Self::SendAfterAccept,
        Self::AnswerHeld,
    ];

    /// Where the row is at this point: which shows that the test stands where it believes to.
    pub(crate) const fn row_is(self) -> &'static [&'static str] {
        match self {
            Self::ChatRead
            | Self::Online
            | Self::Typing
            | Self::TypingStopped
            | Self::ReadyBeforeCommit => &["composing"],
            Self::CommittedBeforeCall | Self::SendBeforeAccept | Self::SendAfterAccept => {
                &["sending"]
            }
            // the integration tells queue-api too, which may have been quicker
            Self::AnswerHeld => &["sending", "sent"],
        }
    }

    /// Holds the next send of `system` here.
    pub(crate) fn hold(self, system: &System) -> Held {
        match self {
            Self::ChatRead => Held::Chat(system.gates.place(Place::ReadChat), system.waha.clone()),
            Self::Online => Held::Waha(system.waha.gate(Step::Online)),
            Self::Typing => Held::Waha(system.waha.gate(Step::Typing)),
            Self::TypingStopped => Held::Waha(system.waha.gate(Step::TypingStopped)),
            Self::ReadyBeforeCommit => Held::Wire(system.gates.place(Place::ReadyLine)),
            Self::CommittedBeforeCall => Held::Wire(system.gates.place(Place::SendRequest)),
            Self::SendBeforeAccept => Held::Waha(system.waha.gate(Step::SendBeforeAccept)),
            Self::SendAfterAccept => Held::Waha(system.waha.gate(Step::SendAfterAccept)),
            Self::AnswerHeld => Held::Wire(system.gates.place(Place::SendAnswer)),
        }
    }
}

/// A gate, wherever it stands.
pub(crate) enum Held {
    Waha(Gate),
    Wire(WireGate),
    /// WAHA's gate for reading, placed when this chat is about to be read: all chats are read at the start too.
    Chat(WireGate, Simulator),
}

impl Held {
    pub(crate) async fn reached(&mut self) {
        match self {
            Self::Waha(gate) => gate.reached().await,
            Self::Wire(gate) => gate.reached().await,
            Self::Chat(about_to, waha) => {
                about_to.reached().await;
                let reading = waha.gate(Step::MessagesRead);
                about_to.release();
                reading.reached().await;
                *self = Self::Waha(reading);
            }
        }
    }

    pub(crate) fn release(&self) {
        match self {
            Self::Waha(gate) => gate.release(),
            Self::Wire(gate) | Self::Chat(gate, _) => gate.release(),
        }
    }
}
