local ended = 0
for _, handle in ipairs(redis.call('SMEMBERS', ARGV[1])) do
    ended = ended + end_session(handle)
end
redis.call('DEL', ARGV[1])
return ended
