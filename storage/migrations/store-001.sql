-- What has been made of a journal. Everything here can be made again from the journal.
-- Times: text in RFC 3339, and beside it (..._us) microseconds since 1970; NULL: none.
-- Amounts in grams or kilojoules; days and ratios in millionths; money in 1/10,000.

CREATE TABLE origin (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    journal TEXT NOT NULL,     -- folder of the journal; '' when the frames are here
    first_hash BLOB NOT NULL
) STRICT;

-- How far the effects reach.
CREATE TABLE cursor (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    pos INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    clock INTEGER,
    digest BLOB NOT NULL,
    applied INTEGER NOT NULL,
    repeated INTEGER NOT NULL,
    superseded INTEGER NOT NULL,
    quarantined INTEGER NOT NULL,
    late INTEGER NOT NULL
) STRICT;

CREATE TABLE balance (
    country TEXT NOT NULL,
    commodity TEXT NOT NULL,
    unit TEXT NOT NULL,
    as_of TEXT,
    stock_out TEXT,
    as_of_us INTEGER,
    horizon_us INTEGER,
    stock INTEGER,
    unmet INTEGER,
    days_of_cover INTEGER,
    stock_out_us INTEGER,
    shortfall INTEGER,
    shortfall_ratio INTEGER,
    uncovered_deficit INTEGER,
    delivery_ratio INTEGER,
    overdue INTEGER,
    expected INTEGER,
    PRIMARY KEY (country, commodity)
) STRICT, WITHOUT ROWID;

-- Every transition of every alert; `pos` is its place in the outbox, without gaps.
CREATE TABLE alert (
    pos INTEGER PRIMARY KEY,
    rule TEXT NOT NULL,
    country TEXT NOT NULL,
    commodity TEXT NOT NULL,
    state TEXT NOT NULL,
    alert TEXT NOT NULL,
    severity TEXT NOT NULL,
    summary TEXT NOT NULL,
    at TEXT,
    clock TEXT,
    begun TEXT,
    at_us INTEGER,
    clock_us INTEGER,
    begun_us INTEGER,
    seq INTEGER NOT NULL,
    ordinal INTEGER NOT NULL,
    episode BLOB NOT NULL,
    notification BLOB NOT NULL,
    rules_hash BLOB NOT NULL,
    moved_first INTEGER NOT NULL,
    moved_last INTEGER NOT NULL,
    movers TEXT NOT NULL,      -- seqs as a JSON array, oldest first
    as_of_us INTEGER,          -- the balance at the instant, from here on
    horizon_us INTEGER,
    stock INTEGER,
    unmet INTEGER,
    days_of_cover INTEGER,
    stock_out_us INTEGER,
    shortfall INTEGER,
    shortfall_ratio INTEGER,
    uncovered_deficit INTEGER,
    delivery_ratio INTEGER,
    overdue INTEGER,
    expected INTEGER
) STRICT;

-- The metrics of the condition, as they stood.
CREATE TABLE alert_reading (
    pos INTEGER NOT NULL REFERENCES alert (pos),
    ordinal INTEGER NOT NULL,
    metric TEXT NOT NULL,
    horizon_us INTEGER NOT NULL,
    window_us INTEGER NOT NULL,
    market TEXT NOT NULL,
    currency TEXT NOT NULL,
    comparison TEXT NOT NULL,
    value INTEGER,
    threshold INTEGER,
    PRIMARY KEY (pos, ordinal)
) STRICT, WITHOUT ROWID;

CREATE TABLE quarantine (
    seq INTEGER PRIMARY KEY,
    pos INTEGER NOT NULL,
    event INTEGER NOT NULL,    -- its index in the frame, from 0
    clock_us INTEGER,
    clock TEXT,
    code INTEGER NOT NULL,     -- enum verdict
    reason TEXT NOT NULL,
    advice TEXT NOT NULL,
    source TEXT NOT NULL,
    id TEXT NOT NULL,
    revision INTEGER NOT NULL
) STRICT;

-- The two views that people may rely on: columns are added, never changed.
CREATE VIEW balance_now AS
SELECT country, commodity, as_of, unit, stock, unmet,
       days_of_cover / 1e6 AS days_of_cover, stock_out, shortfall,
       shortfall_ratio / 1e6 AS shortfall_ratio, uncovered_deficit,
       delivery_ratio / 1e6 AS delivery_ratio, overdue, expected
  FROM balance;

CREATE VIEW alert_history AS
SELECT pos, at, state, rule, alert, severity, country, commodity, summary, clock, begun,
       lower(hex(episode)) AS episode, stock, unmet,
       days_of_cover / 1e6 AS days_of_cover, shortfall, uncovered_deficit, overdue
  FROM alert;
