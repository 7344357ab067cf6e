--[[
  Put an import in force: what was put aside takes the place of the event, all of it or nothing.

  KEYS[1] meta of the event; KEYS[2] pending, KEYS[3] fingerprints of the event: they go
  KEYS[4 ...] the keys that were put aside, and then, in the same order, those of the event; the first is `meta`
  ARGV[1] 1 when an event that is there is replaced; 0 when not; the name of an archive when only an event is replaced
          that is in the archive store under that name
  ARGV[2 ...] how much there must be in each key that was put aside; -1 for any

  Returns 'adopted' | 'event-exists' (and it may not be replaced) | 'lost' (something put aside has expired)
]]
if ARGV[1] ~= '1' and redis.call('HGET', KEYS[1], 'stored') ~= ARGV[1] and redis.call('HGET', KEYS[1], 'status') then
  return 'event-exists'
end

local SIZE = { hash = 'HLEN', zset = 'ZCARD', set = 'SCARD', stream = 'XLEN', string = 'EXISTS' }
local count = (#KEYS - 3) / 2
for i = 1, count do
  local size = SIZE[redis.call('TYPE', KEYS[3 + i]).ok]
  local there = size and redis.call(size, KEYS[3 + i]) or 0
  local expected = tonumber(ARGV[1 + i])
  if expected >= 0 and there ~= expected then return 'lost' end
end

redis.call('UNLINK', KEYS[2], KEYS[3])
for i = 4, 3 + count do
  redis.call('UNLINK', KEYS[i + count])
  if redis.call('EXISTS', KEYS[i]) == 1 then
    redis.call('RENAME', KEYS[i], KEYS[i + count])
    redis.call('PERSIST', KEYS[i + count])
  end
end
return 'adopted'
