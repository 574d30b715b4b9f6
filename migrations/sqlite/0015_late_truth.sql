-- What an uncertain send could not be told apart from: the own raw ids that the chat held before its commit, as a JSON array. Kept when
-- a person has the message sent again, so that the first copy is recognised when it appears in the chat.

ALTER TABLE send_reservation ADD COLUMN snapshot TEXT;
CREATE INDEX reservation_sent_again ON send_reservation (contact_id, session) WHERE snapshot IS NOT NULL;
