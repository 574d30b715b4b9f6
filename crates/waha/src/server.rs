//! The server itself: is it up, which version, which engine (WAHA §1.5).

use domain::waha_server::{Engine, ServerVersion, Version};
use serde::Deserialize;

use crate::client::{Call, Waha};
use crate::error::WahaError;
use crate::route::Route;

#[derive(Deserialize)]
struct WireVersion {
    version: String,
    engine: Engine,
}

impl Waha {
    /// Which server this is. Needs the right key.
    pub async fn version(&self) -> Result<ServerVersion, WahaError> {
        let wire: WireVersion = self
            .read(Call::get(Route::new("/api/server/version")))
            .await?;
        Ok(ServerVersion {
            version: Version::parse(&wire.version).ok_or(WahaError::Unreadable)?,
            engine: wire.engine,
        })
    }

    /// Whether the server's process answers. No key is needed, and none is proved right.
    pub async fn ping(&self) -> Result<(), WahaError> {
        self.tell(Call::get(Route::new("/ping"))).await
    }
}
