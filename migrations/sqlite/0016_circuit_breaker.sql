-- Failed sends of a number since its last success, when no message is to blame. They stop the session before they cost more than three
-- messages; see domain::release::Outage.

CREATE TABLE send_outage (
    session     TEXT   NOT NULL REFERENCES whatsapp_session_status (name),
    -- the number whose sends failed; empty while it was not known
    own_number  TEXT   NOT NULL,
    -- how the newest send failed
    refusal     TEXT   NOT NULL,
    -- when the first of them was committed
    since       INTEGER NOT NULL,
    failures    INTEGER NOT NULL,
    -- JSON array: the different contacts that the newest refusal met in a row
    contacts    TEXT   NOT NULL,
    -- messages that ended failed or uncertain
    lost        INTEGER NOT NULL,
    stopped_at  INTEGER,
    -- failed tries since then
    probes      INTEGER NOT NULL,
    next_try_at INTEGER,
    -- a reconnect or a person permitted one try, which has not ended
    permitted   INTEGER NOT NULL CHECK (permitted IN (0, 1)),
    PRIMARY KEY (session, own_number)
) STRICT;

-- When the guest saw "typing…" for the slot; emptied when a message was sent to them on that session.
ALTER TABLE send_reservation ADD COLUMN shown_at INTEGER;
CREATE INDEX reservation_shown ON send_reservation (contact_id, session) WHERE shown_at IS NOT NULL;

-- When the composition ended without a send, although it was shown or its send was refused: it counts against the hour.
ALTER TABLE send_reservation ADD COLUMN unsent_at INTEGER;
CREATE INDEX reservation_unsent ON send_reservation (own_number, unsent_at) WHERE unsent_at IS NOT NULL;

CREATE TRIGGER live_outage_new AFTER INSERT ON send_outage BEGIN
    INSERT INTO live_event (kind, subject) VALUES ('session', NEW.session);
END;
CREATE TRIGGER live_outage_changed AFTER UPDATE ON send_outage BEGIN
    INSERT INTO live_event (kind, subject) VALUES ('session', NEW.session);
END;
CREATE TRIGGER live_outage_ended AFTER DELETE ON send_outage BEGIN
    INSERT INTO live_event (kind, subject) VALUES ('session', OLD.session);
END;
