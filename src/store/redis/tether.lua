return redis.call('HGET', session_key(ARGV[1]), 'tether:' .. ARGV[2])
