//! The guests of these tests.

use std::{collections::HashMap, time::Duration};

use chrono::TimeDelta;
use domain::{
    Timestamp,
    broadcast::{Addressee, Audience, Candidate, Known, Named, Plan, Planning, Template},
    config::Language,
    ids::{ContactId, GuestId, HouseholdId},
    phone_number::PhoneNumber,
    session::SessionName,
};
use rand::{SeedableRng, rngs::StdRng};

pub(super) use crate::release::{noon, some_contact};

pub(super) fn session(name: &str) -> SessionName {
    SessionName::parse(name).expect("a name")
}

pub(super) fn days_ago(days: i64) -> Timestamp {
    noon() - TimeDelta::days(days)
}

pub(super) fn template(text: &str) -> Template {
    Template::parse(text).expect("a template")
}

pub(super) fn anna(contact: ContactId) -> Addressee {
    let guest = Named {
        name: "Anna Rossi",
        household: Some("Famiglia Rossi"),
    };
    Addressee::of(contact, &[guest], Language::Italian)
}

/// A guest list; its n-th contact has the number that ends in n.
#[derive(Default)]
pub(super) struct List {
    pub(super) guests: Vec<Candidate>,
    pub(super) contacts: HashMap<ContactId, Known>,
}

impl List {
    /// A guest with the n-th contact, who wrote to the groom yesterday; changes follow.
    pub(super) fn add(&mut self, name: &str, n: u64) -> GuestId {
        let contact = some_contact(n);
        self.contacts.entry(contact).or_insert_with(|| Known {
            phone: PhoneNumber::from_whatsapp(&format!("393470{n:06}")).ok(),
            opted_out_at: None,
            suspended_at: None,
            has_copy: false,
            wrote: vec![(session("groom"), days_ago(1))],
            sent_before: true,
        });
        let place = u64::try_from(self.guests.len()).expect("few");
        let mut dice = StdRng::seed_from_u64(1_000 + place);
        let guest = GuestId::new(noon(), &mut dice);
        self.guests.push(Candidate {
            guest,
            name: name.to_owned(),
            side: None,
            language: None,
            household: HouseholdId::new(noon(), &mut dice),
            household_name: None,
            contact: Some(contact),
        });
        guest
    }

    pub(super) fn last(&mut self) -> &mut Candidate {
        self.guests.last_mut().expect("a guest")
    }

    pub(super) fn known(&mut self, n: u64) -> &mut Known {
        self.contacts.get_mut(&some_contact(n)).expect("a contact")
    }

    pub(super) fn plan(&self, text: &str) -> Plan {
        self.plan_for(text, &Audience::default())
    }

    pub(super) fn plan_for(&self, text: &str, audience: &Audience) -> Plan {
        let planning = Planning {
            template: &template(text),
            audience,
            sessions: &[session("bride"), session("groom")],
            default_session: &session("bride"),
            language: Language::Italian,
            cold_after: Duration::from_hours(28 * 24),
            now: noon(),
        };
        Plan::new(planning, &self.guests, &self.contacts)
    }
}
