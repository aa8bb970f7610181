local handle, id, device, now, ends, fate, previous = unpack(ARGV, 1, 7)
local provider, person, sid, identity, tether = unpack(ARGV, 8, 12)
ends = tonumber(ends)
local created, turn = now, 0
if fate == 'ends' then
    end_session(previous)
elseif fate == 'continues' then
    local before = fields_of(previous)
    if before.id then
        handle, created = previous, before.created
        redis.call('DEL', id_key(before.id))
        turn = tonumber(before['turn:' .. provider] or '-1') + 1
        for _, kind in ipairs({'person', 'sid'}) do
            local value = before[kind .. ':' .. provider]
            if value and value ~= '' then redis.call('SREM', index_key(kind, value), handle) end
        end
    end
end
redis.call('HSET', session_key(handle), 'id', id, 'device', device, 'created', created, 'last_used', now,
    'person:' .. provider, person, 'sid:' .. provider, sid, 'identity:' .. provider, identity,
    'tether:' .. provider, tether, 'since:' .. provider, now, 'confirmed:' .. provider, now,
    'turn:' .. provider, turn, 'lease:' .. provider, 0, 'retry:' .. provider, 0)
redis.call('SET', id_key(id), handle)
last_until(handle, fields_of(handle), ends)
return redis.status_reply('OK')
