local handle, provider, turn, retry = unpack(ARGV)
local key = session_key(handle)
if redis.call('HGET', key, 'turn:' .. provider) == turn then
    redis.call('HSET', key, 'lease:' .. provider, 0, 'retry:' .. provider, retry)
end
return redis.status_reply('OK')
