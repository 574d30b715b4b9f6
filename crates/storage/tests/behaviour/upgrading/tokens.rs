//! Tokens and links that were made before they rested on anything: after the upgrade they have ended with what they would have rested on.

use storage::testing::TestDatabase;

/// The newest migration before the one that ends them.
const BEFORE: i64 = 25;

const DATA: &str = "
    INSERT INTO whatsapp_session_status (name, state, since) VALUES ('bride', 'connected', 1);
    INSERT INTO account (id, name, name_folded, role, session, language, password_hash, created_at)
    VALUES ('giulia', 'Giulia', 'giulia', 'couple', 'bride', 'it', 'x', 1);
    INSERT INTO account (id, name, name_folded, role, language, password_hash, texts_granted_at, created_at)
    VALUES ('olga', 'Olga', 'olga', 'operator', 'it', 'x', NULL, 1), ('pia', 'Pia', 'pia', 'operator', 'it', 'x', 1, 1);
    INSERT INTO api_token (id, name, hash, scopes, created_at, account_id)
    VALUES ('01-reads', 'a', '1', '[\"read\",\"operate\"]', 1, 'olga'), ('02-operates', 'b', '2', '[\"operate\"]', 1, 'olga'),
           ('03-granted', 'c', '3', '[\"read\"]', 1, 'pia'), ('04-of-nobody', 'gone', '4', '[\"read\"]', 1, NULL),
           ('05-below', 'e', '5', '[\"read\"]', 1, NULL), ('06-by-command', 'kept', '6', '[\"read\"]', 1, NULL),
           ('07-below', 'g', '7', '[\"read\"]', 1, NULL), ('08-unlogged', 'h', '8', '[\"read\"]', 1, NULL);
    INSERT INTO audit_log (id, at, actor, action, subject)
    VALUES ('1', 1, 'Olga', 'token.add', '01-reads'), ('2', 1, 'Olga', 'token.add', '02-operates'), ('3', 1, 'Pia', 'token.add', '03-granted'),
           ('4', 1, 'Ugo', 'token.add', '04-of-nobody'), ('5', 1, 'gone', 'token.add', '05-below'),
           ('6', 1, 'command line', 'token.add', '06-by-command'), ('7', 1, 'kept', 'token.add', '07-below'), ('8', 1, 'Ugo', 'account.add', 'ugo');
    INSERT INTO account_link (hash, purpose, account_id, made_by, created_at, expires_at)
    VALUES ('1', 'password', 'giulia', 'Pia', 1, 9), ('2', 'password', 'giulia', 'command line', 1, 9), ('3', 'password', 'olga', 'Pia', 1, 9);
";

#[tokio::test]
async fn nothing_rests_on_an_account_or_a_right_that_is_gone() {
    for database in TestDatabase::each().await {
        let database = database.upgraded(BEFORE, DATA).await;
        let accepted = "SELECT id AS value FROM api_token WHERE revoked_at IS NULL ORDER BY id";
        let accepted: Vec<_> = database
            .texts(accepted)
            .await
            .into_iter()
            .flatten()
            .collect();
        assert_eq!(
            accepted,
            [
                "02-operates",
                "03-granted",
                "06-by-command",
                "07-below",
                "08-unlogged"
            ]
        );
        let below = "SELECT parent_id AS value FROM api_token WHERE id = '07-below'";
        assert_eq!(
            database.texts(below).await,
            [Some("06-by-command".to_owned())]
        );
        let links = "SELECT hash AS value FROM account_link ORDER BY hash";
        let links: Vec<_> = database.texts(links).await.into_iter().flatten().collect();
        assert_eq!(
            links,
            ["2", "3"],
            "a spouse's password is that spouse's alone"
        );
    }
}
