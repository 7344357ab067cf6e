--[[
  Copy what an export reads beside the feed: all of one moment, while the event goes on. (The feed itself only grows.)

  KEYS[1] meta        hash { epoch, accepted, head, seq, chain, stored }
  KEYS[2] order       sorted set of the updates that readers see
  KEYS[3] key-events  hash of the key events
  KEYS[4 ...]         the keys to copy, and then, in the same order, where to
  ARGV[1] how long the copies stand, in ms

  Returns {} when there is no such event, { name of its archive } when it is in the archive store, else
    { epoch, accepted, head, seq, chain, updates that readers see, key events, { size of each copy } }
]]
local state = redis.call('HMGET', KEYS[1], 'epoch', 'accepted', 'head', 'seq', 'chain', 'stored')
if not state[1] or state[4] == '0' then return {} end
if state[6] then return { state[6] } end

local SIZE = { hash = 'HLEN', zset = 'ZCARD', set = 'SCARD' }
local sizes, count = {}, (#KEYS - 3) / 2
for i = 1, count do
  local from, to = KEYS[3 + i], KEYS[3 + i + count]
  local size = SIZE[redis.call('TYPE', from).ok]
  if size then
    redis.call('COPY', from, to, 'REPLACE')
    redis.call('PEXPIRE', to, ARGV[1])
  end
  sizes[i] = size and redis.call(size, from) or 0
end
return {
  state[1], tonumber(state[2]), tonumber(state[3]), tonumber(state[4]), state[5],
  redis.call('ZCARD', KEYS[2]), redis.call('HLEN', KEYS[3]), sizes,
}
