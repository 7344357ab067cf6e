--[[
  What an entry does to the current state of its event. It stands before commit.lua and stage-entries.lua, so that a feed that
  is imported makes the same state as one that is committed.

  view   { updates, order, places, keyEvents }: names of the keys
  update { updateId, current, kind, number, sortTime, keyEvent }: as ARGV of commit.lua has them; number is the accept number
]]
local function versionOf(view, updateId)
  local update = redis.call('HGET', view.updates, updateId)
  if not update then return 0 end
  return tonumber(string.match(update, '^{"id":"[^"]*","eventId":"[^"]*","version":(%d+),'))
end

local function hideUpdate(view, updateId)
  local place = redis.call('HGET', view.places, updateId)
  if place then redis.call('ZREM', view.order, place) end
  redis.call('HDEL', view.keyEvents, updateId)
end

local function keepUpdate(view, update)
  local id = update.updateId
  redis.call('HSET', view.updates, id, update.current)
  if update.kind == 'retract' then return hideUpdate(view, id) end
  local place = redis.call('HGET', view.places, id)
  if not place then
    place = string.format('%015d', update.number) .. ':' .. id
    redis.call('HSET', view.places, id, place)
  end
  redis.call('ZADD', view.order, update.sortTime, place)
  if update.keyEvent ~= '' then
    redis.call('HSET', view.keyEvents, id, update.keyEvent)
  else
    redis.call('HDEL', view.keyEvents, id)
  end
end
