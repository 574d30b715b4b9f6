-- When the words were written, by WhatsApp's clock, that opted the contact out or suspended it. NULL: a person decided, or an earlier version
-- did not keep it. Our own clock may have been set between two of their words.
ALTER TABLE contact ADD COLUMN wish_told_at INTEGER;

-- What every decision reads of the sends of a number, in the index itself: SQLite would look up each row in a table of a million. PostgreSQL
-- gains nothing: it looks at the rows all the same while they are young.
DROP INDEX reservation_of_number;
CREATE INDEX reservation_of_number ON send_reservation (own_number, committed_at, ended_at, contact_id, lane, cold)
    WHERE state = 'committed';
