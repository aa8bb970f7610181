local handle = redis.call('GET', id_key(ARGV[1]))
if not handle then return {} end
local found = {handle}
local flat = redis.call('HGETALL', session_key(handle))
if #flat == 0 then return {} end
for i = 1, #flat, 2 do
    if string.sub(flat[i], 1, 7) ~= 'tether:' then
        found[#found + 1] = flat[i]
        found[#found + 1] = flat[i + 1]
    end
end
return found
