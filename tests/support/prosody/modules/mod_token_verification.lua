-- On the rooms: lets a token into its own room only.

local st = require "util.stanza";
local is_admin = require "core.usermanager".is_admin;
local host = module:get_option_string("token_host", module.host:gsub("^[^.]+%.", ""));
local tokens = module:require "token_check" (module:context(host), false);

local function refuse(origin, stanza, condition, text, element)
	local reply = st.error_reply(stanza, "cancel", condition, text);
	reply:tag(element, { xmlns = "http://jitsi.org/jitmeet" }):up();
	origin.send(reply);
	return true;
end

local function check(event)
	local origin, stanza = event.origin, event.stanza;
	if is_admin(stanza.attr.from, host) then return; end
	local good, reason = tokens.join(origin, event.room and event.room.jid or stanza.attr.to);
	if not good then
		module:log("error", "Token %s not allowed to join: %s", tostring(origin.auth_token), reason);
		return refuse(origin, stanza, "not-allowed", reason, "room-mismatch");
	end
end
module:hook("muc-occupant-pre-join", check, 99);
module:hook("muc-room-pre-create", function (event)
	if is_admin(event.stanza.attr.from, host) then return; end
	return check(event)
		or refuse(event.origin, event.stanza, "item-not-found", "room does not exist", "room-does-not-exist");
end, 99);
