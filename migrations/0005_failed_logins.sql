-- Logins by password that have failed, by the SHA-256 of the account or the address, until they are forgotten.
CREATE TABLE failed_login (
    id TEXT PRIMARY KEY,
    failures BIGINT NOT NULL,
    last_failed BIGINT NOT NULL,
    ends BIGINT NOT NULL
);

CREATE INDEX failed_login_ends ON failed_login (ends);
