-- The queue and all it needs to decide (design §4). Portable columns only: TEXT and INTEGER in STRICT tables; times are epoch milliseconds, flags 0 or 1.

CREATE TABLE whatsapp_session_status (
    name               TEXT   PRIMARY KEY,
    state              TEXT   NOT NULL,
    problem            TEXT,
    since              INTEGER NOT NULL,
    own_number         TEXT,
    own_name           TEXT,
    first_connected_at INTEGER,
    last_connected_at  INTEGER,
    checked_at         INTEGER,
    server             TEXT,
    paused_by          TEXT,
    paused_at          INTEGER,
    lock_until         INTEGER,
    lock_person        INTEGER NOT NULL DEFAULT 0 CHECK (lock_person IN (0, 1)),
    lock_reason        TEXT,
    lock_count         INTEGER NOT NULL DEFAULT 0,
    automatic_gap_until INTEGER,
    reply_gap_until    INTEGER,
    lease_owner        TEXT,
    lease_epoch        INTEGER NOT NULL DEFAULT 0,
    lease_expires_at   INTEGER
) STRICT;

-- When a number was first connected on a session: a new number starts slowly, also after coming back.
CREATE TABLE session_number (
    session            TEXT   NOT NULL REFERENCES whatsapp_session_status (name),
    number             TEXT   NOT NULL,
    first_connected_at INTEGER NOT NULL,
    PRIMARY KEY (session, number)
) STRICT;

CREATE TABLE contact (
    id           TEXT   PRIMARY KEY,
    phone        TEXT   UNIQUE,
    opted_out_at INTEGER,
    created_at   INTEGER NOT NULL
) STRICT;

CREATE TABLE contact_lid (
    lid        TEXT PRIMARY KEY,
    contact_id TEXT NOT NULL REFERENCES contact (id)
) STRICT;
CREATE INDEX contact_lid_by_contact ON contact_lid (contact_id);

CREATE TABLE conversation_message (
    id          TEXT   PRIMARY KEY,
    session     TEXT   NOT NULL REFERENCES whatsapp_session_status (name),
    contact_id  TEXT   NOT NULL REFERENCES contact (id),
    direction   TEXT   NOT NULL CHECK (direction IN ('inbound', 'outbound')),
    raw_id      TEXT   NOT NULL,
    full_id     TEXT   NOT NULL,
    chat_id     TEXT   NOT NULL,
    kind        TEXT   NOT NULL,
    body        TEXT,
    reply_to_raw TEXT,
    -- parked: ours, seen while an attempt to that contact was open; who wrote it shows when the attempt ends
    origin      TEXT   NOT NULL CHECK (origin IN ('guest', 'queue', 'phone', 'parked')),
    at          INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL,
    edited_at   INTEGER,
    revoked_at  INTEGER,
    UNIQUE (session, direction, raw_id),
    -- what evidence points at: the proof belongs to that session and that contact, and came in
    UNIQUE (id, session, contact_id, direction)
) STRICT;
CREATE INDEX conversation_by_contact ON conversation_message (contact_id, session, at);
CREATE INDEX conversation_hand_typed ON conversation_message (session, at) WHERE origin = 'phone';
CREATE INDEX conversation_parked ON conversation_message (session, contact_id) WHERE origin = 'parked';

CREATE TABLE contact_session (
    contact_id    TEXT   NOT NULL REFERENCES contact (id),
    session       TEXT   NOT NULL REFERENCES whatsapp_session_status (name),
    evidence_id   TEXT   REFERENCES conversation_message (id),
    chat_id       TEXT,
    last_in_at    INTEGER,
    last_out_at   INTEGER,
    unanswered    INTEGER NOT NULL DEFAULT 0,
    hand_typed_at INTEGER,
    PRIMARY KEY (contact_id, session)
) STRICT;

CREATE TABLE guest (
    id          TEXT   PRIMARY KEY,
    name        TEXT   NOT NULL,
    name_folded TEXT   NOT NULL,
    side        TEXT,
    language    TEXT,
    household   TEXT,
    contact_id  TEXT   REFERENCES contact (id),
    created_at  INTEGER NOT NULL
) STRICT;
CREATE INDEX guest_by_contact ON guest (contact_id);

CREATE TABLE whatsapp_message_queue (
    id                 TEXT   PRIMARY KEY,
    session            TEXT   NOT NULL REFERENCES whatsapp_session_status (name),
    contact_id         TEXT   NOT NULL REFERENCES contact (id),
    body               TEXT   NOT NULL,
    body_folded        TEXT   NOT NULL,
    lane               TEXT   NOT NULL CHECK (lane IN ('reply', 'manual', 'broadcast')),
    -- 0 send now, 1 reply, 2 everything else: the order of the claim
    rank               INTEGER NOT NULL CHECK (rank IN (0, 1, 2)),
    priority           INTEGER NOT NULL DEFAULT 0,
    not_before         INTEGER,
    not_after          INTEGER,
    drop_if_answered   INTEGER NOT NULL DEFAULT 0 CHECK (drop_if_answered IN (0, 1)),
    send_now           INTEGER NOT NULL DEFAULT 0 CHECK (send_now IN (0, 1)),
    link_preview       INTEGER NOT NULL DEFAULT 0 CHECK (link_preview IN (0, 1)),
    status             TEXT   NOT NULL CHECK (status IN
                           ('pending', 'composing', 'sending', 'sent', 'failed', 'uncertain', 'cancelled')),
    version            INTEGER NOT NULL DEFAULT 1,
    -- 1: the claim looks at it; 0: it waits, until eligible_at or, without one, for an event or a person
    due                INTEGER NOT NULL CHECK (due IN (0, 1)),
    eligible_at        INTEGER,
    wait_reason        TEXT,
    wait_ends          TEXT,
    queued_at          INTEGER NOT NULL,
    attempt_id         TEXT,
    attempt_epoch      INTEGER,
    committed_at       INTEGER,
    attempts           INTEGER NOT NULL DEFAULT 0,
    preemptions        INTEGER NOT NULL DEFAULT 0,
    abandoned          INTEGER NOT NULL DEFAULT 0,
    abandoned_since    INTEGER,
    last_error         TEXT,
    cancel_reason      TEXT,
    evidence_id        TEXT,
    evidence_direction TEXT   NOT NULL DEFAULT 'inbound' CHECK (evidence_direction = 'inbound'),
    reply_to           TEXT   REFERENCES conversation_message (id),
    broadcast_id       TEXT,
    client_raw_id      TEXT,
    raw_id             TEXT,
    -- JSON array: the own raw ids that the chat held before the commit
    snapshot           TEXT,
    ack                INTEGER,
    sent_at            INTEGER,
    delivered_at       INTEGER,
    read_at            INTEGER,
    uncertain_since    INTEGER,
    looked             INTEGER NOT NULL DEFAULT 0,
    next_look_at       INTEGER,
    -- nobody is written to who has not written first: held by the database itself (design §4)
    CHECK (status NOT IN ('composing', 'sending', 'sent', 'uncertain') OR evidence_id IS NOT NULL),
    FOREIGN KEY (evidence_id, session, contact_id, evidence_direction)
        REFERENCES conversation_message (id, session, contact_id, direction) ON UPDATE CASCADE,
    UNIQUE (session, raw_id)
) STRICT;
CREATE INDEX queue_claim ON whatsapp_message_queue (session, rank, priority DESC, id)
    WHERE status = 'pending' AND due = 1;
CREATE INDEX queue_wake ON whatsapp_message_queue (session, eligible_at)
    WHERE status = 'pending' AND due = 0 AND eligible_at IS NOT NULL;
CREATE INDEX queue_of_contact ON whatsapp_message_queue (contact_id, session) WHERE status = 'pending';
CREATE INDEX queue_open ON whatsapp_message_queue (session, status) WHERE status IN ('composing', 'sending');
CREATE INDEX queue_uncertain ON whatsapp_message_queue (session, contact_id) WHERE status = 'uncertain';
CREATE INDEX queue_attempt ON whatsapp_message_queue (attempt_id) WHERE attempt_id IS NOT NULL;
CREATE INDEX queue_evidence ON whatsapp_message_queue (evidence_id) WHERE evidence_id IS NOT NULL;
CREATE INDEX queue_list_session ON whatsapp_message_queue (session, id);
CREATE INDEX queue_list_session_status ON whatsapp_message_queue (session, status, id);
CREATE INDEX queue_list_status ON whatsapp_message_queue (status, id);
CREATE INDEX queue_list_contact ON whatsapp_message_queue (contact_id, id);
-- a claim looks at others of the same contact: at these few, never at all that the contact ever got.
-- Behind the others: of two indexes that look alike to it, SQLite takes the newer.
CREATE INDEX queue_set_aside ON whatsapp_message_queue (contact_id, session, rank, priority, eligible_at)
    WHERE status = 'pending' AND due = 0 AND eligible_at IS NOT NULL;
CREATE INDEX queue_held_back ON whatsapp_message_queue (contact_id)
    WHERE status = 'pending' AND due = 0 AND (wait_ends = 'event:earlier_ends' OR wait_reason = 'earlier_uncertain');
CREATE INDEX queue_under_way ON whatsapp_message_queue (contact_id) WHERE status IN ('composing', 'sending', 'uncertain');
-- the same broadcast never reaches a contact twice
CREATE UNIQUE INDEX queue_broadcast ON whatsapp_message_queue (broadcast_id, contact_id) WHERE broadcast_id IS NOT NULL;

CREATE TABLE whatsapp_message_event (
    id          TEXT   PRIMARY KEY,
    message_id  TEXT   NOT NULL REFERENCES whatsapp_message_queue (id),
    phase       TEXT   NOT NULL,
    at          INTEGER NOT NULL,
    duration_ms INTEGER,
    detail      TEXT
) STRICT;
CREATE INDEX event_of_message ON whatsapp_message_event (message_id, id);

CREATE TABLE send_reservation (
    id           TEXT   PRIMARY KEY,
    session      TEXT   NOT NULL REFERENCES whatsapp_session_status (name),
    contact_id   TEXT   NOT NULL REFERENCES contact (id),
    message_id   TEXT   NOT NULL REFERENCES whatsapp_message_queue (id),
    attempt_id   TEXT   NOT NULL UNIQUE,
    lane         TEXT   NOT NULL CHECK (lane IN ('reply', 'automatic')),
    cold         INTEGER NOT NULL CHECK (cold IN (0, 1)),
    state        TEXT   NOT NULL CHECK (state IN ('held', 'committed', 'abandoned')),
    taken_at     INTEGER NOT NULL,
    committed_at INTEGER,
    -- WAHA's answer: the latest moment it can have left; the windows are counted from here
    ended_at     INTEGER
) STRICT;
CREATE INDEX reservation_of_session ON send_reservation (session, committed_at) WHERE state = 'committed';
CREATE INDEX reservation_of_contact ON send_reservation (contact_id, committed_at) WHERE state = 'committed';

-- Receipts that came before we knew the message's id: of each level the earliest.
CREATE TABLE ack_parking (
    session TEXT   NOT NULL,
    raw_id  TEXT   NOT NULL,
    ack     INTEGER NOT NULL,
    at      INTEGER NOT NULL,
    PRIMARY KEY (session, raw_id, ack)
) STRICT;
CREATE INDEX ack_parking_age ON ack_parking (at);

-- Refusals (ack -1), to see two contacts in half an hour.
CREATE TABLE send_refusal (
    session    TEXT   NOT NULL,
    message_id TEXT   NOT NULL REFERENCES whatsapp_message_queue (id),
    contact_id TEXT   NOT NULL,
    at         INTEGER NOT NULL,
    PRIMARY KEY (session, message_id)
) STRICT;

CREATE TABLE message_reaction (
    session    TEXT   NOT NULL,
    target_raw TEXT   NOT NULL,
    from_me    INTEGER NOT NULL CHECK (from_me IN (0, 1)),
    contact_id TEXT   NOT NULL REFERENCES contact (id),
    emoji      TEXT   NOT NULL,
    at         INTEGER NOT NULL,
    PRIMARY KEY (session, target_raw, from_me)
) STRICT;

CREATE TABLE global_config (
    id            INTEGER PRIMARY KEY CHECK (id = 1),
    version       INTEGER NOT NULL,
    groom_name    TEXT   NOT NULL,
    bride_name    TEXT   NOT NULL,
    time_zone     TEXT   NOT NULL,
    language      TEXT   NOT NULL,
    country       TEXT   NOT NULL,
    wedding_date  TEXT,
    quiet_from    TEXT   NOT NULL,
    quiet_to      TEXT   NOT NULL,
    per_hour      INTEGER NOT NULL,
    per_day       INTEGER NOT NULL,
    replies_per_hour INTEGER NOT NULL,
    replies_per_day  INTEGER NOT NULL,
    gap_min_secs  INTEGER NOT NULL,
    gap_max_secs  INTEGER NOT NULL,
    reply_gap_secs INTEGER NOT NULL,
    cool_down_minutes INTEGER NOT NULL,
    contact_per_hour INTEGER NOT NULL,
    contact_replies_per_hour INTEGER NOT NULL,
    unanswered    INTEGER NOT NULL,
    unanswered_replies INTEGER NOT NULL,
    cold_after_days INTEGER NOT NULL,
    cold_per_day  INTEGER NOT NULL,
    hand_typed_minutes INTEGER NOT NULL,
    new_number_days INTEGER NOT NULL,
    reading_min_ms INTEGER NOT NULL,
    reading_max_ms INTEGER NOT NULL,
    reply_reading_min_ms INTEGER NOT NULL,
    reply_reading_max_ms INTEGER NOT NULL,
    typing_ms_per_char INTEGER NOT NULL,
    typing_cap_ms INTEGER NOT NULL,
    typing_spread_percent INTEGER NOT NULL,
    pause_min_ms  INTEGER NOT NULL,
    pause_max_ms  INTEGER NOT NULL,
    updated_at    INTEGER NOT NULL
) STRICT;

CREATE TABLE api_token (
    id         TEXT   PRIMARY KEY,
    name       TEXT   NOT NULL,
    hash       TEXT   NOT NULL UNIQUE,
    scopes     TEXT   NOT NULL,
    created_at INTEGER NOT NULL,
    used_at    INTEGER,
    revoked_at INTEGER
) STRICT;

CREATE TABLE idempotency_key (
    owner       TEXT   NOT NULL,
    key         TEXT   NOT NULL,
    fingerprint TEXT   NOT NULL,
    message_ids TEXT   NOT NULL,
    at          INTEGER NOT NULL,
    PRIMARY KEY (owner, key)
) STRICT;

CREATE TABLE audit_log (
    id      TEXT   PRIMARY KEY,
    at      INTEGER NOT NULL,
    actor   TEXT   NOT NULL,
    action  TEXT   NOT NULL,
    subject TEXT   NOT NULL,
    detail  TEXT
) STRICT;
