-- What Prosody needs, in a file of its own beside the one that Jitsi's packages write: put the settings that are marked
-- into the sections of the same name in /etc/prosody/conf.avail/meet.example.com.cfg.lua, and leave the rest of them as
-- it is. `roomkey jitsi print prosody` prints them for your own roomkey.toml. Then: prosodyctl check config && systemctl restart prosody jicofo jitsi-videobridge2

plugin_paths = { "/usr/share/jitsi-meet/prosody-plugins/" }
muc_mapper_domain_base = "meet.example.com"

VirtualHost "meet.example.com"
    -- mark: tokens instead of everybody
    authentication = "token"
    app_id = "roomkey"                       -- meeting.app_id
    app_secret = "replace-by-the-content-of-/etc/roomkey/secrets/jitsi"
    signature_algorithm = "HS256"            -- meeting.signing.algorithm
    allow_empty_token = false
    asap_accepted_issuers = { "roomkey" }    -- meeting.app_id again
    asap_accepted_audiences = { "jitsi" }    -- meeting.audience
    enable_domain_verification = true        -- a token of one tenant opens no room of another; meeting.subject is this host
    -- end of mark

Component "conference.meet.example.com" "muc"
    restrict_room_creation = true
    storage = "memory"
    muc_room_locking = false
    muc_room_default_public_jids = true
    modules_enabled = {
        "muc_meeting_id";
        "muc_domain_mapper";
        "polls";
        "muc_rate_limit";
        -- mark
        "token_verification";                -- without it a token for one room opens all
        "token_affiliation";                 -- without it nobody becomes moderator by a token
        -- end of mark
    }
