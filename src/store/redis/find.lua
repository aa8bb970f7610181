local handle = redis.call('GET', id_key(ARGV[1]))
if not handle then return {} end
return found(handle)
