-- Frames as they were received; of a journal file, and of a store that keeps its frames.
CREATE TABLE frame (
    pos INTEGER PRIMARY KEY,   -- 1, 2, 3 ... over all files of a journal
    first_seq INTEGER NOT NULL,
    events INTEGER NOT NULL,
    clock INTEGER NOT NULL,    -- microseconds since 1970
    type INTEGER NOT NULL,     -- enum frame_type
    producer TEXT NOT NULL,
    number INTEGER NOT NULL,   -- 1, 2, 3 ... of this producer
    cursor BLOB NOT NULL,
    hash BLOB NOT NULL,        -- BLAKE2b-256 over the hash before it and this row
    body BLOB NOT NULL
) STRICT;

-- A frame that is sent again finds its position here, for ever.
CREATE UNIQUE INDEX frame_number ON frame (producer, number);
