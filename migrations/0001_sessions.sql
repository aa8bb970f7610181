-- One set of SQL for SQLite and PostgreSQL: TEXT and BIGINT only. Times are Unix seconds.

-- A browser that is signed in. `id` is the SHA-256 of what its cookie holds and changes with each login;
-- `handle` names the session for as long as it lives.
CREATE TABLE session (
    handle TEXT PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    device TEXT NOT NULL,
    created BIGINT NOT NULL,
    last_used BIGINT NOT NULL,
    ends BIGINT NOT NULL
);

CREATE INDEX session_ends ON session (ends);

-- Whom the browser is signed in as, at most once a provider. `person` and `sid` are hashes to look sessions up by;
-- `identity` and `tether` are sealed. `turn` counts confirmations, `lease` ends the one under way, and `retry` puts off
-- the next one.
CREATE TABLE session_identity (
    session TEXT NOT NULL REFERENCES session (handle) ON DELETE CASCADE,
    provider TEXT NOT NULL,
    person TEXT NOT NULL,
    sid TEXT,
    identity TEXT NOT NULL,
    tether TEXT NOT NULL,
    since BIGINT NOT NULL,
    confirmed BIGINT NOT NULL,
    turn BIGINT NOT NULL,
    lease BIGINT NOT NULL,
    retry BIGINT NOT NULL,
    PRIMARY KEY (session, provider)
);

CREATE INDEX session_identity_person ON session_identity (person);
CREATE INDEX session_identity_sid ON session_identity (sid);

-- Tokens that are good for one use, by the SHA-256 of what names them, until they expire by themselves.
CREATE TABLE spent_token (
    token TEXT PRIMARY KEY,
    ends BIGINT NOT NULL
);

CREATE INDEX spent_token_ends ON spent_token (ends);
