--[[
  Accept one submission of an event, at most once for each Idempotency-Key: compare versions, give the next accept
  number, and keep the whole submission in the outbox. Where it accepts anew what stands on a shelf (`held` or `dead`),
  that leaves the shelf in the same step, and the audit trail says so. All of it happens, or nothing.

  KEYS[1] meta         hash { epoch, accepted, status, stored, ... }
  KEYS[2] drafts       hash, updateId or `event` -> JSON that starts with {"version":n,
  KEYS[3] outbox       hash, accept number -> submission as JSON
  KEYS[4] outbox-times sorted set, accept number by time of accept in ms
  KEYS[5] idem         string "<body hash> <accept number> <reply>"; expires
  KEYS[6] shelf        held or dead: hash, accept number -> reason as JSON, newline, submission
  KEYS[7] outcomes     hash, accept number -> where it went, as JSON
  KEYS[8] anew         hash, accept number -> {"by","name","at","as"}, newline, record of the shelf
  KEYS[9] audit        stream, field `entry`
  ARGV[1] now in ms
  ARGV[2] body hash
  ARGV[3] lifetime of the idempotency record in ms
  ARGV[4] reply to keep beside the number, opaque
  ARGV[5] submission as JSON
  ARGV[6] field of drafts that this changes
  ARGV[7] the draft as it stands after this, as JSON
  ARGV[8] version that `drafts` must hold now; 0 when the field must not exist yet
  ARGV[9] status of the event from now on; '' when this leaves it, and then the event must be open; '*' when this
          leaves it, and was accepted before while the event was open
  ARGV[10] epoch of a new event; '' when the event must exist
  ARGV[11] accept number under which it stands on the shelf, or ''; without it, what follows means nothing
  ARGV[12] id of that submission; '' for whatever stands there
  ARGV[13] its state from now on: released | retried
  ARGV[14] who did it, as JSON: {"by","name","at"}
  ARGV[15] what the audit trail says of it, up to the new accept number, which two braces follow

  Returns { 'accepted', number } | { 'replayed', number, reply } | { 'key-reused' } | { 'event-not-found' }
    | { 'event-exists' } | { 'event-closed', status, or 'stored' when the event is in the archive store }
    | { 'version-mismatch', version now } | { 'update-exists' }
    | { 'off-shelf' }
]]
local meta, drafts, outbox, times, idem, shelf, outcomes, anew, audit = unpack(KEYS)
local KEPT_DEEDS = 10000

local kept = redis.call('GET', idem)
if kept then
  local hash, number, reply = string.match(kept, '^(%S+) (%d+) (.*)$')
  if hash ~= ARGV[2] then return { 'key-reused' } end
  return { 'replayed', tonumber(number), reply }
end

local status = redis.call('HGET', meta, 'status')
if ARGV[10] ~= '' then
  if status then return { 'event-exists' } end
  redis.call('HSET', meta, 'epoch', ARGV[10], 'accepted', 0, 'head', 0, 'seq', 0,
    'chain', string.rep('0', 40), 'at', '', 'eventVersion', 0)
else
  if not status then return { 'event-not-found' } end
  if redis.call('HEXISTS', meta, 'stored') == 1 then return { 'event-closed', 'stored' } end
  if ARGV[9] == '' and (status == 'ended' or status == 'archived') then return { 'event-closed', status } end
end

local record = ARGV[11] ~= '' and redis.call('HGET', shelf, ARGV[11])
if ARGV[11] ~= '' then
  local isMeant = record and (ARGV[12] == '' or string.find(record, '"submissionId":"' .. ARGV[12] .. '"', 1, true))
  if not isMeant then return { 'off-shelf' } end
end

local draft = redis.call('HGET', drafts, ARGV[6])
local version = draft and string.match(draft, '^{"version":(%d+),') or '0'
if version ~= ARGV[8] then
  if ARGV[8] == '0' then return { 'update-exists' } end
  return { 'version-mismatch', tonumber(version) }
end

local number = redis.call('HINCRBY', meta, 'accepted', 1)
if ARGV[9] ~= '' and ARGV[9] ~= '*' then redis.call('HSET', meta, 'status', ARGV[9]) end
redis.call('HSET', drafts, ARGV[6], ARGV[7])
redis.call('HSET', outbox, number, ARGV[5])
redis.call('ZADD', times, ARGV[1], number)
redis.call('SET', idem, ARGV[2] .. ' ' .. number .. ' ' .. ARGV[4], 'PX', ARGV[3])
if record then
  local outcome = cjson.decode(redis.call('HGET', outcomes, ARGV[11]) or '{}')
  outcome.state, outcome[ARGV[13] .. 'As'] = ARGV[13], number
  redis.call('HSET', outcomes, ARGV[11], cjson.encode(outcome))
  redis.call('HSET', anew, ARGV[11], string.sub(ARGV[14], 1, -2) .. ',"as":' .. number .. '}\n' .. record)
  redis.call('HDEL', shelf, ARGV[11])
  redis.call('XADD', audit, 'MAXLEN', '~', KEPT_DEEDS, '*', 'entry', ARGV[15] .. number .. '}}')
end
return { 'accepted', number }
