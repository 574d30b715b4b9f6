//! tmp
#![allow(dead_code)]
#[path = "../behaviour/acks.rs"]
mod acks;
#[path = "../behaviour/claiming.rs"]
mod claiming;
#[path = "../behaviour/committing.rs"]
mod committing;
#[path = "../behaviour/finishing.rs"]
mod finishing;
#[path = "../behaviour/inbound.rs"]
mod inbound;
#[path = "../behaviour/leases.rs"]
mod leases;
#[path = "../behaviour/session_states.rs"]
mod session_states;
#[path = "../behaviour/settling.rs"]
mod settling;
#[path = "../behaviour/stage.rs"]
mod stage;
