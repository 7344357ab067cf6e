--[[
  Put entries of an import aside, and what they make of the event. After keep-update.lua.

  KEYS[1] feed, KEYS[2] event, KEYS[3] updates, KEYS[4] order, KEYS[5] places, KEYS[6] key-events, KEYS[7] purged: those of
          the import, which nobody reads yet
  ARGV[1] how long they stand, in ms
  ARGV[2 ...] of each entry eight: seq, line, kind (publish | retract | event | purge), accept number, updateId ('' for an
          event), the update or event after it as JSON, sortTime in ms, line of the list of key events or ''

  Returns how many entries were put aside.
]]
local feed, event, purged = KEYS[1], KEYS[2], KEYS[7]
local view = { updates = KEYS[3], order = KEYS[4], places = KEYS[5], keyEvents = KEYS[6] }

for i = 2, #ARGV, 8 do
  local seq, line, kind, id, current = ARGV[i], ARGV[i + 1], ARGV[i + 2], ARGV[i + 4], ARGV[i + 5]
  if kind == 'purge' then
    redis.call('HSET', purged, seq, line)
    redis.call('HDEL', view.updates, id)
    hideUpdate(view, id)
  else
    redis.call('XADD', feed, seq .. '-0', 'line', line)
    if kind == 'event' then
      redis.call('SET', event, current)
    else
      keepUpdate(view, {
        kind = kind, number = ARGV[i + 3], updateId = id, current = current, sortTime = ARGV[i + 6], keyEvent = ARGV[i + 7],
      })
    end
  end
end
for _, key in ipairs(KEYS) do redis.call('PEXPIRE', key, ARGV[1]) end
return (#ARGV - 1) / 8
