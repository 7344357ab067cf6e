--[[
  Commit what became of one accepted submission, exactly once and in accept order. Idempotent; at most 100 numbers a call.
  After keep-update.lua.

  KEYS[1] meta      hash { epoch, accepted, head, seq, chain, at, eventVersion, stored }
  KEYS[2] feed      stream, entry id <seq>-0, field `line`
  KEYS[3] event     string, the event as committed
  KEYS[4] updates   hash, updateId -> current update
  KEYS[5] order     sorted set, places of the updates that readers see, by sortTime in ms
  KEYS[6] places    hash, updateId -> its member of `order`
  KEYS[7] key-events hash, updateId -> line of the list of key events
  KEYS[8] desk      hash, updateId -> what editors typed and what was done to it
  KEYS[9] outbox    hash, accept number -> submission
  KEYS[10] outbox-times sorted set, accept number by time of accept in ms
  KEYS[11] pending  hash, accept number -> packed outcome
  KEYS[12] passed   set of accept numbers that were passed over
  KEYS[13] outcomes hash, accept number -> where it went
  KEYS[14] dead, KEYS[15] held, KEYS[16] superseded  hashes, accept number -> reason as JSON, newline, submission
  KEYS[17] lines    channel of committed lines
  KEYS[18] endings  channel of "<accept number> <state>"
  KEYS[19] fingerprints list of the last 200 published updates' fingerprints, newest first
  ARGV[1] now in ms
  ARGV[2] now as RFC 3339
  ARGV[3] how long a number that is not ready holds back those behind it, in ms
  ARGV[4] accept number, or '' to walk only
  ARGV[5] id of its submission; '' buries whatever stands under the number, or stood there and was destroyed
  ARGV[6] kind of outcome: publish | revise | retract | event | dead | held
  ARGV[7] the line's end: "acceptNumber":n,...}; of dead and held: the reason as JSON
  ARGV[8] updateId; '' for an event
  ARGV[9] version that this makes; '0' for dead and held
  ARGV[10] subject who submitted
  ARGV[11] the update, or the event, as it stands after this, as JSON
  ARGV[12] sortTime in ms
  ARGV[13] line of the list of key events, or ''
  ARGV[14] JSON for the desk, or ''
  ARGV[15] what is remembered of the update for the duplicate alert, or ''
  (8 to 15 are '' where they mean nothing)

  Returns { verdict, seq, more, wait ms, ended }
    verdict  of the number given: 'waiting' | 'unknown' (not this submission's number) | its state: published, revised,
             retracted, applied, dead, held, superseded | 'done' when it had ended before | 'walked' without a number
    seq      of its entry, or 0
    more     1 when there is more to walk now: call again
    wait ms  when a walk has to be made at the latest, because somebody waits behind a number that is not ready; else -1
    ended    of each submission that this call ended: { kind or 'unknown', state, 1 when late, time of accept in ms or -1,
             accept number }
]]
local meta, feed, event, updates, order, places, keyEvents, desk = unpack(KEYS, 1, 8)
local outbox, times, pending, passed, outcomes, dead, held, superseded = unpack(KEYS, 9, 16)
local lines, endings, fingerprints = KEYS[17], KEYS[18], KEYS[19]
local view = { updates = updates, order = order, places = places, keyEvents = keyEvents } -- of keep-update.lua
local now, at, headWaitMs = tonumber(ARGV[1]), ARGV[2], tonumber(ARGV[3])
local MOST = 100
local FINGERPRINTS = 200

local state = redis.call('HMGET', meta, 'accepted', 'head', 'seq', 'chain', 'at', 'eventVersion', 'stored')
if not state[1] then return { 'unknown', 0, 0, -1, {} } end
-- The event is in the archive store: all that was accepted had ended before it was moved there.
if state[7] then return { 'done', 0, 0, -1, {} } end
local accepted, head, seq = tonumber(state[1]), tonumber(state[2]), tonumber(state[3])
local chain, eventVersion = state[4], tonumber(state[6])
if state[5] > at then at = state[5] end

local ended = {}

local function finish(number, outcome, verdict, entrySeq, late)
  local submission = redis.call('HGET', outbox, number)
  local shelf = verdict == 'dead' and dead or verdict == 'held' and held or verdict == 'superseded' and superseded
  if shelf then
    local reason = outcome.kind == verdict and outcome.line or '{"reason":"A later version was there first."}'
    redis.call('HSET', shelf, number, reason .. '\n' .. (submission or ''))
  end
  local acceptedMs = redis.call('ZSCORE', times, number)
  redis.call('HDEL', outbox, number)
  redis.call('ZREM', times, number)
  redis.call('HSET', outcomes, number, cjson.encode({
    state = verdict, seq = entrySeq, updateId = outcome.updateId, sub = outcome.sub, submissionId = outcome.submissionId,
    acceptedMs = acceptedMs and tonumber(acceptedMs) or nil, endedMs = now,
  }))
  redis.call('SPUBLISH', endings, number .. ' ' .. verdict)
  local kind = submission and string.match(submission, '"kind":"(%a+)"') or 'unknown'
  ended[#ended + 1] = { kind, verdict, late and 1 or 0, acceptedMs and tonumber(acceptedMs) or -1, tonumber(number) }
  return verdict, entrySeq
end

local function keep(outcome)
  if outcome.desk ~= '' then redis.call('HSET', desk, outcome.updateId, outcome.desk) end
  if outcome.fingerprint ~= '' then
    redis.call('LPUSH', fingerprints, outcome.fingerprint)
    redis.call('LTRIM', fingerprints, 0, FINGERPRINTS - 1)
  end
  keepUpdate(view, outcome)
end

local TYPES = { publish = 'published', retract = 'retracted', event = 'event' }

-- Append one outcome to the feed, or record why it makes no entry.
local function append(outcome, late)
  if outcome.kind == 'dead' or outcome.kind == 'held' then return finish(outcome.number, outcome, outcome.kind, 0) end
  local before = outcome.kind == 'event' and eventVersion or versionOf(view, outcome.updateId)
  if tonumber(outcome.version) <= before then return finish(outcome.number, outcome, 'superseded', 0) end

  local entryType = TYPES[outcome.kind] or (before == 0 and 'published' or 'revised')
  seq = seq + 1
  local start = '{"seq":' .. seq .. ','
  local rest = '"at":"' .. at .. '","type":"' .. entryType .. '",' .. (late and '"late":true,' or '') .. outcome.line
  chain = redis.sha1hex(chain .. redis.sha1hex(start .. rest))
  local line = start .. '"chain":"' .. chain .. '",' .. rest

  redis.call('XADD', feed, seq .. '-0', 'line', line)
  if outcome.kind == 'event' then
    eventVersion = tonumber(outcome.version)
    redis.call('SET', event, outcome.current)
  else
    keep(outcome)
  end
  redis.call('SPUBLISH', lines, line)
  return finish(outcome.number, outcome, entryType == 'event' and 'applied' or entryType, seq, late)
end

local own = ARGV[4] ~= '' and tonumber(ARGV[4]) or nil
local verdict, ownSeq = 'walked', 0

if own then
  local outcome = {
    number = own, submissionId = ARGV[5], kind = ARGV[6], line = ARGV[7], updateId = ARGV[8], version = ARGV[9], sub = ARGV[10],
    current = ARGV[11], sortTime = ARGV[12], keyEvent = ARGV[13], desk = ARGV[14], fingerprint = ARGV[15],
  }
  -- The number may be another submission's: where a lost tail of Redis was rolled back, numbers are given again.
  local record = redis.call('HGET', outbox, own) or redis.call('HGET', outcomes, own)
  local isOurs = outcome.submissionId == ''
    or record and string.find(record, '"submissionId":"' .. outcome.submissionId .. '"', 1, true)
  if own > accepted or not isOurs then
    verdict = 'unknown'
  elseif own <= head then
    if redis.call('SREM', passed, own) == 1 then
      verdict, ownSeq = append(outcome, true)
    else
      verdict = 'done'
    end
  else
    redis.call('HSET', pending, own, cmsgpack.pack(outcome))
    verdict = 'waiting'
  end
end

local waiting = redis.call('HLEN', pending)
local steps, waitMs = 0, -1
while waiting > 0 and steps < MOST do
  local number = head + 1
  local packed = redis.call('HGET', pending, number)
  if packed then
    redis.call('HDEL', pending, number)
    waiting = waiting - 1
    local outcome, outcomeSeq = append(cmsgpack.unpack(packed), false)
    if number == own then verdict, ownSeq = outcome, outcomeSeq end
  else
    local since = tonumber(redis.call('ZSCORE', times, number) or 0)
    if now - since < headWaitMs then
      waitMs = headWaitMs - (now - since)
      break
    end
    redis.call('SADD', passed, number)
  end
  head = number
  steps = steps + 1
end

if seq > tonumber(state[3]) then
  redis.call('HSET', meta, 'head', head, 'seq', seq, 'chain', chain, 'at', at, 'eventVersion', eventVersion)
elseif steps > 0 then
  redis.call('HSET', meta, 'head', head)
end
return { verdict, ownSeq, (waiting > 0 and waitMs < 0) and 1 or 0, waitMs, ended }
