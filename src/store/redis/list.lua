local person, now, listed = index_key('person', ARGV[1]), tonumber(ARGV[2]), {}
for _, handle in ipairs(redis.call('SMEMBERS', person)) do
    local fields = fields_of(handle)
    if not fields.id then
        redis.call('SREM', person, handle)
    elseif tonumber(fields.ends) > now then
        listed[#listed + 1] = {handle, fields.device, tonumber(fields.created), tonumber(fields.last_used)}
    end
end
return listed
