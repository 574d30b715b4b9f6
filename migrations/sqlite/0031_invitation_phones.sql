-- Phones that came in by an invitation's code. An invitation has one seat for each person of its household.
CREATE TABLE invitation_phone (
    invitation_id TEXT    NOT NULL REFERENCES invitation (id) ON DELETE CASCADE,
    contact_id    TEXT    NOT NULL REFERENCES contact (id) ON DELETE CASCADE,
    tied_at       INTEGER NOT NULL,
    -- the name that the phone shows
    push_name     TEXT,
    -- when a person said that it is no guest's: its seat stays spent
    refused_at    INTEGER,
    PRIMARY KEY (invitation_id, contact_id)
) STRICT;
CREATE INDEX invitation_phone_of_contact ON invitation_phone (contact_id);

-- When a person said whose phone the contact is, or of which household.
ALTER TABLE contact ADD COLUMN assigned_at INTEGER;

-- The phone that a code had tied: the log names it, else its message with the code is the household's first. A phone that neither tells
-- of was added by hand.
INSERT INTO invitation_phone (invitation_id, contact_id, tied_at)
SELECT i.id, c.id, i.tied_at
FROM invitation i JOIN contact c ON c.household_id = i.household_id
WHERE i.tied_at IS NOT NULL
  AND (EXISTS (SELECT 1 FROM audit_log l
               WHERE l.action = 'invitation.tie' AND l.subject = i.household_id AND l.detail = c.id
                 AND l.at >= i.created_at AND (i.revoked_at IS NULL OR l.at <= i.revoked_at))
       OR EXISTS (SELECT 1 FROM conversation_message m
                  WHERE m.contact_id = c.id AND m.direction = 'inbound' AND m.at = i.tied_at AND instr(m.body, i.token) > 0));
