--[[
  An event as it stands now, with its position: all of one moment.

  KEYS[1] meta        hash { epoch, seq, chain, stored }
  KEYS[2] event       string, the event as JSON
  KEYS[3] updates     hash, updateId -> current update as JSON
  KEYS[4] order       sorted set, "<15-digit accept number>:<updateId>" by sortTime in ms
  KEYS[5] places      hash, updateId -> its member of `order`
  KEYS[6] key-events  hash, updateId -> {"id","headline","happenedAt"}
  ARGV[1] how many updates at most
  ARGV[2] cursor: score of the last update of the page before, or '' for the newest
  ARGV[3] cursor: its member of `order`

  Returns {} when there is no such event, else { epoch, seq, chain, event, pinned update or '', cursor of older ones
    ("<score>.<member>") or '', { update ... newest first }, { key event ... in no order } }; of an event in the archive
    store { epoch, seq, chain, event, name of its archive }
]]
local meta, event, updates, order, places, keyEvents = unpack(KEYS)
local limit = tonumber(ARGV[1])
local CHUNK = 200

local eventJson = redis.call('GET', event)
if not eventJson then return {} end
local state = redis.call('HMGET', meta, 'epoch', 'seq', 'chain', 'stored')
if state[4] then return { state[1], tonumber(state[2]), state[3], eventJson, state[4] } end

-- One more than is asked for tells whether there are older ones. Equal scores are ordered by member, descending.
local members, scores = {}, {}
local offset, from = 0, ARGV[2] == '' and '+inf' or ARGV[2]
repeat
  local found = redis.call('ZREVRANGEBYSCORE', order, from, '-inf', 'WITHSCORES', 'LIMIT', offset, CHUNK)
  for i = 1, #found, 2 do
    local isAfterCursor = ARGV[2] == '' or tonumber(found[i + 1]) < tonumber(ARGV[2]) or found[i] < ARGV[3]
    if isAfterCursor and #members <= limit then
      members[#members + 1] = found[i]
      scores[#scores + 1] = found[i + 1]
    end
  end
  offset = offset + CHUNK
until #found < 2 * CHUNK or #members > limit

local shown, older = {}, ''
for i = 1, math.min(#members, limit) do
  shown[i] = redis.call('HGET', updates, string.sub(members[i], 17))
end
if #members > limit then older = string.format('%.0f', scores[limit]) .. '.' .. members[limit] end

local pinned = ''
local pinnedId = string.match(eventJson, '"pinnedUpdateId":"([^"]+)"')
if pinnedId then
  local place = redis.call('HGET', places, pinnedId)
  if place and redis.call('ZSCORE', order, place) then pinned = redis.call('HGET', updates, pinnedId) end
end

return { state[1], tonumber(state[2]), state[3], eventJson, pinned, older, shown, redis.call('HVALS', keyEvents) }
