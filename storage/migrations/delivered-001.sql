-- What was delivered, and to whom.
CREATE TABLE delivered (
    target TEXT NOT NULL,
    notification BLOB NOT NULL,
    pos INTEGER NOT NULL,      -- of the outbox
    PRIMARY KEY (target, notification)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX delivered_pos ON delivered (target, pos);

-- All positions up to this one are delivered.
CREATE TABLE target (
    name TEXT PRIMARY KEY,
    last_pos INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
