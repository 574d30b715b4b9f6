-- Phones that came in by an invitation's code. An invitation has one seat for each person of its household.
CREATE TABLE invitation_phone (
    invitation_id TEXT    NOT NULL REFERENCES invitation (id) ON DELETE CASCADE,
    contact_id    TEXT    NOT NULL REFERENCES contact (id) ON DELETE CASCADE,
    tied_at       BIGINT NOT NULL,
    -- the name that the phone shows
    push_name     TEXT,
    -- when a person said that it is no guest's: its seat stays spent
    refused_at    BIGINT,
    PRIMARY KEY (invitation_id, contact_id)
);
CREATE INDEX invitation_phone_of_contact ON invitation_phone (contact_id);

-- A code that tied had one seat. The log names the contact; else it is the first that the household has.
INSERT INTO invitation_phone (invitation_id, contact_id, tied_at)
SELECT t.id, t.contact_id, t.tied_at
FROM (SELECT i.id, i.tied_at,
             COALESCE((SELECT max(c.id) FROM audit_log l JOIN contact c ON c.id = l.detail AND c.household_id = i.household_id
                       WHERE l.action = 'invitation.tie' AND l.subject = i.household_id
                         AND l.at >= i.created_at AND (i.revoked_at IS NULL OR l.at <= i.revoked_at)),
                      (SELECT min(c.id) FROM contact c WHERE c.household_id = i.household_id)) AS contact_id
      FROM invitation i WHERE i.tied_at IS NOT NULL) t
WHERE t.contact_id IS NOT NULL;
