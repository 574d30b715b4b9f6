-- Guests write first (design §4): households and their invitations, writers who are on no list, chats to be read back.
-- It was a free text of the guest before; now a household is somebody of its own, with an invitation.

CREATE TABLE household (
    id          TEXT   PRIMARY KEY,
    -- none: somebody who lives alone, shown by their own name
    name        TEXT,
    name_folded TEXT   UNIQUE,
    created_at  INTEGER NOT NULL
) STRICT;

-- The first guest of a household lends it their id: as unique as any, and no program is needed to make one.
INSERT INTO household (id, name, name_folded, created_at)
SELECT min(id), min(household), lower(trim(household)), min(created_at)
FROM guest WHERE trim(household) <> '' GROUP BY lower(trim(household));
INSERT INTO household (id, name, name_folded, created_at)
SELECT id, NULL, NULL, created_at FROM guest WHERE household IS NULL OR trim(household) = '';

CREATE TABLE guest_of_household (
    id           TEXT   PRIMARY KEY,
    name         TEXT   NOT NULL,
    name_folded  TEXT   NOT NULL,
    side         TEXT,
    language     TEXT,
    household_id TEXT   NOT NULL REFERENCES household (id),
    contact_id   TEXT   REFERENCES contact (id),
    created_at   INTEGER NOT NULL
) STRICT;
INSERT INTO guest_of_household (id, name, name_folded, side, language, household_id, contact_id, created_at)
SELECT g.id, g.name, g.name_folded, g.side, g.language,
       COALESCE((SELECT h.id FROM household h WHERE h.name_folded = lower(trim(g.household))), g.id),
       g.contact_id, g.created_at
FROM guest g;
DROP TABLE guest;
ALTER TABLE guest_of_household RENAME TO guest;
CREATE INDEX guest_by_contact ON guest (contact_id);
CREATE INDEX guest_by_household ON guest (household_id);
CREATE INDEX guest_by_name ON guest (name_folded);

-- Somebody of that household who wrote with its invitation, also when no guest of it has this number.
ALTER TABLE contact ADD COLUMN household_id TEXT REFERENCES household (id);
CREATE INDEX contact_by_household ON contact (household_id) WHERE household_id IS NOT NULL;

CREATE TABLE invitation (
    id           TEXT   PRIMARY KEY,
    household_id TEXT   NOT NULL REFERENCES household (id),
    token        TEXT   NOT NULL UNIQUE,
    created_at   INTEGER NOT NULL,
    valid_until  INTEGER NOT NULL,
    revoked_at   INTEGER,
    -- when somebody of the household wrote first: from then on the token ties nobody else
    tied_at      INTEGER
) STRICT;
-- one that is in force for each household; the revoked ones are kept, to be known when they come back
CREATE UNIQUE INDEX invitation_in_force ON invitation (household_id) WHERE revoked_at IS NULL;
-- all of a household's: they go with it, and its row asks for them when it goes
CREATE INDEX invitation_of_household ON invitation (household_id);

-- Somebody who wrote and is on no list. Who they are is sealed with a key that is not in the database, for each session
-- apart; what they wrote is not here at all (design §1, promise 6).
CREATE TABLE unknown_writer (
    id           TEXT   PRIMARY KEY,
    session      TEXT   NOT NULL REFERENCES whatsapp_session_status (name),
    identity     TEXT   NOT NULL,
    -- the same person's other identity, phone or hidden id, when WhatsApp told it
    alt_identity TEXT,
    push_name    TEXT,
    -- whose invitation they wrote with, when it was used by somebody else before
    suggested_household_id TEXT REFERENCES household (id),
    first_at     INTEGER NOT NULL,
    last_at      INTEGER NOT NULL,
    -- "not a guest": for ever
    ignored_at   INTEGER,
    UNIQUE (session, identity)
) STRICT;
CREATE UNIQUE INDEX unknown_writer_alt ON unknown_writer (session, alt_identity) WHERE alt_identity IS NOT NULL;
-- whoever has not written for long is forgotten, on whatever session
CREATE INDEX unknown_writer_age ON unknown_writer (last_at);
CREATE INDEX unknown_writer_suggested ON unknown_writer (suggested_household_id) WHERE suggested_household_id IS NOT NULL;

-- What changed a guest's message before the message itself came: its newest text, its deletion. For three days.
CREATE TABLE early_change (
    session    TEXT   NOT NULL REFERENCES whatsapp_session_status (name),
    raw_id     TEXT   NOT NULL,
    body       TEXT,
    edited_at  INTEGER,
    revoked_at INTEGER,
    learnt_at  INTEGER NOT NULL,
    PRIMARY KEY (session, raw_id)
) STRICT;
CREATE INDEX early_change_age ON early_change (learnt_at);

-- A conversation is shown in the order of its times, on all sessions together.
CREATE INDEX conversation_in_time ON conversation_message (contact_id, at, id);

-- It was a failure for ever before; now a better receipt makes a refused message a sent one again.
UPDATE whatsapp_message_queue SET status = 'sent', last_error = NULL WHERE status = 'failed' AND ack >= 1;

ALTER TABLE global_config ADD COLUMN receipts_minutes INTEGER NOT NULL DEFAULT 10;

-- Chats that the worker still has to read from their beginning: they became a guest's after something was written.
CREATE TABLE chat_reading (
    session    TEXT   NOT NULL REFERENCES whatsapp_session_status (name),
    chat_id    TEXT   NOT NULL,
    asked_at   INTEGER NOT NULL,
    PRIMARY KEY (session, chat_id)
) STRICT;

-- The spouse whose token it is: only such a token is shown who wrote to that spouse without being on the list.
ALTER TABLE api_token ADD COLUMN session TEXT REFERENCES whatsapp_session_status (name);
