--[[
  Put a whole submission in the place of an outbox record that cannot be read, if nothing has changed meanwhile.

  KEYS[1] outbox       hash, accept number -> submission as JSON
  KEYS[2] outbox-times sorted set, accept number by time of accept in ms
  ARGV[1] accept number
  ARGV[2] the record as it was seen; '' for none
  ARGV[3] what takes its place

  Returns 1 when it was put there, or 0
]]
if not redis.call('ZSCORE', KEYS[2], ARGV[1]) then return 0 end
if (redis.call('HGET', KEYS[1], ARGV[1]) or '') ~= ARGV[2] then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
return 1
