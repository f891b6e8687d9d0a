/** `core/session.ts`, `core/over.ts` and `stores/standing.ts` in Lua: whether a session lives, and what ended it first. */
export const judge = String.raw`
local function mayRestore(reason) return not reason or reason == 'idle_timeout' end

local function deadlineOf(s)
  local idle = s.idleTimeout and (s.lastSeenAt + s.lag + s.idleTimeout)
  if not idle then return s.expiresAt end
  return s.expiresAt and math.min(idle, s.expiresAt) or idle
end

local function isLive(s, at)
  if s.endedAt then return false end
  local deadline = deadlineOf(s)
  return not deadline or at <= deadline
end

local function counts(s, at)
  return s.subject and s.activatedAt and not s.actor and isLive(s, at)
end

local function timeoutOf(s)
  return s.expiresAt and deadlineOf(s) == s.expiresAt and 'absolute_timeout' or 'idle_timeout'
end

local function isRestorable(s, at)
  if not s.rememberedUntil or at > s.rememberedUntil or isLive(s, at) then return false end
  return s.endReason == 'idle_timeout' or (not s.endReason and timeoutOf(s) == 'idle_timeout')
end

local function overBy(s, mark, at)
  local deadline = deadlineOf(s)
  if mark then
    local moment = math.min(mark.at, at)
    if not deadline or moment <= deadline then return { at = moment, reason = mark.reason } end
  end
  if deadline and at > deadline then return { at = deadline, reason = timeoutOf(s) } end
  return nil
end

-- The moment that retention counts from, of what has ended and can no longer be restored.
local function overSince(s)
  if not s.endedAt or s.rememberedUntil then return nil end
  return math.max(s.endedAt, s.refresh and s.refresh.usedAt or s.endedAt)
end
`

/** The watermark over a session: `MemoryWatermarks.over` in Lua. */
export const watermark = String.raw`
-- Within a realm, or a subject of it, one field for each pair of method and policy.
local function scopeField(method, policy)
  return (method and ('m' .. #method .. ':' .. method) or '') .. (policy and ('p' .. policy) or '')
end

local function readMark(text)
  local at, reason = string.match(text or '', '^(%-?%d+) (.+)$')
  return at and { at = tonumber(at), reason = reason } or nil
end

local function marksKey(scope) return key('marks', scope.realm, scope.subject) end

local marked = {}

local function marksAt(name)
  if marked[name] == nil then marked[name] = redis.call('EXISTS', name) == 1 end
  return marked[name]
end

-- The latest that covers the session, or false; at one moment the narrowest.
local function markOf(s)
  if s.mark ~= nil then return s.mark end
  local best, bestRank = false, 0
  local function look(name, rank)
    if not marksAt(name) then return end
    local fields, ranks = { '', scopeField(false, s.policy) }, { rank, rank + 1 }
    if s.method then
      fields[3], fields[4] = scopeField(s.method, false), scopeField(s.method, s.policy)
      ranks[3], ranks[4] = rank + 2, rank + 3
    end
    for i, text in ipairs(redis.call('HMGET', name, unpack(fields))) do
      local mark = readMark(text)
      if mark and mark.at >= s.createdAt
        and (not best or mark.at > best.at or (mark.at == best.at and ranks[i] > bestRank)) then
        best, bestRank = mark, ranks[i]
      end
    end
  end
  look(key('marks', s.realm), 0)
  if s.subject then look(key('marks', s.realm, s.subject), 4) end
  s.mark = best
  return best
end
`

export const living = String.raw`
local function lives(s, at) return isLive(s, at) and not markOf(s) end
`
