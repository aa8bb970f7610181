-- Jitsi's inline login. Times are Unix seconds.

-- Codes, by their SHA-256. `granted` is sealed. `spent` is 0 until the code is used, 1 from then on, and 2 once it has been
-- used again, after which no refresh token is made of it any more.
CREATE TABLE inline_code (
    code TEXT PRIMARY KEY,
    granted TEXT NOT NULL,
    spent BIGINT NOT NULL,
    ends BIGINT NOT NULL
);

CREATE INDEX inline_code_ends ON inline_code (ends);

-- Refresh tokens, each family by the hash of the code it was made of. `granted` is sealed; `token` is the SHA-256 of the
-- only one that is good.
CREATE TABLE inline_family (
    family TEXT PRIMARY KEY,
    granted TEXT NOT NULL,
    token TEXT NOT NULL,
    ends BIGINT NOT NULL
);

CREATE INDEX inline_family_ends ON inline_family (ends);
