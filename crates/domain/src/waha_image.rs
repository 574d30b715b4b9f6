//! Which image of WAHA a session with an unsuitable server moves to.

use crate::waha_capabilities::Capability;
use crate::waha_server::ServerVersion;

/// The release that this revision is made for; `docker-compose.yml` names it too.
pub const RELEASE: &str = "2026.10.1";

/// The image that a server moves to, such as `devlikeapro/waha:gows-2026.10.1`. `server` is its release and engine, such as
/// `2026.8.1 GOWS`. The engine stays the same: each engine keeps a login of its own (WAHA §0.1).
pub fn instead_of(server: Option<&str>) -> String {
    let engine = server.and_then(|server| server.split_whitespace().nth(1));
    let tag = match engine {
        Some("NOWEB") => "noweb",
        Some("WEBJS" | "WPP") => "chrome",
        _ => "gows",
    };
    format!("devlikeapro/waha:{tag}-{RELEASE}")
}

/// The image that links an account which WhatsApp asks for a passkey.
pub fn with_passkey() -> String {
    instead_of(None)
}

/// Whether a server, such as `2026.4.1 NOWEB`, is one that cannot link such an account. A server that is not known may be able to.
pub fn lacks_passkey(server: &str) -> bool {
    ServerVersion::parse(server).is_some_and(|server| !server.can(Capability::Passkey))
}
