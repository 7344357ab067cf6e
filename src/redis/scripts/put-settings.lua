--[[
  Change how an event's updates are cleaned. Repeating it changes nothing more.

  KEYS[1] meta    hash { status, stored, ... }
  KEYS[2] drafts  hash; its field `normalization` holds {"version":n,"settings":{...}}
  ARGV[1] the settings as JSON
  ARGV[2] version that must stand now, 0 for none yet; '*' takes whatever stands

  Returns { 'saved', version } | { 'event-not-found' } | { 'version-mismatch', version now }
    | { 'event-closed', 'stored' } (the event is in the archive store)
]]
local meta, drafts = KEYS[1], KEYS[2]

if not redis.call('HGET', meta, 'status') then return { 'event-not-found' } end
if redis.call('HEXISTS', meta, 'stored') == 1 then return { 'event-closed', 'stored' } end
local standing = redis.call('HGET', drafts, 'normalization')
local version, settings = string.match(standing or '{"version":0,"settings":}', '^{"version":(%d+),"settings":(.*)}$')

-- What is asked for stands already: it was sent before, and its answer was lost (RFC 9110, section 13.1.1).
if settings == ARGV[1] then return { 'saved', tonumber(version) } end
if ARGV[2] ~= '*' and ARGV[2] ~= version then return { 'version-mismatch', tonumber(version) } end

local number = tonumber(version) + 1
redis.call('HSET', drafts, 'normalization', '{"version":' .. number .. ',"settings":' .. ARGV[1] .. '}')
return { 'saved', number }
