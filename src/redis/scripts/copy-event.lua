--[[
  Copy what an export reads beside the feed: all of one moment, while the event goes on. (The feed itself only grows.)

  KEYS[1] meta        hash { epoch, accepted, head, seq, chain }
  KEYS[2] order       sorted set of the updates that readers see
  KEYS[3] key-events  hash of the key events
  KEYS[4 ...]         the keys to copy, and then, in the same order, where to
  ARGV[1] how long the copies stand, in ms

  Returns {} when there is no such event, else
    { epoch, accepted, head, seq, chain, updates that readers see, key events, size of each copy ... }
]]
local state = redis.call('HMGET', KEYS[1], 'epoch', 'accepted', 'head', 'seq', 'chain')
if not state[1] or state[4] == '0' then return {} end

local answer = {
  state[1], tonumber(state[2]), tonumber(state[3]), tonumber(state[4]), state[5],
  redis.call('ZCARD', KEYS[2]), redis.call('HLEN', KEYS[3]),
}
local SIZE = { hash = 'HLEN', zset = 'ZCARD', set = 'SCARD' }
local count = (#KEYS - 3) / 2
for i = 4, 3 + count do
  local size = SIZE[redis.call('TYPE', KEYS[i]).ok]
  if size then
    redis.call('COPY', KEYS[i], KEYS[i + count], 'REPLACE')
    redis.call('PEXPIRE', KEYS[i + count], ARGV[1])
    answer[#answer + 1] = redis.call(size, KEYS[i])
  else
    answer[#answer + 1] = 0
  end
end
return answer
