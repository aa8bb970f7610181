-- The audit trail. Times called `at` are Unix microseconds.

-- One record a row, in the order of the chain: `hash` is made of the hash before and of every other column. `person` names a row of
-- `audit_person`, by whose key `sealed` opens; what else is here tells nothing of a person.
CREATE TABLE audit_record (
    number BIGINT PRIMARY KEY,
    at BIGINT NOT NULL,
    outcome TEXT NOT NULL,
    reference TEXT NOT NULL,
    room TEXT NOT NULL,
    tenant TEXT NOT NULL,
    provider TEXT NOT NULL,
    rule TEXT NOT NULL,
    role TEXT NOT NULL,
    reason TEXT NOT NULL,
    detail TEXT NOT NULL,
    device TEXT NOT NULL,
    person TEXT NOT NULL,
    sealed TEXT NOT NULL,
    hash TEXT NOT NULL
);

-- Each search comes newest first, so that an index holds the time besides what is searched for.
CREATE INDEX audit_record_at ON audit_record (at);
CREATE INDEX audit_record_reference ON audit_record (reference);
CREATE INDEX audit_record_outcome ON audit_record (outcome, at);
CREATE INDEX audit_record_room ON audit_record (room, at, outcome);
CREATE INDEX audit_record_person ON audit_record (person, at);

-- A key for each person, and the keyed hashes by which they are found: of provider and subject, and of the address. Without the row,
-- nothing of them can be read or found any more.
CREATE TABLE audit_person (
    person TEXT PRIMARY KEY,
    subject TEXT NOT NULL,
    handle TEXT NOT NULL,
    sealed TEXT NOT NULL
);

CREATE INDEX audit_person_subject ON audit_person (subject);
CREATE INDEX audit_person_handle ON audit_person (handle);

-- Where the chain ends, in one row that whoever adds to the chain holds: `cut` is the last record that has been removed for its age,
-- `checkpoint` the last one that has been signed, `seal` a keyed hash of all of it.
CREATE TABLE audit_head (
    one BIGINT PRIMARY KEY CHECK (one = 1),
    number BIGINT NOT NULL,
    hash TEXT NOT NULL,
    cut BIGINT NOT NULL,
    checkpoint BIGINT NOT NULL,
    checkpoint_at BIGINT NOT NULL,
    seal TEXT NOT NULL
);

INSERT INTO audit_head (one, number, hash, cut, checkpoint, checkpoint_at, seal) VALUES (1, 0, '', 0, 0, 0, '');

-- Records whose hash has been signed, and with it everything before.
CREATE TABLE audit_checkpoint (
    number BIGINT PRIMARY KEY,
    at BIGINT NOT NULL,
    hash TEXT NOT NULL,
    previous BIGINT NOT NULL,
    public_key TEXT NOT NULL,
    signature TEXT NOT NULL
);

-- The secret from which the keys of the trail are derived, sealed. `number` counts them: there is a second one only if the first does
-- not open any more.
CREATE TABLE audit_key (
    number BIGINT PRIMARY KEY,
    sealed TEXT NOT NULL
);
