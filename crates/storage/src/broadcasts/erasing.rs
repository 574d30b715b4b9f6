//! Taking an erased guest out of what news is searched by: a name or a number that somebody typed there.

use domain::{broadcast::Audience, phone_number::PhoneNumber};

use crate::{
    Error, GuestRow,
    db::{Sql, Tx, args},
    search_text::{contains, folded},
};

/// What finds nobody: a search that is taken away would find everybody.
const NOBODY: &str = "✕";

/// So many digits of a number lead to whoever has it.
const TELLING: usize = 6;

const SEARCHES: Sql = Sql::both("SELECT id, audience FROM broadcast ORDER BY id");

const CHANGE: Sql =
    Sql::both("UPDATE broadcast SET audience = $2, version = version + 1 WHERE id = $1");

/// Another guest whom the search $2 finds too.
const SHARED: Sql = Sql::both(
    "SELECT g.id FROM guest g JOIN household h ON h.id = g.household_id
     WHERE g.id <> $1 AND (g.name_folded LIKE $2 ESCAPE '\\' OR h.name_folded LIKE $2 ESCAPE '\\') LIMIT 1",
);

const BEFORE: Sql = Sql::both(
    "SELECT b.name, c.phone FROM guest_before b LEFT JOIN contact c ON c.id = b.contact_id WHERE b.guest_id = $1",
);

/// In the caller's transaction, which holds the guest list and has the guest still on it.
pub(crate) async fn forget_searched(tx: &mut Tx, guest: &GuestRow) -> Result<(), Error> {
    let people = now_and_before(tx, guest).await?;
    for row in tx.all(&SEARCHES, Vec::new()).await? {
        let mut audience: Audience = serde_json::from_str(&row.text("audience")?)?;
        let Some(search) = &audience.search else {
            continue;
        };
        if tells_any(tx, search, &people).await? {
            audience.search = Some(NOBODY.to_owned());
            let audience = serde_json::to_string(&audience)?;
            tx.execute_one(&CHANGE, args![row.text("id")?, audience])
                .await?;
        }
    }
    Ok(())
}

/// The guest as they are on the list, and as they were under each earlier name and number.
async fn now_and_before(tx: &mut Tx, guest: &GuestRow) -> Result<Vec<GuestRow>, Error> {
    let mut people = vec![guest.clone()];
    for row in tx.all(&BEFORE, args![guest.id]).await? {
        people.push(GuestRow {
            name: row.opt_text("name")?.unwrap_or_else(|| guest.name.clone()),
            phone: row.opt_made("phone")?,
            ..guest.clone()
        });
    }
    Ok(people)
}

async fn tells_any(tx: &mut Tx, search: &str, people: &[GuestRow]) -> Result<bool, Error> {
    for person in people {
        if tells(tx, search, person).await? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether the search names that person, and not only what others share with them.
async fn tells(tx: &mut Tx, search: &str, guest: &GuestRow) -> Result<bool, Error> {
    if names(search, &guest.name) || has_digits(search, guest.phone.as_ref()) {
        return Ok(true);
    }
    let text = folded(search);
    let mut of_them = [Some(&guest.name), guest.household.as_ref()]
        .into_iter()
        .flatten();
    if !of_them.any(|name| folded(name).contains(&text)) {
        return Ok(false);
    }
    let shared = tx.first(&SHARED, args![guest.id, contains(search)]).await?;
    Ok(shared.is_none())
}

fn names(search: &str, name: &str) -> bool {
    folded(search).contains(&folded(name.trim()))
}

fn has_digits(search: &str, phone: Option<&PhoneNumber>) -> bool {
    let digits: String = search.chars().filter(char::is_ascii_digit).collect();
    digits.len() >= TELLING && phone.is_some_and(|phone| phone.digits().contains(&digits))
}
