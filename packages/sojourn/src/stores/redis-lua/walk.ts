/** Lists in order, several at once, from a place on. */
export const walk = String.raw`
-- How many members of a list come up to a place.
local function rankAfter(name, place)
  local order = num(-place.createdAt)
  local low = redis.call('ZCOUNT', name, '-inf', '(' .. order)
  local high = low + redis.call('ZCOUNT', name, order, order)
  while low < high do
    local middle = math.floor((low + high) / 2)
    local id = redis.call('ZRANGE', name, num(middle), num(middle))[1]
    if precedes(place.id, id) then high = middle else low = middle + 1 end
  end
  return low
end

local function refill(source, count)
  local found = redis.call('ZRANGE', source.name, num(source.rank), num(source.rank + count - 1), 'WITHSCORES')
  source.rank, source.buffer, source.at = source.rank + #found / 2, found, 1
  source.over = #found == 0
end

-- Visits the members of all lists in their common order, until the visitor says true. Nothing may be changed meanwhile.
local function walk(names, place, count, visit)
  local sources = {}
  for i, name in ipairs(names) do
    sources[i] = { name = name, rank = place and rankAfter(name, place) or 0, buffer = {}, at = 1 }
  end
  while true do
    local first, firstOrder, firstId
    for _, source in ipairs(sources) do
      if not source.over and source.at > #source.buffer then refill(source, count) end
      if not source.over then
        local id, order = source.buffer[source.at], tonumber(source.buffer[source.at + 1])
        if not first or order < firstOrder or (order == firstOrder and precedes(id, firstId)) then
          first, firstOrder, firstId = source, order, id
        end
      end
    end
    if not first then return end
    first.at = first.at + 2
    if visit(firstId, -firstOrder) then return end
  end
end
`

/** `stores/matches.ts` in Lua, and the lists that hold all that can match. */
export const filter = String.raw`
local function matches(s, f)
  if s.realm ~= f.realm then return false end
  if f.id and s.id ~= f.id then return false end
  if f.except and s.id == f.except then return false end
  if f.guests and s.subject then return false end
  if f.subject and s.subject ~= f.subject then return false end
  for _, column in ipairs({ 'app', 'method', 'family', 'parent', 'actor', 'ip' }) do
    if f[column] and s[column] ~= f[column] then return false end
  end
  return not f.unseenSince or s.lastSeenAt + s.lag <= f.unseenSince
end

-- A family, a parent and an actor have few sessions; else it is by subject or realm. wanted: 'live', 'ended' or 'remembered'.
local function listsOf(f, wanted)
  if f.family then return { T .. 'family:' .. f.family } end
  if f.parent then return { T .. 'below:' .. f.parent } end
  if f.actor then return { T .. 'actor:' .. f.actor } end
  local subject = nil
  if f.guests then subject = false elseif f.subject then subject = f.subject end
  local names = {}
  for i, state in ipairs(wanted) do
    if state ~= 'remembered' then names[i] = listKey(state, f.realm, subject)
    elseif subject then names[i] = listKey('ended', f.realm, subject)
    else names[i] = key('remembered', f.realm) end
  end
  return names
end
`
