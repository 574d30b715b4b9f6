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
    texts_granted_at BIGINT,
    created_at       BIGINT NOT NULL,
    CHECK ((role = 'couple') = (session IS NOT NULL))
);

-- A browser that is signed in, by the hash of its cookie.
CREATE TABLE account_session (
    hash       TEXT   PRIMARY KEY,
    account_id TEXT   NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    seen_at    BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
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
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX account_link_age ON account_link (expires_at);
CREATE INDEX account_link_of_account ON account_link (account_id) WHERE account_id IS NOT NULL;

-- How far somebody has read what a contact wrote.
CREATE TABLE conversation_seen (
    account_id TEXT   NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    contact_id TEXT   NOT NULL REFERENCES contact (id) ON DELETE CASCADE,
    seen_at    BIGINT NOT NULL,
    PRIMARY KEY (account_id, contact_id)
);
CREATE INDEX conversation_seen_of_contact ON conversation_seen (contact_id);
-- what came in since somebody looked
CREATE INDEX conversation_heard ON conversation_message (contact_id, recorded_at) WHERE direction = 'inbound';

-- What happened, in the order in which it was committed, for open pages. Written by the database itself, so that no way of
-- changing something forgets it. Only names what changed: whoever wants to know more reads it.
CREATE TABLE live_event (
    position BIGINT PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    -- transactions commit in another order than they take positions: a reader reads those of all older transactions,
    -- and only when none of them runs any more
    txid     BIGINT NOT NULL DEFAULT (pg_current_xact_id()::text::bigint),
    kind     TEXT   NOT NULL CHECK (kind IN ('message', 'contact', 'session', 'writer')),
    subject  TEXT   NOT NULL
);
CREATE INDEX live_event_in_order ON live_event (txid, position);

CREATE FUNCTION live_message_step() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO live_event (kind, subject) SELECT DISTINCT 'message', message_id FROM fresh;
    RETURN NULL;
END $$;
CREATE TRIGGER live_message_step AFTER INSERT ON whatsapp_message_event
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION live_message_step();

CREATE FUNCTION live_conversation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO live_event (kind, subject) VALUES ('contact', NEW.contact_id);
    RETURN NULL;
END $$;
CREATE TRIGGER live_conversation_new AFTER INSERT ON conversation_message
    FOR EACH ROW EXECUTE FUNCTION live_conversation();
CREATE TRIGGER live_conversation_changed AFTER UPDATE ON conversation_message FOR EACH ROW
    WHEN ((OLD.contact_id, OLD.body, OLD.origin, OLD.edited_at, OLD.revoked_at)
        IS DISTINCT FROM (NEW.contact_id, NEW.body, NEW.origin, NEW.edited_at, NEW.revoked_at))
    EXECUTE FUNCTION live_conversation();

CREATE FUNCTION live_session() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO live_event (kind, subject) VALUES ('session', NEW.name);
    RETURN NULL;
END $$;
CREATE TRIGGER live_session AFTER UPDATE ON whatsapp_session_status FOR EACH ROW
    WHEN ((OLD.state, OLD.problem, OLD.paused_by, OLD.lock_until, OLD.lock_person, OLD.own_number)
        IS DISTINCT FROM (NEW.state, NEW.problem, NEW.paused_by, NEW.lock_until, NEW.lock_person, NEW.own_number))
    EXECUTE FUNCTION live_session();

CREATE FUNCTION live_writer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO live_event (kind, subject) VALUES ('writer', NEW.session);
    RETURN NULL;
END $$;
CREATE TRIGGER live_writer AFTER INSERT ON unknown_writer FOR EACH ROW EXECUTE FUNCTION live_writer();
