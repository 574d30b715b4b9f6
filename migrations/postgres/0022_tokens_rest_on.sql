-- What a token rests on: the account that made it, on the page or by way of other tokens, and the token that made it. It ends with them.
-- An account's row may be gone while the token is kept, revoked, for people to read.
ALTER TABLE api_token ADD COLUMN account_id TEXT;
ALTER TABLE api_token ADD COLUMN parent_id TEXT REFERENCES api_token (id);
CREATE INDEX api_token_of_account ON api_token (account_id) WHERE revoked_at IS NULL;
CREATE INDEX api_token_of_parent ON api_token (parent_id) WHERE parent_id IS NOT NULL;
-- of those that were made before, the log names the accounts
UPDATE api_token SET account_id =
    (SELECT min(a.id) FROM audit_log l JOIN account a ON a.name = l.actor WHERE l.action = 'token.add' AND l.subject = api_token.id);
