--[[
  Take a stray off the list for good. It is kept whole, with who did it, when and why, and the audit trail says so.

  KEYS[1] strays           hash, id -> reason as JSON, newline, what was found
  KEYS[2] discarded-strays hash, id -> what the audit trail says, newline, record of `strays`
  KEYS[3] audit            stream of what ops did to anything, field `entry`
  ARGV[1] id
  ARGV[2] what the audit trail says of it

  Returns 1, or 0 when there is no such stray
]]
local record = redis.call('HGET', KEYS[1], ARGV[1])
if not record then return 0 end
redis.call('HSET', KEYS[2], ARGV[1], ARGV[2] .. '\n' .. record)
redis.call('HDEL', KEYS[1], ARGV[1])
redis.call('XADD', KEYS[3], 'MAXLEN', '~', 10000, '*', 'entry', ARGV[2])
return 1
