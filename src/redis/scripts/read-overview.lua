--[[
  One event as ops see it, of one moment and in bounded work: a busy feed is asked for at most some 40 of its lines.

  KEYS[1] meta            hash { accepted, head, seq, at }
  KEYS[2] event           string, the event as JSON
  KEYS[3] feed            stream, entry id <seq>-0, field `line`
  KEYS[4] outbox-times    sorted set, accept number by time of accept in ms
  KEYS[5] dead            hash
  KEYS[6] held            hash
  KEYS[7] audience        hash, process id -> "<ms> <sockets> <streams>"
  KEYS[8] audience-totals hash { peak }
  KEYS[9] purged          hash, seq -> line
  KEYS[10], KEYS[11] pollers HyperLogLogs of who waited for entries by long-poll in this span of time and the one before
  ARGV[1] a minute ago, as RFC 3339
  ARGV[2] after so many ms without a word from it a process counts no more

  Returns {} when there is no such event, else { event, accepted, head, seq, waiting, time of accept of the oldest that
    waits in ms or -1, entries committed after ARGV[1], dead, held, viewers, peak of viewers }
]]
local meta, event, feed, times, dead, held, audience, totals, purged = unpack(KEYS)
local since = ARGV[1]

local json = redis.call('GET', event)
local state = redis.call('HMGET', meta, 'accepted', 'head', 'seq', 'at')
if not json or not state[3] then return {} end
local seq = tonumber(state[3])

-- Whether the entry was committed after `since`. Times of one form compare as texts, and never fall in a feed.
local function isRecent(number)
  local found = redis.call('XRANGE', feed, number .. '-0', number .. '-0', 'COUNT', 1)
  local line = found[1] and found[1][2][2] or redis.call('HGET', purged, number)
  local at = line and string.match(line, '^{"seq":%d+,"chain":"%x+","at":"([^"]+)"')
  return at and at > since
end

local recent = 0
if state[4] and state[4] > since then
  -- Backwards in steps that double, then halves: the last entry that is too old lies between `low` and `high`.
  local low, step = seq, 1
  while low > 0 and isRecent(low) do
    low = math.max(0, low - step)
    step = step * 2
  end
  local high = math.min(seq, low + step)
  while low < high do
    local middle = math.ceil((low + high) / 2)
    if isRecent(middle) then high = middle - 1 else low = middle end
  end
  recent = seq - low
end

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local viewers = redis.call('PFCOUNT', KEYS[10], KEYS[11])
for _, told in ipairs(redis.call('HVALS', audience)) do
  local at, sockets, streams = string.match(told, '^(%d+) (%d+) (%d+)$')
  if at and now - tonumber(at) < tonumber(ARGV[2]) then viewers = viewers + tonumber(sockets) + tonumber(streams) end
end

local oldest = redis.call('ZRANGE', times, 0, 0, 'WITHSCORES')
return {
  json, tonumber(state[1] or 0), tonumber(state[2] or 0), seq, redis.call('ZCARD', times), tonumber(oldest[2] or -1), recent,
  redis.call('HLEN', dead), redis.call('HLEN', held), viewers, tonumber(redis.call('HGET', totals, 'peak') or 0),
}
