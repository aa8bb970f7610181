local function session_key(handle) return 'roomkey:session:' .. handle end
local function id_key(id) return 'roomkey:id:' .. id end
local function index_key(kind, value) return 'roomkey:' .. kind .. ':' .. value end

-- Index sets live as long as the longest session in them.
local function index(kind, value, handle, ends)
    if value == '' then return end
    local key = index_key(kind, value)
    redis.call('SADD', key, handle)
    if ends > redis.call('EXPIRETIME', key) then redis.call('EXPIREAT', key, ends) end
end

-- All that a session's hash says, by field; empty if it has ended.
local function fields_of(handle)
    local flat, fields = redis.call('HGETALL', session_key(handle)), {}
    for i = 1, #flat, 2 do fields[flat[i]] = flat[i + 1] end
    return fields
end

local function last_until(handle, fields, ends)
    redis.call('HSET', session_key(handle), 'ends', ends)
    redis.call('EXPIREAT', session_key(handle), ends)
    redis.call('EXPIREAT', id_key(fields.id), ends)
    for field, value in pairs(fields) do
        local kind = string.match(field, '^(%a+):')
        if kind == 'person' or kind == 'sid' then index(kind, value, handle, ends) end
    end
end

local function end_session(handle)
    local fields = fields_of(handle)
    if not fields.id then return 0 end
    redis.call('DEL', session_key(handle), id_key(fields.id))
    for field, value in pairs(fields) do
        local kind = string.match(field, '^(%a+):')
        if (kind == 'person' or kind == 'sid') and value ~= '' then
            redis.call('SREM', index_key(kind, value), handle)
        end
    end
    return 1
end

-- A session as a request finds it: its handle, then fields and values, all but the tethers; empty if it has ended.
local function found(handle)
    local flat, answer = redis.call('HGETALL', session_key(handle)), {handle}
    if #flat == 0 then return {} end
    for i = 1, #flat, 2 do
        if string.sub(flat[i], 1, 7) ~= 'tether:' then
            answer[#answer + 1] = flat[i]
            answer[#answer + 1] = flat[i + 1]
        end
    end
    return answer
end

