local handle, now, ends = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local fields = fields_of(handle)
if fields.id and tonumber(fields.last_used) < now then
    redis.call('HSET', session_key(handle), 'last_used', now)
    last_until(handle, fields, ends)
end
return redis.status_reply('OK')
