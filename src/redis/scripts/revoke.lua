--[[
  Revoke a token, or all that were issued to somebody until now, and tell every process. The audit trail says so.
  Takes at most 1,000 revocations off the list that no token can need any more; all of it expires when the last one has
  grown so old.

  KEYS[1] revocations         hash, jti:<id> or sub:<sub> -> record
  KEYS[2] revocation-times    sorted set, the same fields by when in ms
  KEYS[3] revocations-state   string, another one after each revocation
  KEYS[4] revocations-changed channel: told `changed`
  KEYS[5] audit               stream of what ops did to anything, field `entry`
  ARGV[1] field
  ARGV[2] record as JSON
  ARGV[3] now in ms
  ARGV[4] longest life of a token in ms
  ARGV[5] the new state, never used before
  ARGV[6] what the audit trail says of it

  Returns the record that stands now: an earlier clock takes nothing back
]]
local now = tonumber(ARGV[3])
redis.call('XADD', KEYS[5], 'MAXLEN', '~', 10000, '*', 'entry', ARGV[6])
for _, old in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', now - tonumber(ARGV[4]), 'LIMIT', 0, 1000)) do
  redis.call('ZREM', KEYS[2], old)
  redis.call('HDEL', KEYS[1], old)
end
local before = redis.call('ZSCORE', KEYS[2], ARGV[1])
if not before or tonumber(before) < now then
  redis.call('ZADD', KEYS[2], ARGV[3], ARGV[1])
  redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
end
redis.call('SET', KEYS[3], ARGV[5])
for i = 1, 3 do redis.call('PEXPIRE', KEYS[i], ARGV[4]) end
redis.call('SPUBLISH', KEYS[4], 'changed')
return redis.call('HGET', KEYS[1], ARGV[1])
