--[[
  What a submission is made with, read in one moment.

  KEYS[1] idem    string "<body hash> <accept number> <reply>"
  KEYS[2] drafts  hash, updateId, `event` or `normalization` -> JSON
  KEYS[3] meta    hash { stored, ... }
  ARGV    the fields of drafts that are wanted

  Returns { idem or nil, { each field or nil }, 1 when the event is in the archive store, else 0 }
]]
return { redis.call('GET', KEYS[1]), redis.call('HMGET', KEYS[2], unpack(ARGV)), redis.call('HEXISTS', KEYS[3], 'stored') }
