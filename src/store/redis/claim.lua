local handle, provider = ARGV[1], ARGV[2]
local confirmed, now, lease = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
local key, fields = session_key(handle), fields_of(handle)
local function number(field) return tonumber(fields[field .. ':' .. provider]) end
if not number('turn') or number('confirmed') ~= confirmed or number('lease') > now or number('retry') > now then
    return false
end
local turn = number('turn') + 1
redis.call('HSET', key, 'turn:' .. provider, turn, 'lease:' .. provider, lease)
return {turn, fields['tether:' .. provider]}
