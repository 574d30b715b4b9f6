-- The hidden id of the account with this number, as WAHA told it last.
ALTER TABLE session_number ADD COLUMN lid TEXT;

-- Since when nothing that the contact wrote permits a message: their chats had been mixed up with the account's own. Until they write
-- again, or a person confirms who they are.
ALTER TABLE contact ADD COLUMN identity_unconfirmed_since INTEGER;
CREATE INDEX contact_unconfirmed ON contact (id) WHERE identity_unconfirmed_since IS NOT NULL;
