--[[
  Put fields of an import aside.

  KEYS[1] the key, one that nobody reads yet
  ARGV[1] how long it stands, in ms
  ARGV[2] its type: hash, zset (the value is the score) or set (the value is nothing)
  ARGV[3 ...] field, value, field, value ...

  Returns how many fields were put aside.
]]
for i = 3, #ARGV, 2 do
  if ARGV[2] == 'hash' then
    redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1])
  elseif ARGV[2] == 'zset' then
    redis.call('ZADD', KEYS[1], ARGV[i + 1], ARGV[i])
  else
    redis.call('SADD', KEYS[1], ARGV[i])
  end
end
redis.call('PEXPIRE', KEYS[1], ARGV[1])
return (#ARGV - 2) / 2
