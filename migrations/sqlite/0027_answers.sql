-- When a contact last wrote or reacted: a reaction answers, too. What was sent since is counted by its slots, within 14 days;
-- contact_session.unanswered is read no more.
ALTER TABLE contact_session ADD COLUMN answered_at INTEGER;
UPDATE contact_session SET answered_at = max(COALESCE(last_in_at, 0), COALESCE(
    (SELECT max(r.at) FROM message_reaction r
     JOIN conversation_message m ON m.session = r.session AND m.direction = 'outbound' AND m.raw_id = r.target_raw
     WHERE r.contact_id = contact_session.contact_id AND r.session = contact_session.session AND r.from_me = 0
       AND r.emoji <> '' AND m.own_number = contact_session.own_number), 0));
UPDATE contact_session SET answered_at = NULL WHERE answered_at = 0;
-- These waits have a time now: the next claim finds it.
UPDATE whatsapp_message_queue SET due = 1, eligible_at = NULL, wait_reason = NULL, wait_ends = NULL
WHERE status = 'pending' AND due = 0 AND wait_reason = 'unanswered_limit';

-- The defaults of before; a couple's own numbers stay.
UPDATE global_config
SET cold_after_days = CASE WHEN cold_after_days = 28 THEN 60 ELSE cold_after_days END,
    cold_per_day = CASE WHEN cold_per_day = 3 THEN 10 ELSE cold_per_day END, version = version + 1
WHERE cold_after_days = 28 OR cold_per_day = 3;
