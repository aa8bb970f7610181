-- Besides people with a token, guests without: they wait in the lobby until somebody with a token is there.
-- Put these into the same file as those of roomkey.cfg.lua, and set hosts.anonymousdomain = 'guest.meet.example.com'
-- in /etc/jitsi/meet/meet.example.com-config.js. The same for your own roomkey.toml: roomkey jitsi print prosody --guests

VirtualHost "meet.example.com"
    modules_enabled = {
        -- those that are there, and:
        "muc_lobby_rooms";
        "persistent_lobby";                  -- the lobby is there before the first person is
    }
    lobby_muc = "lobby.meet.example.com"
    main_muc = "conference.meet.example.com"

VirtualHost "guest.meet.example.com"
    authentication = "jitsi-anonymous"
    c2s_require_encryption = false

Component "conference.meet.example.com" "muc"
    modules_enabled = {
        -- those that are there, and:
        "token_verification";
        "token_affiliation";
        "muc_wait_for_host";
    }
    -- Otherwise whoever comes with a token becomes moderator, whatever Roomkey's rules say.
    wait_for_host_disable_auto_owners = true
