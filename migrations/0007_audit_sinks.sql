-- How far the audit trail has been sent on: all records up to `delivered` have arrived, those up to `tried` may have. Whoever holds the
-- row until `lease`, in Unix seconds, is the only one who sends.
CREATE TABLE audit_sink (
    name TEXT PRIMARY KEY,
    delivered BIGINT NOT NULL,
    tried BIGINT NOT NULL,
    holder TEXT NOT NULL,
    lease BIGINT NOT NULL
);
