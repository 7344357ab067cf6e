--[[
  Take a submission off its shelf (`held` or `dead`) for good. It is kept whole, with who did it, when and why, and the
  audit trail says so. Repeating it under its key changes nothing more.

  KEYS[1] shelf      held or dead: hash, accept number -> reason as JSON, newline, submission
  KEYS[2] discarded  hash, accept number -> {"key":...,"by","name","at","reason"}, newline, record of the shelf
  KEYS[3] outcomes   hash, accept number -> where it went, as JSON
  KEYS[4] drafts     hash, updateId -> {"version":n,...}
  KEYS[5] audit      stream, field `entry`
  ARGV[1] accept number
  ARGV[2] id of its submission; '' for whatever stands there
  ARGV[3] what is kept with it, as JSON; its member `key` (a hash of the request's Idempotency-Key and body) comes first
  ARGV[4] updateId
  ARGV[5] version that `drafts` must hold for ARGV[6] to take its place
  ARGV[6] the draft as it stands from now on, as JSON, or ''
  ARGV[7] what the audit trail says of it

  Returns { 'discarded' } | { 'replayed' } | { 'off-shelf' }
]]
local shelf, discarded, outcomes, drafts, audit = unpack(KEYS)
local number = ARGV[1]
local KEPT_DEEDS = 10000

local before = redis.call('HGET', discarded, number)
if before then
  local key = string.match(ARGV[3], '^{"key":"[^"]+"')
  return { string.sub(before, 1, #key) == key and 'replayed' or 'off-shelf' }
end

local record = redis.call('HGET', shelf, number)
local isMeant = record and (ARGV[2] == '' or string.find(record, '"submissionId":"' .. ARGV[2] .. '"', 1, true))
if not isMeant then return { 'off-shelf' } end

redis.call('HSET', discarded, number, ARGV[3] .. '\n' .. record)
redis.call('HDEL', shelf, number)
local outcome = cjson.decode(redis.call('HGET', outcomes, number) or '{}')
outcome.state = 'discarded'
redis.call('HSET', outcomes, number, cjson.encode(outcome))
redis.call('XADD', audit, 'MAXLEN', '~', KEPT_DEEDS, '*', 'entry', ARGV[7])

-- What was discarded is no longer what a revision is merged with, unless something was accepted after it.
local draft = redis.call('HGET', drafts, ARGV[4])
if ARGV[6] ~= '' and draft and string.match(draft, '^{"version":(%d+),') == ARGV[5] then
  redis.call('HSET', drafts, ARGV[4], ARGV[6])
end
return { 'discarded' }
