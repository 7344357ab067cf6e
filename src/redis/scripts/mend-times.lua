--[[
  See to it that every accept number that has not ended stands in `outbox-times`, where the sweeper finds it. Cheap while
  that is so.

  KEYS[1] meta         hash { accepted, head }
  KEYS[2] outbox-times sorted set, accept number by time of accept in ms
  KEYS[3] passed       set of accept numbers that were passed over
  ARGV[1] now in ms
  ARGV[2] at most so many numbers are looked at

  Returns the numbers that were missing; they count as accepted now
]]
local state = redis.call('HMGET', KEYS[1], 'accepted', 'head')
if not state[1] or not state[2] then return {} end
local accepted, head = tonumber(state[1]), tonumber(state[2])
local open = accepted - head + redis.call('SCARD', KEYS[3])
if open == redis.call('ZCARD', KEYS[2]) then return {} end

local missing = {}
local function look(number)
  if redis.call('ZADD', KEYS[2], 'NX', ARGV[1], number) == 1 then missing[#missing + 1] = tonumber(number) end
end
local most = tonumber(ARGV[2])
for number = head + 1, math.min(accepted, head + most) do look(number) end
if redis.call('SCARD', KEYS[3]) <= most then
  for _, number in ipairs(redis.call('SMEMBERS', KEYS[3])) do look(number) end
end
return missing
