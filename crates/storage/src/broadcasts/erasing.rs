//! Taking an erased guest out of what news is searched by: a name or a number that somebody typed there.

use domain::{broadcast::Audience, phone_number::PhoneNumber};

use crate::{
    Error,
    db::{Sql, Tx, args},
    search_text::folded,
};

/// What finds nobody: a search that is taken away would find everybody.
const NOBODY: &str = "✕";

/// So many digits of a number lead to whoever has it.
const TELLING: usize = 6;

const SEARCHES: Sql = Sql::both("SELECT id, audience FROM broadcast ORDER BY id");

const CHANGE: Sql =
    Sql::both("UPDATE broadcast SET audience = $2, version = version + 1 WHERE id = $1");

/// In the caller's transaction, which holds the guest list.
pub(crate) async fn forget_searched(
    tx: &mut Tx,
    name: &str,
    phone: Option<&PhoneNumber>,
) -> Result<(), Error> {
    for row in tx.all(&SEARCHES, Vec::new()).await? {
        let mut audience: Audience = serde_json::from_str(&row.text("audience")?)?;
        let tells = |search: &String| tells(search, name, phone);
        if audience.search.as_ref().is_some_and(tells) {
            audience.search = Some(NOBODY.to_owned());
            let audience = serde_json::to_string(&audience)?;
            tx.execute_one(&CHANGE, args![row.text("id")?, audience])
                .await?;
        }
    }
    Ok(())
}

/// Whether the search names that person, and not only what others share with them.
fn tells(search: &str, name: &str, phone: Option<&PhoneNumber>) -> bool {
    let digits: String = search.chars().filter(char::is_ascii_digit).collect();
    folded(search).contains(&folded(name.trim()))
        || digits.len() >= TELLING && phone.is_some_and(|phone| phone.digits().contains(&digits))
}
