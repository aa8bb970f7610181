-- A Jitsi deployment's Prosody as Debian's packages set it up, less what a token has nothing to do with.
-- The test fills in the places between double braces.

run_as_root = true
pidfile = "{{folder}}/prosody.pid"
data_path = "{{folder}}"
certificates = "{{folder}}"
plugin_paths = { "{{modules}}" }
log = { { levels = { min = "info" }, to = "file", filename = "{{folder}}/prosody.log" } }
storage = "memory"
interfaces = { "127.0.0.1" }
c2s_ports = {}
s2s_ports = {}
http_ports = { {{port}} }
http_interfaces = { "127.0.0.1" }
https_ports = {}
http_default_host = "meet.test"
consider_bosh_secure = true
consider_websocket_secure = true
bosh_max_inactivity = 5
-- Modules that a deployment of its own does not need, and that would open ports or write files.
modules_disabled = { "s2s", "offline", "tls" }
modules_enabled = { "saslauth", "disco", "bosh", "websocket" }
http_paths = { bosh = "/http-bind", websocket = "/xmpp-websocket" }
admins = { "focus@auth.meet.test" }

VirtualHost "meet.test"
	modules_enabled = { "bosh", "websocket" }
{{host}}

Component "conference.meet.test" "muc"
	restrict_room_creation = true
	muc_room_locking = false
	muc_room_default_public_jids = true
	modules_enabled = { {{room_modules}} }

{{components}}
