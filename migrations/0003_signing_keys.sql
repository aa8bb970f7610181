-- Keys that Roomkey makes itself to sign tokens with. `number` counts them: of several replicas that make the next one, the first
-- to write it has made it. `sealed` holds the private key; it may sign from `signs` on, and the tokens that it has signed live
-- for `token_lifetime` seconds at most.
CREATE TABLE signing_key (
    number BIGINT PRIMARY KEY,
    kid TEXT NOT NULL UNIQUE,
    sealed TEXT NOT NULL,
    published BIGINT NOT NULL,
    signs BIGINT NOT NULL,
    token_lifetime BIGINT NOT NULL
);
