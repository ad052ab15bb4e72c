-- Where the files before this one end; zero positions in the first file.
CREATE TABLE meta (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    pos INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    clock INTEGER,             -- of the last frame before this file; NULL: none
    hash BLOB NOT NULL         -- of the last frame before this file
) STRICT;

-- Every producer there ever was; carried over into each new file.
CREATE TABLE producer (
    name TEXT PRIMARY KEY,
    last_number INTEGER NOT NULL,
    cursor BLOB NOT NULL       -- as it came with that number
) STRICT, WITHOUT ROWID;
