/** The sorted sets that a session is in, and how it gets in, moves and leaves. */
export const places = String.raw`
local fixed = { 'row', 'scope', 'seen', 'secret', 'previous', 'confirmed', 'refresh' }

local function hasDetails(s)
  if s.ip or s.userAgent or s.fingerprint then return true end
  local known = 0
  for _, value in ipairs(redis.call('HMGET', sessionKey(s.id), unpack(fixed))) do
    if value then known = known + 1 end
  end
  return redis.call('HLEN', sessionKey(s.id)) > known
end

-- A list of a realm, or of one subject in it, false standing for its guests.
local function listKey(state, realm, subject)
  if subject == false then return key(state .. '-guests', realm) end
  return key(state, realm, subject)
end

-- Each set by name, with the score in it. Lists are ordered by how long ago a session was created, then by id.
local function placesOf(s)
  local state, order = s.endedAt and 'ended' or 'live', num(-s.createdAt)
  local found = { [listKey(state, s.realm)] = order, [listKey(state, s.realm, s.subject)] = order }
  if s.family then found[T .. 'family:' .. s.family] = order end
  if s.parent then found[T .. 'below:' .. s.parent] = order end
  if s.actor then found[T .. 'actor:' .. s.actor] = order end
  if s.rememberedUntil then found[key('remembered', s.realm)] = order end
  if not s.endedAt then
    local deadline = deadlineOf(s)
    if deadline then found[key('due', s.realm)] = num(deadline) end
  elseif s.rememberedUntil then
    found[key('restorable', s.realm)] = num(s.rememberedUntil)
  else
    found[key('over', s.realm)] = num(overSince(s))
    if hasDetails(s) then found[key('detailed', s.realm)] = num(overSince(s)) end
  end
  return found
end

-- Changes a record, and moves it to where it belongs from then on.
local function change(s, how)
  local before, stood = placesOf(s), not s.endedAt
  how()
  save(s)
  local after = placesOf(s)
  for name, score in pairs(after) do
    if before[name] ~= score then redis.call('ZADD', name, score, s.id) end
  end
  -- What is due at once has its place without a deadline.
  if stood and s.endedAt then before[key('due', s.realm)] = true end
  for name in pairs(before) do
    if not after[name] then redis.call('ZREM', name, s.id) end
  end
end

local function remove(s)
  local before = placesOf(s)
  before[key('due', s.realm)] = true
  for name in pairs(before) do redis.call('ZREM', name, s.id) end
  redis.call('DEL', sessionKey(s.id))
  loaded[s.id] = false
end

-- All members of a set, loaded; what is damaged is left out.
local function all(name)
  local found = {}
  for _, id in ipairs(redis.call('ZRANGE', name, 0, -1)) do found[#found + 1] = load(id) end
  return found
end
`
