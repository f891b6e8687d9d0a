import { feedKept, feedMost } from '../feed.ts'

/** The feed: a stream of changes, numbered from `0-1` whatever the clocks say. Each entry is one change as JSON. */
export const feed = String.raw`
local function tell(change)
  redis.call('XADD', T .. 'changes', 'MAXLEN', '~', '${feedMost}', '0-*', 'change', change)
end

local function tellChanged(id)
  tell('{"kind":"changed","id":' .. cjson.encode(id) .. '}')
end

local function tellEnded(s)
  tell('{"kind":"ended","id":' .. cjson.encode(s.id) .. ',"reason":' .. cjson.encode(s.endReason)
    .. ',"at":' .. num(s.endedAt) .. '}')
end
`

/** Reads the feed, and prunes it by what was told before a sweep that is long enough ago. */
export const feedEnds = String.raw`
local function numberOf(entry) return entry and tonumber(string.match(entry[1], '^0%-(%d+)$')) end

local function lastTold()
  return numberOf(redis.call('XREVRANGE', T .. 'changes', '+', '-', 'COUNT', 1)[1]) or 0
end

local function prune(now)
  local notes, last = T .. 'feed-notes', lastTold()
  -- A feed at rest keeps its note.
  if last > 0 then redis.call('ZADD', notes, 'NX', num(now), num(last)) end
  local old = redis.call('ZREVRANGEBYSCORE', notes, num(now - ${feedKept}), '-inf', 'WITHSCORES', 'LIMIT', 0, 1)
  if not old[1] then return end
  redis.call('XTRIM', T .. 'changes', 'MINID', '0-' .. old[1])
  redis.call('ZREMRANGEBYSCORE', notes, '-inf', '(' .. old[2])
end
`
