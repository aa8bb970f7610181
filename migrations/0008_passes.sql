-- Passes, by the SHA-256 of their codes. `terms` is JSON: rooms, role, features, whom it is for. `counts` says what `most` is a number
-- of (`uses` or `people`), and `used` how many there were; `most` is 0 where there is no limit. `begins` and `withdrawn` are 0
-- where there is no such time. A row is kept until `forgotten`.
CREATE TABLE pass (
    id TEXT PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    terms TEXT NOT NULL,
    counts TEXT NOT NULL,
    most BIGINT NOT NULL,
    used BIGINT NOT NULL,
    begins BIGINT NOT NULL,
    ends BIGINT NOT NULL,
    made BIGINT NOT NULL,
    withdrawn BIGINT NOT NULL,
    forgotten BIGINT NOT NULL
);

CREATE INDEX pass_forgotten ON pass (forgotten);

-- Who has entered by a pass whose people are counted, each by a hash.
CREATE TABLE pass_person (
    pass TEXT NOT NULL REFERENCES pass (id) ON DELETE CASCADE,
    person TEXT NOT NULL,
    PRIMARY KEY (pass, person)
);
