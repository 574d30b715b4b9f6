-- The contacts and names that a guest had before they were changed: erasing the guest takes what these lead to, too.
CREATE TABLE guest_before (
    guest_id   TEXT NOT NULL REFERENCES guest (id) ON DELETE CASCADE,
    contact_id TEXT REFERENCES contact (id) ON DELETE CASCADE,
    name       TEXT,
    CHECK ((contact_id IS NULL) <> (name IS NULL))
) STRICT;
CREATE INDEX guest_before_of_guest ON guest_before (guest_id);
CREATE INDEX guest_before_of_contact ON guest_before (contact_id) WHERE contact_id IS NOT NULL;

-- A token from before 0022 that an API token made rests on that token, as far as the audit log names it.
UPDATE api_token SET parent_id =
    (SELECT max(p.id) FROM audit_log l JOIN api_token p ON p.name = l.actor
     WHERE l.action = 'token.add' AND l.subject = api_token.id AND l.actor <> 'command line' AND p.id < api_token.id
       AND (p.revoked_at IS NULL OR p.revoked_at > api_token.created_at))
WHERE account_id IS NULL AND parent_id IS NULL;
-- Tokens end with what they rest on: an account that is gone, or an operator's right to read that was withdrawn, and so do their tokens.
UPDATE api_token SET revoked_at = CAST(unixepoch('subsec') * 1000 AS INTEGER)
WHERE revoked_at IS NULL
  AND (account_id IS NULL AND parent_id IS NULL
       AND EXISTS (SELECT 1 FROM audit_log l JOIN audit_log m ON m.action = 'account.add' AND m.actor = l.actor
                   WHERE l.action = 'token.add' AND l.subject = api_token.id
                     AND NOT EXISTS (SELECT 1 FROM account a WHERE a.id = m.subject))
       OR scopes <> '["operate"]'
       AND account_id IN (SELECT a.id FROM account a WHERE a.role = 'operator' AND a.texts_granted_at IS NULL));
WITH RECURSIVE ended (id) AS
    (SELECT id FROM api_token WHERE revoked_at IS NOT NULL
     UNION SELECT t.id FROM api_token t JOIN ended e ON t.parent_id = e.id)
UPDATE api_token SET revoked_at = CAST(unixepoch('subsec') * 1000 AS INTEGER)
WHERE revoked_at IS NULL AND id IN (SELECT id FROM ended);

-- Only a spouse sets that spouse's password, or the command on the machine.
DELETE FROM account_link
WHERE purpose = 'password' AND made_by IN (SELECT a.name FROM account a) AND account_id IN (SELECT a.id FROM account a WHERE a.role = 'couple');
