--[[
  Move a replay on, once: its position is written before its lines are announced, in one step.

  KEYS[1] replay  hash { state, from, to, seq, lap, sentAt, ... }
  KEYS[2] feed    stream, entry id <seq>-0, field `line`
  KEYS[3] purged  hash, seq -> the line that stands for a taken-down one
  KEYS[4] lines   channel of the rehearsal room
  ARGV[1] lap that the caller saw
  ARGV[2] seq that the caller saw as the last one sent
  ARGV[3] seq to send up to
  ARGV[4] when the last of them was due, in ms
  ARGV[5] 'running' when the replay must be running; 'any' for a step

  Returns 1 when it moved, 0 when the replay is not where the caller saw it: read it again.
]]
local replay, feed, purged, lines = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local state = redis.call('HMGET', replay, 'state', 'lap', 'seq', 'to')
if not state[1] or state[2] ~= ARGV[1] or state[3] ~= ARGV[2] then return 0 end
if ARGV[5] == 'running' and state[1] ~= 'running' then return 0 end

local from, to = tonumber(ARGV[2]) + 1, math.min(tonumber(ARGV[3]), tonumber(state[4]))
if to < from then return 0 end
redis.call('HSET', replay, 'seq', to, 'sentAt', ARGV[4])
if to == tonumber(state[4]) then redis.call('HSET', replay, 'state', 'ended') end
for seq = from, to do
  local entry = redis.call('XRANGE', feed, seq .. '-0', seq .. '-0')[1]
  redis.call('SPUBLISH', lines, entry and entry[2][2] or redis.call('HGET', purged, seq))
end
return 1
