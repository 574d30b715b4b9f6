-- The couple's page (design §9): who may sign in, what they have read, and what is told to open pages as it happens.

-- One account per person. `couple`: messages and guests; `operator`: settings, tokens, audit and health.
CREATE TABLE account (
    id               TEXT   PRIMARY KEY,
    -- what people sign in with
    name             TEXT   NOT NULL,
    name_folded      TEXT   NOT NULL UNIQUE,
    role             TEXT   NOT NULL CHECK (role IN ('couple', 'operator')),
    -- the spouse's own: only they see who wrote to them without being on the list
    session          TEXT   REFERENCES whatsapp_session_status (name),
    language         TEXT   NOT NULL,
    -- Argon2id, as a PHC string
    password_hash    TEXT   NOT NULL,
    -- since when a spouse lets this operator read what is written
    texts_granted_at INTEGER,
    created_at       INTEGER NOT NULL,
    CHECK ((role = 'couple') = (session IS NOT NULL))
) STRICT;

-- A browser that is signed in, by the hash of its cookie.
CREATE TABLE account_session (
    hash       TEXT   PRIMARY KEY,
    account_id TEXT   NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    created_at INTEGER NOT NULL,
    seen_at    INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX account_session_of_account ON account_session (account_id);
CREATE INDEX account_session_age ON account_session (expires_at);

-- Secrets that work once, by their hash: the code of the first account, invitations, new passwords.
CREATE TABLE account_link (
    hash       TEXT   PRIMARY KEY,
    purpose    TEXT   NOT NULL CHECK (purpose IN ('first', 'invite', 'password')),
    -- of the account that an invitation makes
    role       TEXT   CHECK (role IN ('couple', 'operator')),
    session    TEXT   REFERENCES whatsapp_session_status (name),
    -- whose password it changes
    account_id TEXT   REFERENCES account (id) ON DELETE CASCADE,
    made_by    TEXT   NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX account_link_age ON account_link (expires_at);
CREATE INDEX account_link_of_account ON account_link (account_id) WHERE account_id IS NOT NULL;

-- How far somebody has read what a contact wrote.
CREATE TABLE conversation_seen (
    account_id TEXT   NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    contact_id TEXT   NOT NULL REFERENCES contact (id) ON DELETE CASCADE,
    seen_at    INTEGER NOT NULL,
    PRIMARY KEY (account_id, contact_id)
) STRICT;
CREATE INDEX conversation_seen_of_contact ON conversation_seen (contact_id);
-- what came in since somebody looked
CREATE INDEX conversation_heard ON conversation_message (contact_id, recorded_at) WHERE direction = 'inbound';

-- What happened, in the order in which it was committed, for open pages. Written by the database itself, so that no way of
-- changing something forgets it. Only names what changed: whoever wants to know more reads it.
CREATE TABLE live_event (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    -- one writer at a time: positions are in the order of the commits
    txid     INTEGER NOT NULL DEFAULT 0,
    kind     TEXT   NOT NULL CHECK (kind IN ('message', 'contact', 'session', 'writer')),
    subject  TEXT   NOT NULL
) STRICT;

CREATE TRIGGER live_message_step AFTER INSERT ON whatsapp_message_event BEGIN
    INSERT INTO live_event (kind, subject) VALUES ('message', NEW.message_id);
END;

CREATE TRIGGER live_conversation_new AFTER INSERT ON conversation_message BEGIN
    INSERT INTO live_event (kind, subject) VALUES ('contact', NEW.contact_id);
END;

CREATE TRIGGER live_conversation_changed AFTER UPDATE ON conversation_message
WHEN OLD.contact_id IS NOT NEW.contact_id OR OLD.body IS NOT NEW.body OR OLD.origin IS NOT NEW.origin
    OR OLD.edited_at IS NOT NEW.edited_at OR OLD.revoked_at IS NOT NEW.revoked_at
BEGIN
    INSERT INTO live_event (kind, subject) VALUES ('contact', NEW.contact_id);
END;

CREATE TRIGGER live_session AFTER UPDATE ON whatsapp_session_status
WHEN OLD.state IS NOT NEW.state OR OLD.problem IS NOT NEW.problem OR OLD.paused_by IS NOT NEW.paused_by
    OR OLD.lock_until IS NOT NEW.lock_until OR OLD.lock_person IS NOT NEW.lock_person OR OLD.own_number IS NOT NEW.own_number
BEGIN
    INSERT INTO live_event (kind, subject) VALUES ('session', NEW.name);
END;

CREATE TRIGGER live_writer AFTER INSERT ON unknown_writer BEGIN
    INSERT INTO live_event (kind, subject) VALUES ('writer', NEW.session);
END;
