-- Browsers in which somebody has been signed in: they may go on trying a password while others try too often.
CREATE TABLE known_browser (
    hash       TEXT   PRIMARY KEY,
    account_id TEXT   NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX known_browser_of_account ON known_browser (account_id, created_at);
