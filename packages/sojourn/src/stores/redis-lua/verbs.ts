/** The verbs that judge many sessions, each the end of a script. */

export const createVerb = String.raw`
return create(given(args.session), args.limit, args.replaces)
`

export const upgradeVerb = String.raw`
local guest, to = load(args.id), given(args.session)
if not guest or not lives(guest, to.lastSeenAt) then return { 'gone' } end
if guest.subject and guest.activatedAt then return { 'gone' } end
if guest.revision ~= args.ifRevision then return { 'conflict' } end
if to.id == args.id then return enter(to, args.limit) end
return create(to, args.limit, { id = args.id, reason = 'upgraded' })
`

export const restoreVerb = String.raw`
local s, to, at = load(args.id), given(args.session), args.at
if not s or not s.refresh or s.refresh.hash ~= args.from or not s.family then return { 'gone' } end
local successor = s.refresh.successor and load(s.refresh.successor)
local means = judgeRefresh(s.refresh, successor, args.grace, at)
if means == 'expired' then return { 'gone' } end
if means == 'late' then return { 'late' } end
if means == 'reused' then return endFamily(s, successor or s) end
if means == 'spent' then return opens(s, at) and spend(s, to) or { 'gone' } end
if not successor or not opens(successor, at) then return { 'gone' } end
return { means, told(successor) }
`

export const endVerb = String.raw`
local f, endings, seen = args.filter, {}, {}
local function consider(s)
  if not s or seen[s.id] or (s.endedAt and not s.rememberedUntil) or not matches(s, f) then return end
  seen[s.id] = true
  endings[#endings + 1] = { s = s, e = args.asked }
end
if f.id then
  consider(load(f.id))
else
  for _, name in ipairs(listsOf(f, { 'live', 'remembered' })) do
    for _, s in ipairs(all(name)) do consider(s) end
  end
end
return endTrees(endings)
`

/** It looks at a bounded number of sessions: what is left over is asked for with the place that it came to. */
export const listVerb = String.raw`
local f, at, most = args.filter, args.at, args.limit
local function isIn(s)
  if args.reason and s.endReason ~= args.reason then return false end
  if args.state == 'ended' then return s.endedAt and true end
  if args.state == 'any' then return true end
  local within = args.state == 'live' and isLive(s, at) or args.state == 'restorable' and isRestorable(s, at)
  return within and not markOf(s)
end

local items, looked, last, more = {}, 0, nil, false
local function visit(id, createdAt)
  local s = load(id)
  local fits = s and matches(s, f) and isIn(s)
  if (fits and #items == most) or looked == args.looks then
    more = true
    return true
  end
  looked, last = looked + 1, { createdAt, id }
  if fits then items[#items + 1] = told(s) end
end

if f.id then
  local s, place = load(f.id), args.place
  local isAfter = s and (not place or s.createdAt < place.createdAt
    or (s.createdAt == place.createdAt and precedes(place.id, s.id)))
  if isAfter then visit(s.id, s.createdAt) end
else
  local wanted = { live = { 'live' }, ended = { 'ended' }, any = { 'live', 'ended' } }
  local restorable = f.subject and { 'live', 'ended' } or { 'remembered' }
  if f.guests then restorable = {} end
  walk(listsOf(f, wanted[args.state] or restorable), args.place, math.min(100, most + 1), visit)
end
return { items, more and last or false }
`

export const sweepVerb = String.raw`
local now, limit, of = args.now, args.limit, args.of
local realms = of and { of.realm } or args.realm and { args.realm } or redis.call('SMEMBERS', T .. 'realms')
local subject = of and of.subject
if not of then prune(now) end

local dead = past(realms, subject, 'restorable', now, limit, function(s) return s.endedAt and s.rememberedUntil end)
for _, s in ipairs(dead) do forget(s) end
local purged = past(realms, subject, 'over', args.purgeBefore, limit, overSince)
for _, s in ipairs(purged) do remove(s) end
local minimised = args.minimiseBefore and past(realms, subject, 'detailed', args.minimiseBefore, limit, function(s)
  return hasDetails(s) and overSince(s)
end) or {}
for _, s in ipairs(minimised) do minimise(s) end
local full = #dead == limit or #purged == limit or #minimised == limit

local ended, isEnded = {}, {}
if of then
  mark(all(listKey('live', of.realm, subject)), now, limit, ended, isEnded)
  return { ended, #purged, #minimised, (full or #ended >= limit) and 1 or 0 }
end
local due = past(realms, nil, 'due', now, limit)
mark(due, now, limit, ended, isEnded)
for _, s in ipairs(due) do
  if not s.endedAt then
    local deadline = deadlineOf(s)
    if deadline then redis.call('ZADD', key('due', s.realm), num(deadline), s.id)
    else redis.call('ZREM', key('due', s.realm), s.id) end
  end
end
local left = limit - #due
while left > 0 do
  local scope = unswept(realms)
  if not scope then break end
  local under, count, last = nextUnder(scope, left)
  mark(under, now, left, ended, isEnded)
  noteSwept(scope, count == left and last)
  left = left - math.max(1, count)
end
if left > 0 then left = left - retire(realms, args.purgeBefore, left) end
return { ended, #purged, #minimised, (full or left <= 0) and 1 or 0 }
`
