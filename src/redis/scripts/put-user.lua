--[[
  Add, change or remove somebody of the newsroom, unless another one did so meanwhile. The audit trail says who did what.

  KEYS[1] users  hash, sub -> record as JSON
  KEYS[2] audit  stream of what ops did to anything, field `entry`
  ARGV[1] sub
  ARGV[2] the record that was read, or '' when there was none
  ARGV[3] the record to keep, or '' to remove it
  ARGV[4] what the audit trail says of it

  Returns 1, or 0 when another record stands there: nothing was done then
]]
if (redis.call('HGET', KEYS[1], ARGV[1]) or '') ~= ARGV[2] then return 0 end
redis.call('XADD', KEYS[2], 'MAXLEN', '~', 10000, '*', 'entry', ARGV[4])
if ARGV[3] == '' then redis.call('HDEL', KEYS[1], ARGV[1]) else redis.call('HSET', KEYS[1], ARGV[1], ARGV[3]) end
return 1
