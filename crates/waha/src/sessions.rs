//! The life of the session: read it, configure it, start and stop it (WAHA §2).
//!
//! WAHA locks each session: two operations at once make the second wait 5 s and then fail. So
//! callers do one at a time.

use serde_json::{Value, json};

use crate::cleaning::cleaned;
use crate::client::{Call, SESSION_OPERATION, Waha};
use crate::error::WahaError;
use crate::route::Route;
use crate::session_config::SessionConfig;
use crate::session_info::{MessageCapping, SessionInfo, Timelock};

impl Waha {
    /// The session, or `None` when this WAHA has none of that name.
    ///
    /// Free versions before 2026.6.1 know only `default` and refuse another name. That is `None` too;
    /// [`Waha::create`] then says [`WahaError::OnlyDefaultSession`].
    pub async fn session(&self) -> Result<Option<SessionInfo>, WahaError> {
        match self.read(Call::get(self.session_route())).await {
            Ok(info) => Ok(Some(info)),
            Err(
                WahaError::SessionMissing | WahaError::NotFound | WahaError::OnlyDefaultSession,
            ) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Creates the session. `start: false` makes *no session at all* on free versions before 2026.6.1
    /// (they answer 201 all the same). An existing session, STOPPED included, is refused with 422.
    pub async fn create(&self, config: &SessionConfig, start: bool) -> Result<(), WahaError> {
        let body = json!({"name": self.session_name(), "start": start, "config": config});
        self.tell(Call::post(Route::new("/api/sessions"), &body))
            .await
    }

    /// Replaces the whole configuration. A running session is restarted by it; what it keeps is
    /// what [`Waha::session`] shows next.
    pub async fn put_config(&self, config: &SessionConfig) -> Result<(), WahaError> {
        let call = Call::put(self.session_route(), &json!({"config": config}));
        self.tell(call.within(SESSION_OPERATION)).await
    }

    /// Starts the session with the configuration it has. One that runs already, or has FAILED, is
    /// left as it is: from FAILED only a restart or a logout leads out.
    pub async fn start(&self) -> Result<(), WahaError> {
        match self
            .tell(Call::command(self.session_route().part("start")))
            .await
        {
            Err(WahaError::Rejected {
                status: 422,
                message,
            }) if message.ends_with("is already started.") => Ok(()),
            other => other,
        }
    }

    /// Stops the session and keeps its login. About 3 s; harmless when it is stopped.
    pub async fn stop(&self) -> Result<(), WahaError> {
        self.operate("stop").await
    }

    /// Stops and starts the session. About 3 s.
    pub async fn restart(&self) -> Result<(), WahaError> {
        self.operate("restart").await
    }

    /// Unlinks the device. A running session then shows a new QR. About 4 s.
    pub async fn logout(&self) -> Result<(), WahaError> {
        self.operate("logout").await
    }

    /// Whether the account may write to new people, as WhatsApp says now. `None`: nothing was ever said. An error where the version or
    /// engine cannot tell (before 2026.8.1).
    pub async fn timelock(&self) -> Result<Option<Timelock>, WahaError> {
        self.restriction("timelock", Timelock::find).await
    }

    /// How many messages WhatsApp lets the account send. `None`: nothing was ever said. An error where the version or engine cannot tell
    /// (before 2026.8.1, and elsewhere than on GOWS).
    pub async fn capping(&self) -> Result<Option<MessageCapping>, WahaError> {
        self.restriction("capping", MessageCapping::find).await
    }

    async fn restriction<T>(
        &self,
        route: &str,
        find: impl Fn(&Value) -> Option<T>,
    ) -> Result<Option<T>, WahaError> {
        let call = Call::get(self.session_route().part(route));
        let body = self.make(call).await.map_err(WahaError::from)?;
        if body.is_empty() {
            return Ok(None);
        }
        let answer: Value =
            serde_json::from_slice(&cleaned(&body)).map_err(|_| WahaError::Unreadable)?;
        let found = find(&answer);
        let says_nothing = answer.is_null()
            || answer
                .as_object()
                .is_some_and(|fields| fields.values().all(Value::is_null));
        match found {
            None if !says_nothing => Err(WahaError::Unreadable),
            found => Ok(found),
        }
    }

    async fn operate(&self, verb: &str) -> Result<(), WahaError> {
        self.tell(Call::command(self.session_route().part(verb)).within(SESSION_OPERATION))
            .await
    }

    fn session_route(&self) -> Route {
        Route::of_session(self.session_name())
    }
}
