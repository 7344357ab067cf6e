--[[
  Change a replay that is under way.

  KEYS[1] replay   hash { state, from, to, seq, lap, speed, sentAt, ... }
  KEYS[2] control  channel: told `changed`
  ARGV[1] now in ms
  ARGV[2] state to be in, or ''
  ARGV[3] speed, or ''
  ARGV[4] seq to seek to (the next one to be sent), or ''

  Returns 'changed' | 'not-found' | 'out-of-range' (the seq is not in this replay)
]]
local replay, control = KEYS[1], KEYS[2]
local range = redis.call('HMGET', replay, 'from', 'to', 'state')
if not range[1] then return 'not-found' end

if ARGV[4] ~= '' then
  local seq = tonumber(ARGV[4])
  if seq < tonumber(range[1]) or seq > tonumber(range[2]) then return 'out-of-range' end
  redis.call('HSET', replay, 'seq', seq - 1, 'sentAt', ARGV[1])
  redis.call('HINCRBY', replay, 'lap', 1)
  if range[3] == 'ended' then redis.call('HSET', replay, 'state', 'running') end
end
if ARGV[3] ~= '' then redis.call('HSET', replay, 'speed', ARGV[3]) end
if ARGV[2] ~= '' and redis.call('HGET', replay, 'state') ~= 'ended' then
  redis.call('HSET', replay, 'state', ARGV[2], 'sentAt', ARGV[1])
end
redis.call('SPUBLISH', control, 'changed')
return 'changed'
