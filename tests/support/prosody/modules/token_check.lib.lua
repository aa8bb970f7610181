-- Checks a token as Jitsi Meet's `token` authentication does: on connecting by `connect`, on joining a room by `join`.
-- The rules and the words of each refusal are those of JITSI.md, "The token".

local async = require "util.async";
local hashes = require "util.hashes";
local hex = require "util.hex";
local http = require "net.http";
local jid = require "util.jid";
local json = require "cjson.safe";
local base64 = require "util.encodings".base64;
local bignum = require "openssl.bignum";
local digest = require "openssl.digest";
local hmac = require "openssl.hmac";
local pkey = require "openssl.pkey";

local DIGESTS = {
	HS256 = "sha256", HS384 = "sha384", HS512 = "sha512", RS256 = "sha256", RS384 = "sha384", RS512 = "sha512",
};
-- A key that left the JWKS is good for 90 minutes more.
local DROPPED_KEY_SECONDS = 90 * 60;
local DEFAULT_REFRESH_SECONDS = 6 * 60 * 60;

local function decode(text)
	if not text or text:find("[^%w_-]") then return nil; end
	return base64.decode((text:gsub("[-_]", { ["-"] = "+", ["_"] = "/" }) .. ("="):rep(-#text % 4)));
end

local function rsa_key(n, e)
	local key = pkey.new { type = "RSA", bits = 512 };
	key:setParameters { n = bignum.fromBinary(decode(n)), e = bignum.fromBinary(decode(e)) };
	return pkey.new(key:toPEM("public"));
end

local function listed(value, accepted)
	for _, entry in ipairs(accepted) do
		if entry == "*" or entry == value then return true; end
	end
	return false;
end

-- `context` is the module of the host whose settings count; only where people connect are keys needed.
local function checks(context, connects)
	local app_id = context:get_option_string("app_id");
	local app_secret = context:get_option_string("app_secret");
	local key_server = context:get_option_string("asap_key_server");
	local keys_url = context:get_option_string("cache_keys_url");
	local issuers = context:get_option_array("asap_accepted_issuers", { app_id });
	local audiences = context:get_option_array("asap_accepted_audiences", { "*" });
	local require_room = context:get_option_boolean("asap_require_room_claim", true);
	local verify_domain = context:get_option_boolean("enable_domain_verification", true);
	local allow_empty = context:get_option_boolean("allow_empty_token", false);
	local algorithm = context:get_option_string("signature_algorithm", app_secret and "HS256" or "RS256");
	local base_domain = context:get_option_string("muc_mapper_domain_base", context.host);
	-- How wrong this machine's clock is, in seconds: a test cannot set the real one.
	local clock_error = context:get_option_number("token_clock_error", 0);

	local fetched_keys = {}; -- kid -> pkey, from the key server, until Prosody restarts
	local cached_keys = {}; -- kid -> { key, dropped_at }, from the JWKS

	local function take_keys(body)
		local now, listed = os.time(), {};
		local set = json.decode(body);
		if type(set) ~= "table" or type(set.keys) ~= "table" then return; end
		for _, jwk in ipairs(set.keys) do
			if jwk.kty == "RSA" and jwk.kid then
				listed[jwk.kid] = true;
				cached_keys[jwk.kid] = { key = rsa_key(jwk.n, jwk.e) };
			end
		end
		for kid, entry in pairs(cached_keys) do
			if not listed[kid] then
				entry.dropped_at = entry.dropped_at or now;
				if entry.dropped_at + DROPPED_KEY_SECONDS < now then cached_keys[kid] = nil; end
			end
		end
	end

	local function refresh_keys()
		http.request(keys_url, nil, function (body, code, response)
			local after = DEFAULT_REFRESH_SECONDS;
			if code == 200 then
				take_keys(body);
				local max_age = (response.headers["cache-control"] or ""):match("max%-age=(%d+)");
				if max_age then after = math.max(tonumber(max_age) - 60, 1); end
				module:log("info", "Keys fetched, again in %d seconds", after);
			else
				module:log("warn", "Keys not fetched: %s", tostring(code));
				after = 60;
			end
			module:add_timer(after, refresh_keys);
		end);
	end
	if keys_url and connects then refresh_keys(); end

	local function fetch_key(kid)
		local wait, done = async.waiter();
		local found;
		local url = key_server:gsub("/$", "") .. "/" .. hex.encode(hashes.sha256(kid)) .. ".pem";
		http.request(url, nil, function (body, code)
			if code == 200 then
				local parsed, key = pcall(pkey.new, body);
				if parsed then found = key; end
			end
			done();
		end);
		wait();
		return found;
	end

	local function public_key(kid)
		local cached = cached_keys[kid];
		if cached then return cached.key; end
		if not fetched_keys[kid] and key_server then fetched_keys[kid] = fetch_key(kid); end
		return fetched_keys[kid];
	end

	local function signed_by(signed, signature, key)
		if algorithm:sub(1, 2) == "HS" then
			return hashes.equals(hmac.new(key, DIGESTS[algorithm]):final(signed), signature);
		end
		local sum = digest.new(DIGESTS[algorithm]);
		sum:update(signed);
		local checked, good = pcall(key.verify, key, signature, sum);
		return checked and good;
	end

	-- The claims of a good token, or nothing and why not.
	local function verify(token)
		local head, body, tail = token:match("^([^.]*)%.([^.]*)%.([^.]*)$");
		local header, claims = json.decode(decode(head) or ""), json.decode(decode(body) or "");
		local signature = decode(tail);
		if type(header) ~= "table" or type(claims) ~= "table" or not signature then return nil, "Invalid signature"; end
		local key = app_secret;
		if key_server or keys_url then
			if type(header.kid) ~= "string" then return nil, "'kid' claim is missing"; end
			key = public_key(header.kid);
			if not key then return nil, "could not obtain public key"; end
		end
		if header.typ ~= "JWT" then return nil, "Invalid typ"; end
		if header.alg ~= algorithm then return nil, "Invalid or incorrect alg"; end
		if not signed_by(head .. "." .. body, signature, key) then return nil, "Invalid signature"; end
		if type(claims.iss) ~= "string" or not listed(claims.iss, issuers) then return nil, "invalid 'iss' claim"; end
		if type(claims.aud) ~= "string" or not listed(claims.aud, audiences) then return nil, "invalid 'aud' claim"; end
		local now = os.time() + clock_error;
		if claims.exp and now >= claims.exp then return nil, ("Not acceptable by exp (%d)"):format(now - claims.exp); end
		if claims.nbf and now < claims.nbf then return nil, "Not acceptable by nbf"; end
		if require_room and claims.room == nil then return nil, "'room' claim is missing"; end
		if claims.sub == nil then return nil, "'sub' claim is missing"; end
		return claims;
	end

	local function connect(session)
		if not session.auth_token then
			if allow_empty then return true; end
			return false, "not-allowed", "token required";
		end
		local claims, reason = verify(session.auth_token);
		if not claims then
			module:log("warn", "Error verifying token err:not-allowed, reason:%s", reason);
			return false, "not-allowed", reason;
		end
		session.jitsi_meet_room = claims.room;
		session.jitsi_meet_domain = claims.sub;
		session.jitsi_meet_context_user = type(claims.context) == "table" and claims.context.user or nil;
		return true;
	end

	local function join(session, room_jid)
		if not session.auth_token then return allow_empty, "token required"; end
		local node = jid.node(room_jid);
		local tenant, name = node:match("^%[([^%]]+)%](.+)$");
		name = name or node;
		local room = session.jitsi_meet_room;
		if room ~= nil and room ~= "*" and room:lower() ~= name then
			return false, "Room does not match the room from token";
		end
		local domain = session.jitsi_meet_domain;
		if verify_domain and domain ~= "*" and domain:lower() ~= (tenant or base_domain) then
			return false, "Room and token mismatched";
		end
		return true;
	end

	return { connect = connect, join = join };
end

return checks;
