//! Facts from whatsapp-integration: `POST /facts` on the inner listener. What each answer means to the caller is written
//! in `domain::wire`, facts; the rule that must hold: a fact that could be stored later is never refused for good.

mod keep;
mod report;

pub(crate) use report::report;
