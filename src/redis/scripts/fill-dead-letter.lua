--[[
  Give a dead letter of which nothing was left the text that was found elsewhere.

  KEYS[1] dead hash, accept number -> reason as JSON, newline, submission
  ARGV[1] accept number
  ARGV[2] text of the submission, or what is left of it

  Returns 1 when that is its text now, or 0 when there is no such letter, or it has a text
]]
local record = redis.call('HGET', KEYS[1], ARGV[1])
if not record or string.sub(record, -1) ~= '\n' then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], record .. ARGV[2])
return 1
