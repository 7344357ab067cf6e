--[[
  Take from what one sender may do: a bucket of `most` points that fills up again over a time. What is refused takes nothing.

  KEYS[1] limit  hash { level: points that are taken and have not come back, at: when that was, in ms }; expires when full
  ARGV[1] points to take
  ARGV[2] (not used)
  ARGV[3] most
  ARGV[4] in so many seconds all of it comes back

  Returns { points taken, ms until all is back }; of what is refused { most + 1, ms until there is room for it }
]]
local time = redis.call('TIME') -- of Redis: processes on machines whose clocks differ count together
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local cost, most = tonumber(ARGV[1]), tonumber(ARGV[3])
local perMs = most / (tonumber(ARGV[4]) * 1000)

local known = redis.call('HMGET', KEYS[1], 'level', 'at')
local elapsed = math.max(0, now - tonumber(known[2] or now))
local level = math.max(0, tonumber(known[1] or 0) - elapsed * perMs)
if level + cost > most then return { most + 1, math.ceil((level + cost - most) / perMs) } end
level = level + cost
redis.call('HSET', KEYS[1], 'level', level, 'at', string.format('%.0f', now))
local fullInMs = math.ceil(level / perMs)
redis.call('PEXPIRE', KEYS[1], fullInMs + 1000)
return { math.ceil(level), fullInMs }
