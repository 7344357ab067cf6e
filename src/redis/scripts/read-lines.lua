--[[
  The lines of a feed after a position, all of one moment.

  KEYS[1] meta    hash { epoch, seq, chain, stored }
  KEYS[2] feed    stream, entry id <seq>-0, field `line`
  KEYS[3] purged  hash, seq -> the line that stands for a taken-down one
  ARGV[1] seq of the position
  ARGV[2] epoch of the position, or '' to leave it unchecked
  ARGV[3] chain of the position, or '' to leave it unchecked
  ARGV[4] how many lines at most

  Returns { 'found', epoch, seq of the feed's last entry, chain of the position, line, line ... }
    where a line that is lost is nil, and the chain of a position whose line is lost is ''
    | { 'stored', epoch, seq of the feed's last entry, name of its archive } (the lines are there, not here)
    | { 'no-event' } | { 'epoch-changed' } | { 'ahead-of-feed' } | { 'chain-mismatch' }
]]
local meta, feed, purged = KEYS[1], KEYS[2], KEYS[3]
local after, limit = tonumber(ARGV[1]), tonumber(ARGV[4])

local state = redis.call('HMGET', meta, 'epoch', 'seq', 'chain', 'stored')
if not state[1] or state[2] == '0' then return { 'no-event' } end
local last = tonumber(state[2])
if ARGV[2] ~= '' and ARGV[2] ~= state[1] then return { 'epoch-changed' } end
if after > last then return { 'ahead-of-feed' } end
if state[4] then
  if after < last then return { 'stored', state[1], last, state[4] } end
  if ARGV[3] ~= '' and state[3] ~= ARGV[3] then return { 'chain-mismatch' } end
  return { 'found', state[1], last, state[3] }
end

local function lineAt(seq)
  local entry = redis.call('XRANGE', feed, seq .. '-0', seq .. '-0')[1]
  return entry and entry[2][2] or redis.call('HGET', purged, seq)
end

local chain = string.rep('0', 40)
if after > 0 then chain = string.match(lineAt(after) or '', '^{"seq":%d+,"chain":"(%x+)"') or '' end
if ARGV[3] ~= '' and chain ~= ARGV[3] then return { 'chain-mismatch' } end

local answer = { 'found', state[1], last, chain }
local to = math.min(last, after + limit)
local entries = redis.call('XRANGE', feed, (after + 1) .. '-0', to .. '-0')
local at = 1
for seq = after + 1, to do
  local entry = entries[at]
  if entry and entry[1] == seq .. '-0' then
    answer[#answer + 1] = entry[2][2]
    at = at + 1
  else
    answer[#answer + 1] = redis.call('HGET', purged, seq)
  end
end
return answer
