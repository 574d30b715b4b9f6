-- One row that is written only to learn whether there is room for writes.
CREATE TABLE write_probe (
    id     BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
    writes BIGINT NOT NULL
);
INSERT INTO write_probe (id, writes) VALUES (1, 0);
