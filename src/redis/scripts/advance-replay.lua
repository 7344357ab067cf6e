--[[
  Move a replay on, once: its position is written before its lines are announced, in one step.

  KEYS[1] replay  hash { state, from, to, seq, lap, sentAt, played, ... }
  KEYS[2] feed    stream, entry id <seq>-0, field `line`
  KEYS[3] purged  hash, seq -> the line that stands for a taken-down one
  KEYS[4] lines   channel of the rehearsal room
  ARGV[1] lap that the caller saw
  ARGV[2] seq that the caller saw as the last one sent
  ARGV[3] seq to send up to
  ARGV[4] when the last of them was due, in ms
  ARGV[5] 'running' when the replay must be running; 'any' for a step
  ARGV[6] how many lines are announced as they are. Of more, one empty message tells: rooms read them at their own pace,
          and the buffer of a gateway that is slow does not grow in Redis
  ARGV[7] 'feed' | 'stored': where the lines are. Those of an event that was moved to the archive store are given:
  ARGV[8...] the lines to announce, when they are few enough

  Returns 1 when it moved, 0 when the replay is not where the caller saw it: read it again.
  A feed that is shorter than the replay (its tail was lost) ends it where the feed ends.
]]
local replay, feed, purged, lines = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local state = redis.call('HMGET', replay, 'state', 'lap', 'seq', 'to')
if not state[1] or state[2] ~= ARGV[1] or state[3] ~= ARGV[2] then return 0 end
if ARGV[5] == 'running' and state[1] ~= 'running' then return 0 end

local isStored = ARGV[7] == 'stored'
local function lineAt(seq)
  if isStored then return ARGV[7 + seq - tonumber(ARGV[2])] end
  local entry = redis.call('XRANGE', feed, seq .. '-0', seq .. '-0')[1]
  return entry and entry[2][2] or redis.call('HGET', purged, seq)
end

local last, from = tonumber(state[4]), tonumber(ARGV[2]) + 1
local to = math.min(tonumber(ARGV[3]), last)
if to < from then return 0 end
if not isStored and not lineAt(to) then
  while to >= from and not lineAt(to) do to = to - 1 end
  last = to
  redis.call('HSET', replay, 'to', last)
end
redis.call('HSET', replay, 'seq', to, 'sentAt', ARGV[4], 'played', 0)
if to == last then redis.call('HSET', replay, 'state', 'ended') end
if to - from >= tonumber(ARGV[6]) then
  redis.call('SPUBLISH', lines, '')
else
  for seq = from, to do redis.call('SPUBLISH', lines, lineAt(seq)) end
end
return 1
