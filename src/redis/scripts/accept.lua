--[[
  Accept one submission of an event, at most once for each Idempotency-Key: compare versions, give the next accept
  number, and keep the whole submission in the outbox. Where it releases a held one, that leaves `held` in the same
  step. All of it happens, or nothing.

  KEYS[1] meta         hash { epoch, accepted, status, ... }
  KEYS[2] drafts       hash, updateId or `event` -> JSON that starts with {"version":n,
  KEYS[3] outbox       hash, accept number -> submission as JSON
  KEYS[4] outbox-times sorted set, accept number by time of accept in ms
  KEYS[5] idem         string "<body hash> <accept number> <reply>"; expires
  KEYS[6] held         hash, accept number -> reason as JSON, newline, submission
  KEYS[7] outcomes     hash, accept number -> where it went, as JSON
  ARGV[1] now in ms
  ARGV[2] body hash
  ARGV[3] lifetime of the idempotency record in ms
  ARGV[4] reply to keep beside the number, opaque
  ARGV[5] submission as JSON
  ARGV[6] field of drafts that this changes
  ARGV[7] the draft as it stands after this, as JSON
  ARGV[8] version that `drafts` must hold now; 0 when the field must not exist yet
  ARGV[9] status of the event from now on; '' when this leaves it, and then the event must be open
  ARGV[10] epoch of a new event; '' when the event must exist
  ARGV[11] accept number of the held submission that this releases, or ''
  ARGV[12] id of that submission
  ARGV[13] subject who releases it

  Returns { 'accepted', number } | { 'replayed', number, reply } | { 'key-reused' } | { 'event-not-found' }
    | { 'event-exists' } | { 'event-closed', status } | { 'version-mismatch', version now } | { 'update-exists' }
    | { 'not-held' }
]]
local meta, drafts, outbox, times, idem, held, outcomes = unpack(KEYS)

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
  if ARGV[9] == '' and (status == 'ended' or status == 'archived') then return { 'event-closed', status } end
end

if ARGV[11] ~= '' then
  local record = redis.call('HGET', held, ARGV[11])
  if not record or not string.find(record, '"submissionId":"' .. ARGV[12] .. '"', 1, true) then return { 'not-held' } end
end

local draft = redis.call('HGET', drafts, ARGV[6])
local version = draft and string.match(draft, '^{"version":(%d+),') or '0'
if version ~= ARGV[8] then
  if ARGV[8] == '0' then return { 'update-exists' } end
  return { 'version-mismatch', tonumber(version) }
end

local number = redis.call('HINCRBY', meta, 'accepted', 1)
if ARGV[9] ~= '' then redis.call('HSET', meta, 'status', ARGV[9]) end
redis.call('HSET', drafts, ARGV[6], ARGV[7])
redis.call('HSET', outbox, number, ARGV[5])
redis.call('ZADD', times, ARGV[1], number)
redis.call('SET', idem, ARGV[2] .. ' ' .. number .. ' ' .. ARGV[4], 'PX', ARGV[3])
if ARGV[11] ~= '' then
  local outcome = cjson.decode(redis.call('HGET', outcomes, ARGV[11]))
  outcome.state, outcome.releasedAs, outcome.by = 'released', number, ARGV[13]
  redis.call('HSET', outcomes, ARGV[11], cjson.encode(outcome))
  redis.call('HDEL', held, ARGV[11])
end
return { 'accepted', number }
