//! The passkey that WhatsApp asks of some accounts after the scan (WAHA §3): challenge, answer, and a code to compare.

use std::sync::Arc;
use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};

use super::SYNC;
use crate::ids;
use crate::profile::Engine;
use crate::waha::Waha;
use crate::world::session::{PendingPasskey, Status};

/// How WhatsApp asks for a passkey, from the next scan on.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct PasskeyDemand {
    /// The domain that the passkey belongs to; a real account's is `web.whatsapp.com`.
    pub rp_id: String,
    /// The ids of the passkeys that may sign, base64url. Empty allows every passkey of the domain.
    pub credentials: Vec<String>,
    /// How long a challenge lives, in milliseconds; not scaled.
    pub timeout_ms: u32,
    /// The code to compare after the answer. None connects at once.
    pub code: Option<String>,
    /// What WhatsApp does with an answer that fits.
    pub verdict: PasskeyVerdict,
}

/// What WhatsApp does with an answer that fits the challenge.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PasskeyVerdict {
    /// Accepts it.
    #[default]
    Accept,
    /// Refuses it, and sends another challenge.
    Refuse,
    /// Accepts it, and never goes on (#2227).
    Stuck,
}

impl Default for PasskeyDemand {
    /// As documented: a minute, one passkey, no code.
    fn default() -> Self {
        Self {
            rp_id: "web.whatsapp.com".to_owned(),
            credentials: vec!["AX8bTgH2c2ltdWxhdGVk".to_owned()],
            timeout_ms: 60_000,
            code: None,
            verdict: PasskeyVerdict::Accept,
        }
    }
}

/// Why a step of the passkey is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PasskeyMisstep {
    /// Nothing is pending, or this step was made before.
    NothingPending,
    /// The answer belongs to another challenge.
    OtherChallenge,
    /// WhatsApp does not accept the answer.
    Refused,
}

impl Waha {
    /// Asks for a passkey instead of linking, where one is demanded. An engine that cannot do it stays as it is (#2138).
    pub(super) fn ask_for_passkey(self: &Arc<Self>, name: &str) -> bool {
        if !self.world().passkey_demands.contains_key(name) {
            return false;
        }
        if self.profile().engine() == Engine::Gows {
            let run = self.change(name, |session| {
                session.qr = None;
                session.code_asked = None;
                session.run += 1;
                session.run
            });
            self.send_challenge(name, run.unwrap_or_default());
        }
        true
    }

    /// A new challenge, and after its time another one.
    fn send_challenge(self: &Arc<Self>, name: &str, run: u64) {
        let Some(demand) = self.world().passkey_demands.get(name).cloned() else {
            return;
        };
        let challenge = self.roll(ids::passkey_challenge);
        let options = options(&demand, &challenge);
        let pending = PendingPasskey {
            challenge: challenge.clone(),
            options: options.clone(),
            ..PendingPasskey::default()
        };
        self.change(name, |session| session.passkey = Some(pending));
        self.set_status_with(name, Status::PasskeyRequired, &options);
        self.in_this_life(name, |waha, name| async move {
            tokio::time::sleep(Duration::from_millis(demand.timeout_ms.into())).await;
            if waha.is_run(&name, run) && waha.is_pending(&name, &challenge) {
                waha.send_challenge(&name, run);
            }
        });
    }

    fn is_pending(&self, name: &str, challenge: &str) -> bool {
        self.look(name, |session| {
            let pending = session.passkey.as_ref();
            session.status == Status::PasskeyRequired
                && pending.is_some_and(|pending| pending.challenge == challenge)
        }) == Some(true)
    }

    /// WhatsApp gets an answer that was signed for `challenge`.
    pub(crate) fn answer_passkey(
        self: &Arc<Self>,
        name: &str,
        challenge: &str,
    ) -> Result<(), PasskeyMisstep> {
        let run = self.look(name, |session| session.run);
        let demand = self.world().passkey_demands.get(name).cloned();
        let (run, demand) = run.zip(demand).ok_or(PasskeyMisstep::NothingPending)?;
        self.take_answer(name, challenge)?;
        self.judge_answer(name, run, demand)
    }

    fn take_answer(&self, name: &str, challenge: &str) -> Result<(), PasskeyMisstep> {
        self.change(name, |session| match &mut session.passkey {
            Some(pending) if pending.challenge != challenge => Err(PasskeyMisstep::OtherChallenge),
            Some(pending) if !pending.answered => {
                pending.answered = true;
                Ok(())
            }
            _ => Err(PasskeyMisstep::NothingPending),
        })
        .unwrap_or(Err(PasskeyMisstep::NothingPending))
    }

    fn judge_answer(
        self: &Arc<Self>,
        name: &str,
        run: u64,
        demand: PasskeyDemand,
    ) -> Result<(), PasskeyMisstep> {
        match demand.verdict {
            PasskeyVerdict::Stuck => {}
            PasskeyVerdict::Refuse => {
                self.send_challenge(name, run);
                return Err(PasskeyMisstep::Refused);
            }
            PasskeyVerdict::Accept => match demand.code {
                None => self.link(name),
                Some(code) => self.in_this_life(name, |waha, name| async move {
                    waha.wait(SYNC).await;
                    if waha.is_run(&name, run) {
                        waha.ask_to_compare(&name, code);
                    }
                }),
            },
        }
        Ok(())
    }

    fn ask_to_compare(self: &Arc<Self>, name: &str, code: String) {
        let data = json!({"code": code});
        self.change(name, |session| {
            if let Some(pending) = &mut session.passkey {
                pending.code = Some(code);
            }
        });
        self.set_status_with(name, Status::PasskeyConfirmationRequired, &data);
    }

    /// The codes are the same, says the caller.
    pub(crate) fn confirm_passkey(self: &Arc<Self>, name: &str) -> Result<(), PasskeyMisstep> {
        let confirm =
            |pending: &mut PendingPasskey| !std::mem::replace(&mut pending.confirmed, true);
        let is_first = self.change(name, |session| session.passkey.as_mut().map(confirm));
        if is_first.flatten() != Some(true) {
            return Err(PasskeyMisstep::NothingPending);
        }
        self.link(name);
        Ok(())
    }
}

fn options(demand: &PasskeyDemand, challenge: &str) -> Value {
    let allowed =
        |id: &String| json!({"id": id, "type": "public-key", "transports": ["internal", "hybrid"]});
    json!({
        "challenge": challenge,
        "timeout": demand.timeout_ms,
        "rpId": demand.rp_id,
        "allowCredentials": demand.credentials.iter().map(allowed).collect::<Value>(),
        "userVerification": "required",
    })
}
