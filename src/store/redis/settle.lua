local handle, provider, turn, sid, identity, tether, confirmed = unpack(ARGV)
local key, fields = session_key(handle), fields_of(handle)
if fields['turn:' .. provider] ~= turn then return 0 end
local former = fields['sid:' .. provider]
if former ~= sid and former ~= '' then redis.call('SREM', index_key('sid', former), handle) end
redis.call('HSET', key, 'sid:' .. provider, sid, 'identity:' .. provider, identity, 'tether:' .. provider, tether,
    'confirmed:' .. provider, confirmed, 'lease:' .. provider, 0, 'retry:' .. provider, 0)
index('sid', sid, handle, tonumber(fields.ends))
return 1
