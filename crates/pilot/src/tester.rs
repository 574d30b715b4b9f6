//! The person with the phones, as the run sees them.

/// Something to be done on a phone. Phones are named by the session that they are linked to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Task<'a> {
    /// Link the phone: scan this QR code. A login: never keep it.
    Scan {
        /// Which phone.
        phone: &'a str,
        /// The text of the QR code.
        qr: &'a str,
    },
    /// Linking needs a step on the couple's page, such as a passkey.
    LinkOnPage {
        /// Which phone.
        phone: &'a str,
    },
    /// The session needs something that neither the pilot nor the phone can do, or that the person should know.
    Advice {
        /// Which phone.
        phone: &'a str,
        /// What, in the API's words.
        advice: &'a str,
    },
    /// Open this link on the phone and send the message that it prefills.
    OpenInvitation {
        /// Which phone.
        phone: &'a str,
        /// A `wa.me` link. It holds an invitation's code.
        link: &'a str,
    },
    /// Write any word to the other phone.
    WriteToOther {
        /// Which phone.
        phone: &'a str,
    },
    /// Switch the phone off.
    SwitchOff {
        /// Which phone.
        phone: &'a str,
    },
    /// Switch the phone on.
    SwitchOn {
        /// Which phone.
        phone: &'a str,
    },
    /// Remove the linked device on the phone.
    Unlink {
        /// Which phone.
        phone: &'a str,
    },
}

/// Something that only the person can see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Question<'a> {
    /// Is that message of the run on that phone, exactly once?
    ArrivedOnce {
        /// Which phone.
        phone: &'a str,
        /// How the message ends: fixed words of the pilot.
        text: &'a str,
    },
    /// Is that phone switched off?
    IsOff {
        /// Which phone.
        phone: &'a str,
    },
    /// Was the last [`Task::Advice`] followed? The pilot presses *Link again* then.
    IsDone {
        /// Which phone.
        phone: &'a str,
    },
    /// A known defect of WAHA may make later steps fail: go on with it all the same?
    GoesOn {
        /// Which phone.
        phone: &'a str,
    },
}

/// The person with the phones.
pub trait Tester {
    /// Tells what to do. Does not wait: the run sees by the API when it was done.
    fn show(&mut self, task: &Task<'_>);

    /// Asks, and waits for the answer.
    fn confirms(&mut self, question: Question<'_>) -> impl Future<Output = bool>;

    /// Tells that a step begins, or what came of it.
    fn note(&mut self, line: &str);
}
