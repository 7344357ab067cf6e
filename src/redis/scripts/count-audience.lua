--[[
  Tell how many viewers one process has in a room, and learn how many there are over all processes. Costs one field for
  each process that has the room, however many viewers they have.

  KEYS[1] audience         hash, process id -> "<ms> <sockets> <streams>"; expires
  KEYS[2] audience-totals  hash { peak, peakAt, joins }
  KEYS[3], KEYS[4] pollers HyperLogLogs of who waited for entries by long-poll in this span of time and the one before
  ARGV[1] process id
  ARGV[2] its viewers on sockets
  ARGV[3] its viewers on streams (SSE)
  ARGV[4] how often somebody joined since it last told
  ARGV[5] after so many ms without a word from it a process counts no more
  ARGV[6] 1 when totals are kept and pollers count, 0 for a rehearsal

  Returns { sockets, streams, pollers } over all processes
]]
local audience, totals = KEYS[1], KEYS[2]
local time = redis.call('TIME') -- of Redis: processes on machines whose clocks differ are compared
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local forgetMs = tonumber(ARGV[5])

if ARGV[2] == '0' and ARGV[3] == '0' then
  redis.call('HDEL', audience, ARGV[1])
else
  redis.call('HSET', audience, ARGV[1], string.format('%.0f %s %s', now, ARGV[2], ARGV[3]))
  redis.call('PEXPIRE', audience, forgetMs)
end

local sockets, streams = 0, 0
local told = redis.call('HGETALL', audience)
for i = 1, #told, 2 do
  local at, onSockets, onStreams = string.match(told[i + 1], '^(%d+) (%d+) (%d+)$')
  if at and now - tonumber(at) < forgetMs then
    sockets, streams = sockets + tonumber(onSockets), streams + tonumber(onStreams)
  else
    redis.call('HDEL', audience, told[i])
  end
end

local pollers = 0
if ARGV[6] == '1' then
  pollers = redis.call('PFCOUNT', KEYS[3], KEYS[4])
  if tonumber(ARGV[4]) > 0 then redis.call('HINCRBY', totals, 'joins', ARGV[4]) end
  local viewers = sockets + streams + pollers
  if viewers > tonumber(redis.call('HGET', totals, 'peak') or 0) then
    redis.call('HSET', totals, 'peak', viewers, 'peakAt', string.format('%.0f', now))
  end
end
return { sockets, streams, pollers }
