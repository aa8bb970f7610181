-- Most logins have no session at their provider to be found by: an index without them costs those nothing.
DROP INDEX session_identity_sid;
CREATE INDEX session_identity_sid ON session_identity (sid) WHERE sid IS NOT NULL;
