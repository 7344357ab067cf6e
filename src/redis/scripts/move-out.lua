--[[
  Let an event go whose archive is safe in the archive store. Only `meta` and `event` stay: they say where it is. It goes
  whole, and only as it was when its archive was made.

  KEYS[1] meta        hash { epoch, accepted, head, seq, chain, status, stored }
  KEYS[2] drafts      hash; its field `normalization` can change without an accept number
  KEYS[3 ...]         what else its archive has of the keys beside the feed, in the order of ARGV[8 ...]; and then
                      whatever else goes
  ARGV[1] name of the archive
  ARGV[2] epoch, ARGV[3] accepted, ARGV[4] head, ARGV[5] seq, ARGV[6] chain: as the archive was made
  ARGV[7] `normalization` of drafts then, or ''
  ARGV[8 ...] how many fields or members there were then, of KEYS[2], KEYS[3] ...

  Returns 'moved' | 'changed' (it is not as it was, or not archived: make the archive anew)
]]
local meta, drafts = KEYS[1], KEYS[2]

local state = redis.call('HMGET', meta, 'epoch', 'accepted', 'head', 'seq', 'chain', 'status', 'stored')
for i = 1, 5 do
  if state[i] ~= ARGV[1 + i] then return 'changed' end
end
if state[6] ~= 'archived' or state[7] or state[2] ~= state[3] then return 'changed' end
if (redis.call('HGET', drafts, 'normalization') or '') ~= ARGV[7] then return 'changed' end

local SIZE = { hash = 'HLEN', zset = 'ZCARD', set = 'SCARD' }
for i = 8, #ARGV do
  local key = KEYS[i - 6]
  local size = SIZE[redis.call('TYPE', key).ok]
  if (size and redis.call(size, key) or 0) ~= tonumber(ARGV[i]) then return 'changed' end
end

for i = 2, #KEYS do redis.call('UNLINK', KEYS[i]) end
redis.call('HSET', meta, 'stored', ARGV[1])
return 'moved'
