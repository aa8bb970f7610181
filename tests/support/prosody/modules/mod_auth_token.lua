-- Authentication "token": SASL ANONYMOUS for whoever brings a good token as `?token=` of the BOSH or WebSocket address.

local formdecode = require "net.http".formdecode;
local new_id = require "util.id".medium;
local sasl = require "util.sasl";
local tokens = module:require "token_check" (module, true);

local function take_token(event)
	local query = event.request.url and event.request.url.query;
	local given = query and formdecode(query);
	event.session.auth_token = type(given) == "table" and given.token or nil;
end
module:hook_global("bosh-session", take_token);
module:hook_global("websocket-session", take_token);

sasl.registerMechanism("ANONYMOUS", { "anonymous" }, function (self)
	local username = new_id():lower();
	local good, condition, reason = self.profile.anonymous(self, username, self.realm);
	if good ~= true then return "failure", condition, reason; end
	self.username = username;
	return "success";
end);

local provider = {};
function provider.test_password() return nil, "token only"; end
function provider.get_password() return nil; end
function provider.set_password() return nil, "token only"; end
function provider.user_exists() return nil; end
function provider.create_user() return nil; end
function provider.get_sasl_handler(session)
	return sasl.new(module.host, { anonymous = function () return tokens.connect(session); end });
end
module:provides("auth", provider);
