-- When the words were written, by WhatsApp's clock, that opted the contact out or suspended it. NULL: a person decided, or an earlier version
-- did not keep it. Our own clock may have been set between two of their words.
ALTER TABLE contact ADD COLUMN wish_told_at BIGINT;
