-- On the rooms: makes the token's affiliation the person's own.

local jid = require "util.jid";
local MODERATORS = { owner = true, moderator = true, teacher = true };

module:hook("muc-occupant-joined", function (event)
	local user = event.origin and event.origin.jitsi_meet_context_user;
	if type(user) ~= "table" then return; end
	local moderator = MODERATORS[user.affiliation] or user.moderator == true or user.moderator == "true";
	event.room:set_affiliation(true, jid.bare(event.occupant.bare_jid), moderator and "owner" or "member");
end);
