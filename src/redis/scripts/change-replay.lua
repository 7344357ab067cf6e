--[[
  Change a replay that is under way. What has been played of the interval before the next entry stays played: a pause
  keeps it, and another speed divides what is left of it.

  KEYS[1] replay   hash { state, from, to, seq, lap, speed, sentAt, played, maxSilenceMs, ... }
  KEYS[2] control  channel: told `changed`
  ARGV[1] now in ms
  ARGV[2] state to be in, or ''
  ARGV[3] speed, or ''
  ARGV[4] seq to seek to (the next one to be sent), or ''

  Returns 'changed' | 'not-found' | 'out-of-range' (the seq is not in this replay)
]]
local replay, control = KEYS[1], KEYS[2]
local now = tonumber(ARGV[1])
local read = redis.call('HMGET', replay, 'from', 'to', 'state', 'speed', 'sentAt', 'played', 'maxSilenceMs')
local from, to, state, speed = tonumber(read[1]), tonumber(read[2]), read[3], read[4]
if not from then return 'not-found' end

-- How many ms of the feed go by in one of now; nil while intervals do not count.
local function pace(ofState, ofSpeed)
  return ofState == 'running' and tonumber(ofSpeed) or nil
end

local before = pace(state, speed)
local played = before and math.max(0, now - tonumber(read[5])) * before or tonumber(read[6] or '0')

if ARGV[4] ~= '' then
  local seq = tonumber(ARGV[4])
  if seq < from or seq > to then return 'out-of-range' end
  redis.call('HSET', replay, 'seq', seq - 1)
  redis.call('HINCRBY', replay, 'lap', 1)
  if state == 'ended' then state = 'running' end
  played = 0
end
if ARGV[3] ~= '' then speed = ARGV[3] end
if ARGV[2] ~= '' and state ~= 'ended' then state = ARGV[2] end

local after = pace(state, speed)
local sentAt = now
if after then
  local waited = played / after
  -- A silence that was cut is not made up for.
  sentAt = now - math.min(waited, tonumber(read[7] or '') or waited)
  played = 0
end
redis.call('HSET', replay, 'state', state, 'speed', speed)
redis.call('HSET', replay, 'sentAt', string.format('%.3f', sentAt), 'played', string.format('%.3f', played))
redis.call('SPUBLISH', control, 'changed')
return 'changed'
