//! Who can still be meant by a line, by number and by household, as the lines before it leave things.

use std::collections::{BTreeSet, HashMap};

use super::{Entry, known::Known};

/// Whom a line means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    /// Nobody who is on the list.
    Nobody,
    /// Somebody on the list, by place.
    Guest(usize),
    /// Whom that other line means.
    SameAsLine(u32),
}

/// The guests on the list, and those whom lines are about to add.
pub(super) struct Places<'a> {
    known: &'a [Known],
    numbers: HashMap<(&'a str, &'a str), Numbered>,
    households: HashMap<(&'a str, Option<&'a str>), Namesakes>,
}

/// One name with one number.
#[derive(Default)]
struct Numbered {
    guest: Option<usize>,
    line: Option<u32>,
}

/// One name in one household.
#[derive(Default)]
struct Namesakes {
    without_number: Group,
    with_number: Group,
}

#[derive(Default)]
struct Group {
    /// Those whom no line means so far.
    free: BTreeSet<usize>,
    /// The first line that means one of the others.
    line: Option<u32>,
}

impl<'a> Places<'a> {
    pub(super) fn of(known: &'a [Known]) -> Self {
        let mut places = Self {
            known,
            numbers: HashMap::new(),
            households: HashMap::new(),
        };
        for (at, guest) in known.iter().enumerate() {
            if let Some(phone) = &guest.phone {
                let numbered = places.numbers.entry((&guest.name, phone.digits()));
                numbered.or_default().guest.get_or_insert(at);
            }
            places.group_of(guest).free.insert(at);
        }
        places
    }

    /// Whom a line with a number means by it; `None`: nobody, look for the household.
    pub(super) fn by_number(&mut self, entry: &'a Entry<'a>) -> Option<Meaning> {
        let phone = entry.line.phone.as_ref()?;
        let numbered = self.numbers.entry((&entry.name, phone.digits()));
        let numbered = numbered.or_default();
        if let Some(first) = numbered.line {
            return Some(Meaning::SameAsLine(first));
        }
        numbered.line = Some(entry.line.number);
        let at = numbered.guest?;
        self.take(at, entry);
        Some(Meaning::Guest(at))
    }

    /// Whom a line means whose number is nobody's, or that has none.
    pub(super) fn by_household(&mut self, entry: &'a Entry<'a>) -> Meaning {
        let has_number = entry.line.phone.is_some();
        let household = (entry.name.as_str(), entry.household.as_deref());
        let namesakes = self.households.entry(household).or_default();
        let mut groups = vec![&mut namesakes.without_number];
        if !has_number {
            groups.push(&mut namesakes.with_number);
        }
        if let Some(at) = groups.iter().find_map(|group| group.free.first().copied()) {
            self.take(at, entry);
            return Meaning::Guest(at);
        }
        if let Some(first) = groups.iter().filter_map(|group| group.line).min() {
            return Meaning::SameAsLine(first);
        }
        namesakes.group(has_number).taken_by(entry.line.number);
        Meaning::Nobody
    }

    /// The line means that guest, who from now on is as it leaves them.
    fn take(&mut self, at: usize, entry: &'a Entry<'a>) {
        let guest = &self.known[at];
        self.group_of(guest).free.remove(&at);
        let household = entry.household.as_ref().or(guest.household.as_ref());
        let has_number = entry.line.phone.is_some() || guest.phone.is_some();
        let namesakes = (entry.name.as_str(), household.map(String::as_str));
        let namesakes = self.households.entry(namesakes).or_default();
        namesakes.group(has_number).taken_by(entry.line.number);
    }

    fn group_of(&mut self, guest: &'a Known) -> &mut Group {
        let namesakes = (guest.name.as_str(), guest.household.as_deref());
        let namesakes = self.households.entry(namesakes).or_default();
        namesakes.group(guest.phone.is_some())
    }
}

impl Namesakes {
    const fn group(&mut self, with_number: bool) -> &mut Group {
        if with_number {
            &mut self.with_number
        } else {
            &mut self.without_number
        }
    }
}

impl Group {
    fn taken_by(&mut self, line: u32) {
        self.line = Some(self.line.map_or(line, |first| first.min(line)));
    }
}
