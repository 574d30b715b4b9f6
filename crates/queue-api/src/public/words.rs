//! What the letter says, in the guests' language. The couple speaks, to one guest or to a household alike.

use domain::config::Language;

/// The texts of the letter.
pub(super) struct Words {
    /// Instead of the names, while the couple has not written them.
    pub(super) wedding: &'static str,
    /// On the button.
    pub(super) button: &'static str,
    /// Below it.
    pub(super) hint: &'static str,
    /// Instead of both, while there is nobody to write to.
    pub(super) later: &'static str,
}

pub(super) const fn words(language: Language) -> &'static Words {
    match language {
        Language::Italian => &ITALIAN,
        Language::English => &ENGLISH,
    }
}

const ITALIAN: Words = Words {
    wedding: "Il nostro matrimonio",
    button: "Contatta su WhatsApp",
    hint: "Il messaggio è già scritto: basta inviarlo.",
    later: "Da qui potrete scriverci su WhatsApp, ma non siamo ancora pronti. Riprovate più tardi!",
};

const ENGLISH: Words = Words {
    wedding: "Our wedding",
    button: "Write on WhatsApp",
    hint: "The message is already written: just send it.",
    later: "You will be able to write to us on WhatsApp from here, but we are not ready yet. Please come back later!",
};

/// A sentence for whoever comes without an invitation: nobody knows their language.
pub(super) struct Notice {
    pub(super) italian: &'static str,
    pub(super) english: &'static str,
}

pub(super) const UNKNOWN: Notice = Notice {
    italian: "Questo invito non c’è o non vale più. Controllate il link, o chiedete a chi ve l’ha mandato.",
    english: "This invitation does not exist or is no longer valid. Check the link, or ask whoever sent it to you.",
};

pub(super) const TOO_MANY: Notice = Notice {
    italian: "Troppe richieste in poco tempo. Aspettate qualche secondo e riprovate.",
    english: "Too many requests in a short time. Wait a few seconds and try again.",
};

pub(super) const FAILED: Notice = Notice {
    italian: "Qualcosa non funziona da parte nostra. Riprovate tra qualche minuto.",
    english: "Something is not working on our side. Please try again in a few minutes.",
};
