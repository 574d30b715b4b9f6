-- Broadcast light (issue 4): the same news to many guests. Its copies are rows of whatsapp_message_queue, by broadcast_id.
-- No foreign key leads here: whoever queues copies through the API may name a broadcast that only they know. It keeps anybody
-- from getting two copies all the same; only one that is here can be paused, resumed and cancelled as a whole.

CREATE TABLE broadcast (
    id           TEXT   PRIMARY KEY,
    title        TEXT   NOT NULL,
    template     TEXT   NOT NULL,
    -- whom it is for, as JSON (domain::broadcast::Audience)
    audience     TEXT   NOT NULL,
    -- who writes to those who are nobody's guests and have written to nobody
    session      TEXT   NOT NULL REFERENCES whatsapp_session_status (name),
    not_before   INTEGER,
    -- never late: after this what has not left is cancelled
    not_after    INTEGER NOT NULL,
    state        TEXT   NOT NULL CHECK (state IN ('draft', 'started', 'paused', 'cancelled')),
    version      INTEGER NOT NULL DEFAULT 1,
    created_at   INTEGER NOT NULL,
    created_by   TEXT   NOT NULL,
    started_at   INTEGER,
    started_by   TEXT,
    -- of the newest pause, resumption or cancellation
    steered_at   INTEGER,
    steered_by   TEXT,
    CHECK ((state = 'draft') = (started_at IS NULL)),
    CHECK (not_before IS NULL OR not_before < not_after)
) STRICT;
