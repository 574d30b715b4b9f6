//! Facts from whatsapp-integration: `POST /facts` on the inner listener. 204 means stored, or of no use and known to be.
//! A 4xx says: do not repeat. Anything else says: repeat. Repeating stores nothing twice.

mod keep;
mod report;

pub(crate) use report::report;
