//! `SessionInfo`, `me` and the server's own description (WAHA §1.5, §2.3).

use serde_json::{Map, Value, json};

use crate::profile::{Engine, Profile};
use crate::world::session::{Session, Status, Timelock};

/// A session as the list shows it.
pub(crate) fn listed(profile: Profile, name: &str, session: &Session) -> Value {
    let mut info = json!({
        "name": name,
        "status": session.status.as_str(),
        "config": session.config,
        "me": me(profile, session),
        "presence": session.online.map(|online| if online { "online" } else { "offline" }),
        "timestamps": timestamps(session),
    });
    if profile.is_newest() {
        info["assignedWorker"] = json!("");
        info["apps"] = Value::Null;
    }
    info
}

/// A session as a call about it alone shows it: with the engine's own part.
pub(crate) fn single(profile: Profile, name: &str, session: &Session) -> Value {
    let mut info = listed(profile, name, session);
    info["engine"] = engine(profile, session);
    info
}

/// The account, null before it is known.
pub(crate) fn me(profile: Profile, session: &Session) -> Value {
    if !session.is_running() {
        return Value::Null;
    }
    match (&session.login, &session.code_asked) {
        (Some(login), _) if session.me_known => {
            let mut me = json!({
                "id": format!("{}@c.us", login.number),
                "pushName": login.name,
                "lid": format!("{}@lid", login.lid),
            });
            if profile.is_newest() {
                me["jid"] = json!(format!("{}:12@s.whatsapp.net", login.number));
                me["reachoutTimelock"] = json!(session.timelock.as_ref().map(timelock));
                me["messageCapping"] = json!(session.capping);
            }
            me
        }
        (_, Some(asked)) => {
            json!({"id": format!("{}@c.us", asked.number), "pushName": "~", "lid": ""})
        }
        _ => Value::Null,
    }
}

/// A restriction from starting new chats (WAHA §2.6).
pub(crate) fn timelock(lock: &Timelock) -> Value {
    json!({
        "enforcementType": "RESTRICT_ALL_COMPANIONS",
        "isActive": lock.active,
        "timeEnforcementEnds": lock.ends.timestamp(),
    })
}

/// How many messages the account may still send, until `ends` in unix seconds (WAHA §2.6).
pub(crate) fn capping(status: &str, total: i64, ends: i64) -> Value {
    json!({
        "cappingStatus": status,
        "totalQuota": total,
        "usedQuota": 0,
        "cycleStart": 0,
        "cycleEnd": ends,
        "mvStatus": "NOT_ELIGIBLE",
        "oteStatus": "NOT_ELIGIBLE",
    })
}

/// `environment` of an envelope and the answer of the version call.
pub(crate) fn environment(profile: Profile) -> Value {
    let chromium = profile.engine() == Engine::WebJs;
    json!({
        "version": profile.version(),
        "engine": profile.engine_name(),
        "tier": "CORE",
        "browser": chromium.then_some("/usr/bin/chromium"),
        "platform": "linux/x64",
        "worker": {"id": null},
    })
}

fn timestamps(session: &Session) -> Value {
    match (session.activity, session.is_running()) {
        (Some(at), true) => json!({"activity": at}),
        (_, false) => json!({"activity": null}),
        (None, true) => Value::Object(Map::new()),
    }
}

fn engine(profile: Profile, session: &Session) -> Value {
    if !session.is_running() {
        return Value::Object(Map::new());
    }
    let connected = session.connected && session.status == Status::Working;
    match profile.engine() {
        Engine::NoWeb => json!({"engine": "NOWEB"}),
        Engine::Gows => json!({
            "engine": "GOWS",
            "grpc": {"client": "READY", "stream": "READY"},
            "gows": {"found": true, "connected": connected},
        }),
        Engine::WebJs => json!({
            "engine": "WEBJS",
            "WWebVersion": "2.3000.1030000000",
            "state": if connected { "CONNECTED" } else { "OPENING" },
        }),
    }
}
