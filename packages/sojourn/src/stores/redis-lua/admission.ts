/** `stores/admit.ts` in Lua: whom a limit lets in, and how a session is inserted. */
export const admission = String.raw`
local function byUnseen(a, b)
  if a.lastSeenAt ~= b.lastSeenAt then return a.lastSeenAt < b.lastSeenAt end
  if a.createdAt ~= b.createdAt then return a.createdAt < b.createdAt end
  return precedes(a.id, b.id)
end

-- Whether it may enter; the sessions that end for it, in order, or those that were counted.
local function judgeAdmission(entering, limit, at, without)
  if not limit or not counts(entering, at) then return true, {} end
  local siblings = {}
  for _, s in ipairs(all(listKey('live', entering.realm, entering.subject))) do
    if s.id ~= entering.id and s.id ~= without and counts(s, at) and not markOf(s) then siblings[#siblings + 1] = s end
  end
  table.sort(siblings, byUnseen)
  local excess = math.max(0, #siblings + 1 - limit.most)
  if excess > 0 and limit.onExceed == 'refuse' then return false, siblings end
  local ending = {}
  for i = 1, math.min(excess, #siblings) do ending[i] = siblings[i] end
  return true, ending
end

-- Inserts the session that was handed in, or puts it in the place of the one with its id. Its data are the other arguments.
local function admit(s, confirmed)
  local before = load(s.id)
  if before then
    remove(before)
    tellChanged(s.id)
  end
  s.refresh = args.refresh and s.rememberedUntil
    and { hash = args.refresh, expiresAt = s.rememberedUntil, usedAt = false, successor = false } or false
  s.confirmed = confirmed
  local fields = { 'row', pack(s), 'scope', scopeOf(s), 'seen', seenOf(s), 'secret', args.secret }
  local function put(name, value) fields[#fields + 1], fields[#fields + 2] = name, value end
  if confirmed then put('confirmed', '1') end
  if s.refresh then put('refresh', packRefresh(s.refresh)) end
  for i = 2, #ARGV, 2 do
    put(ARGV[i], ARGV[i + 1])
    if #fields > 1000 then
      redis.call('HSET', sessionKey(s.id), unpack(fields))
      fields = {}
    end
  end
  if #fields > 0 then redis.call('HSET', sessionKey(s.id), unpack(fields)) end
  redis.call('SADD', T .. 'realms', s.realm)
  for name, score in pairs(placesOf(s)) do redis.call('ZADD', name, score, s.id) end
  -- A session that a watermark covered from the first has no later moment at which a sweep would look at it.
  if not s.endedAt and markOf(s) then redis.call('ZADD', key('due', s.realm), '-inf', s.id) end
  loaded[s.id] = s
end

-- What stood below one session stands below another.
local function moveBelow(from, to)
  for _, s in ipairs(all(T .. 'below:' .. from)) do
    if s.id ~= from and s.id ~= to then
      change(s, function() s.parent = to end)
      if not s.endedAt then tellChanged(s.id) end
    end
  end
end

-- The ends of those that a limit has no room for, as they stand now.
local function evictions(excess, at)
  local endings = {}
  for _, s in ipairs(excess) do endings[#endings + 1] = { s = s, e = { at = at, reason = 'evicted_by_limit' } } end
  return endings
end

local function toldAll(sessions)
  local values = {}
  for i, s in ipairs(sessions) do values[i] = told(s) end
  return values
end

local function enter(s, limit, replaces)
  local at = s.lastSeenAt
  local may, others = judgeAdmission(s, limit, at, replaces and replaces.id)
  if not may then return { 'refused', toldAll(others) } end
  admit(s, true)
  local endings = {}
  if replaces then
    local replaced = load(replaces.id)
    if replaces.reason == 'upgraded' then moveBelow(replaces.id, s.id) end
    if replaced then endings[1] = { s = replaced, e = { at = at, reason = replaces.reason } } end
  end
  for _, eviction in ipairs(evictions(others, at)) do endings[#endings + 1] = eviction end
  return { 'created', endTrees(endings, s.id) }
end

local function create(s, limit, replaces)
  if redis.call('EXISTS', sessionKey(s.id)) == 1 then return { 'duplicate' } end
  return enter(s, limit, replaces)
end
`
