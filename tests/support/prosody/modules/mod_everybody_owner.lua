-- On the rooms: makes everybody a moderator, as Jicofo's `enable-auto-owner` and `muc_allowners` do.

local jid = require "util.jid";

module:hook("muc-occupant-joined", function (event)
	event.room:set_affiliation(true, jid.bare(event.occupant.bare_jid), "owner");
end, -10);
