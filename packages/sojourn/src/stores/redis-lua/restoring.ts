/** `stores/restore.ts` and `judgeRefresh` in Lua. */
export const restoring = String.raw`
-- A session that was purged counts as used and confirmed.
local function judgeRefresh(refresh, successor, grace, at)
  local used = not successor or (successor.refresh and successor.refresh.usedAt and true or false)
  local confirmed = not successor or successor.confirmed
  if at > refresh.expiresAt then return 'expired' end
  if not refresh.usedAt then return 'spent' end
  if at <= refresh.usedAt + grace then return used and 'late' or 'grace' end
  return (used or confirmed) and 'reused' or 'lost_response'
end

-- Whether a session is live, or its refresh token leads to one that is.
local function opens(s, at)
  return lives(s, at) or (not markOf(s) and isRestorable(s, at))
end

local function spend(predecessor, to)
  local id, at = predecessor.id, args.at
  for _, column in ipairs({ 'realm', 'subject', 'family' }) do
    if to[column] ~= predecessor[column] then return { 'mismatch', column, predecessor[column] } end
  end
  if redis.call('EXISTS', sessionKey(to.id)) == 1 then return { 'gone' } end
  local may, others = judgeAdmission(to, args.limit, at, id)
  if not may then return { 'refused', toldAll(others) } end
  admit(to, false)
  local stands, ended = not predecessor.endedAt, {}
  change(predecessor, function()
    predecessor.rememberedUntil = false
    predecessor.refresh.usedAt, predecessor.refresh.successor = at, to.id
    if stands then
      predecessor.endedAt, predecessor.endReason, predecessor.endedBy = at, 'remember_restored', false
    end
  end)
  if stands then
    tellEnded(predecessor)
    ended[1] = told(predecessor)
  end
  moveBelow(id, to.id)
  for _, values in ipairs(endTrees(evictions(others, at), to.id)) do ended[#ended + 1] = values end
  return { 'spent', ended }
end

local function endFamily(s, shown)
  local endings = {}
  for _, one in ipairs(all(T .. 'family:' .. s.family)) do
    if one.realm == s.realm then endings[#endings + 1] = { s = one, e = { at = args.at, reason = 'token_reuse' } } end
  end
  local ended = endTrees(endings)
  return { 'reused', told(shown), ended }
end
`
