-- Keys of the API, by the SHA-256 of each.
CREATE TABLE api_key (
    id TEXT PRIMARY KEY,
    secret TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    scopes TEXT NOT NULL,
    made BIGINT NOT NULL,
    ends BIGINT NOT NULL
);

CREATE INDEX api_key_ends ON api_key (ends);

-- Answers that are given again to whoever asks again with the same `Idempotency-Key`: by the hash of that and of the key of the
-- API. `asked` is the hash of the request, and `answer`, which holds codes, is sealed.
CREATE TABLE api_answer (
    id TEXT PRIMARY KEY,
    api_key TEXT NOT NULL,
    asked TEXT NOT NULL,
    answer TEXT NOT NULL,
    ends BIGINT NOT NULL
);

CREATE INDEX api_answer_key ON api_answer (api_key, ends);
CREATE INDEX api_answer_ends ON api_answer (ends);
