/** `stores/sweep.ts` in Lua, over the sorted sets of one realm. */
export const sweeping = String.raw`
local function over(name, before, limit)
  if limit <= 0 then return {} end
  return redis.call('ZRANGEBYSCORE', name, '-inf', '(' .. num(before), 'LIMIT', 0, num(limit))
end

-- Sessions of a set whose moment has come. What stands there no more, or is damaged, leaves the set.
local function come(name, before, limit)
  local found = {}
  for _, id in ipairs(over(name, before, limit)) do
    local s = load(id)
    if s then found[#found + 1] = s else redis.call('ZREM', name, id) end
  end
  return found
end

-- Of a subject those of which a moment has come; of realms those in their sets.
local function past(realms, subject, kind, before, limit, momentOf)
  local found = {}
  if not subject then
    for _, realm in ipairs(realms) do
      for _, s in ipairs(come(key(kind, realm), before, limit - #found)) do found[#found + 1] = s end
    end
    return found
  end
  for _, s in ipairs(all(listKey('ended', realms[1], subject))) do
    local moment = momentOf(s)
    if #found < limit and moment and moment < before then found[#found + 1] = s end
  end
  return found
end

local function byMoment(a, b)
  if a.by.at ~= b.by.at then return a.by.at < b.by.at end
  return precedes(a.s.id, b.s.id)
end

-- Ends those that are over, and what stands below them; what was over first goes first. Adds them to the ended.
local function mark(standing, now, most, ended, isEnded)
  local found = {}
  for _, s in ipairs(standing) do
    local by = not s.endedAt and overBy(s, markOf(s), now)
    if by then found[#found + 1] = { s = s, by = by } end
  end
  table.sort(found, byMoment)
  for i = 1, math.min(most, #found) do
    local s, by = found[i].s, found[i].by
    if not isEnded[s.id] then
      for _, values in ipairs(endTrees({ { s = s, e = { at = now, reason = by.reason } } })) do
        isEnded[values[1]] = true
        ended[#ended + 1] = values
      end
    end
  end
end

local function minimise(s)
  local data = {}
  for _, name in ipairs(redis.call('HKEYS', sessionKey(s.id))) do
    if string.sub(name, 1, 1) == '"' then data[#data + 1] = name end
  end
  change(s, function()
    s.ip, s.userAgent, s.fingerprint = false, false, false
    for i = 1, #data, 1000 do redis.call('HDEL', sessionKey(s.id), unpack(data, i, math.min(#data, i + 999))) end
  end)
  redis.call('ZREM', key('detailed', s.realm), s.id)
end
`

/** What a sweep does with watermarks: `swept` has those of which all is marked, `unswept` the others, `progress` how far it came. */
export const sweepingMarks = String.raw`
local function markedBy(text)
  local values = cjson.decode(text)
  return { text = text, realm = values[1], subject = values[2], method = values[3], policy = values[4] }
end

local function liveUnder(scope) return listKey('live', scope.realm, scope.subject or nil) end

-- The earliest watermark of which not all is marked.
local function unswept(realms)
  local first, at
  for _, realm in ipairs(realms) do
    local found = redis.call('ZRANGE', key('unswept', realm), 0, 0, 'WITHSCORES')
    if found[1] and (not at or tonumber(found[2]) < at) then first, at = found[1], tonumber(found[2]) end
  end
  if not first then return nil end
  local scope = markedBy(first)
  scope.at = at
  return scope
end

-- The next sessions that a sweep of the watermark looks at, newest first.
local function nextUnder(scope, limit)
  local place = { createdAt = scope.at, id = '' }
  local noted = redis.call('HGET', T .. 'progress', scope.text)
  if noted then
    local createdAt, id = string.match(noted, '^(%-?%d+) (.*)$')
    place = { createdAt = tonumber(createdAt), id = id }
  end
  local found, lastId, lastAt, count = {}, nil, nil, 0
  walk({ liveUnder(scope) }, place, limit, function(id, createdAt)
    if count == limit then return true end
    count, lastId, lastAt = count + 1, id, createdAt
    found[#found + 1] = load(id)
  end)
  return found, count, lastId and (num(lastAt) .. ' ' .. lastId)
end

local function noteSwept(scope, last)
  if last then
    redis.call('HSET', T .. 'progress', scope.text, last)
  else
    redis.call('HDEL', T .. 'progress', scope.text)
    redis.call('ZREM', key('unswept', scope.realm), scope.text)
    redis.call('ZADD', key('swept', scope.realm), num(scope.at), scope.text)
  end
end

-- Takes the refresh tokens from what has ended under a watermark: once that goes, nothing else would stop them.
local function forgetUnder(scope, limit)
  local found = {}
  local name = scope.subject and listKey('ended', scope.realm, scope.subject) or key('remembered', scope.realm)
  walk({ name }, { createdAt = scope.at, id = '' }, 100, function(id)
    if #found == limit then return true end
    local s = load(id)
    if s and s.endedAt and s.rememberedUntil
      and (not scope.method or s.method == scope.method) and (not scope.policy or s.policy == scope.policy) then
      found[#found + 1] = s
    end
  end)
  for _, s in ipairs(found) do forget(s) end
  return #found
end

-- Drops watermarks that have nothing left to say, and returns how many sessions it changed for that.
local function retire(realms, before, limit)
  local forgot, seen = 0, 0
  for _, realm in ipairs(realms) do
    local name = key('swept', realm)
    for _, text in ipairs(over(name, before, limit - seen)) do
      seen = seen + 1
      local scope = markedBy(text)
      scope.at = tonumber(redis.call('ZSCORE', name, text))
      forgot = forgot + forgetUnder(scope, limit - forgot)
      if forgot >= limit then return forgot end
      redis.call('HDEL', marksKey(scope), scopeField(scope.method, scope.policy))
      redis.call('ZREM', name, text)
    end
  end
  return forgot
end
`
