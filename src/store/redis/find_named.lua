return found(ARGV[1])
