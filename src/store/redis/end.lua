return end_session(ARGV[1])
