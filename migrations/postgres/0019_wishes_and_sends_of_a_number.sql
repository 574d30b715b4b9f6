-- When the words were written, by WhatsApp's clock, that opted the contact out or suspended it. NULL: a person decided, or an earlier version
-- did not keep it. Our own clock may have been set between two of their words.
ALTER TABLE contact ADD COLUMN wish_told_at BIGINT;

-- SQLite has another index of the sends of a number here. PostgreSQL would gain nothing by it: it looks at the rows all the same while
-- they are young.
