//! `PASSKEY_EXTENSION_ID`: the browser extension that signs for the page (WAHA §3).

use std::fmt;
use std::str::FromStr;

/// The id of an extension of Chromium browsers. Firefox needs none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PasskeyExtension(String);

/// Not an id of an extension.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "PASSKEY_EXTENSION_ID is the 32 letters, a to p, at the end of the extension's address in the Chrome Web Store"
)]
pub struct BadExtension;

impl PasskeyExtension {
    /// WAHA's public "WhatsApp Browser Extension".
    pub const PUBLIC: &'static str = "ghpdcgnjffaaekflfpcgkgpbafmjldcp";

    /// Its address in the store of Chromium browsers.
    pub fn store_address(&self) -> String {
        format!("https://chromewebstore.google.com/detail/{self}")
    }
}

impl Default for PasskeyExtension {
    fn default() -> Self {
        Self(Self::PUBLIC.to_owned())
    }
}

impl FromStr for PasskeyExtension {
    type Err = BadExtension;

    fn from_str(text: &str) -> Result<Self, BadExtension> {
        let is_id = text.len() == 32 && text.bytes().all(|letter| matches!(letter, b'a'..=b'p'));
        is_id.then(|| Self(text.to_owned())).ok_or(BadExtension)
    }
}

impl fmt::Display for PasskeyExtension {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[test]
    fn the_public_extension_is_the_default() {
        let public = PasskeyExtension::PUBLIC.parse();
        assert_eq!(public, Ok(PasskeyExtension::default()));
        let address = PasskeyExtension::default().store_address();
        assert!(address.ends_with("/ghpdcgnjffaaekflfpcgkgpbafmjldcp"));
    }

    #[rstest]
    #[case("")]
    #[case("ghpdcgnjffaaekflfpcgkgpbafmjldc")]
    #[case("ghpdcgnjffaaekflfpcgkgpbafmjldcz")]
    #[case("https://chromewebstore.google.com")]
    fn another_text_is_refused(#[case] text: &str) {
        assert_eq!(text.parse::<PasskeyExtension>(), Err(BadExtension));
    }
}
