--[[
  What a submission is made with, read in one moment.

  KEYS[1] idem    string "<body hash> <accept number> <reply>"
  KEYS[2] drafts  hash, updateId, `event` or `normalization` -> JSON
  ARGV    the fields of drafts that are wanted

  Returns { idem or nil, { each field or nil } }
]]
return { redis.call('GET', KEYS[1]), redis.call('HMGET', KEYS[2], unpack(ARGV)) }
