/** `stores/end-trees.ts` in Lua: ends sessions, and what stands below them. */
export const ending = String.raw`
-- Ends a session that has not ended: by the end that is asked for, or by what was over before.
local function finish(s, mark, asked)
  local over = overBy(s, mark, asked.at)
  change(s, function()
    local by = over or asked
    s.endedAt, s.endReason, s.endedBy = by.at, by.reason, not over and asked.by or false
    if not mayRestore(by.reason) then s.rememberedUntil = false end
    if not s.rememberedUntil then s.refresh = false end
  end)
  tellEnded(s)
end

local function forget(s)
  change(s, function() s.rememberedUntil, s.refresh = false, false end)
end

local function endOf(s)
  return { at = s.endedAt, reason = s.endReason, by = s.endedBy or nil }
end

local function byId(a, b) return precedes(a.id, b.id) end

-- Each ending is { s = session, e = end }. Returns what it ended, as it then is. Spares one id.
local function endTrees(endings, spared)
  local ended, tops, reached, level = {}, {}, {}, {}
  for _, ending in ipairs(endings) do
    local s = ending.s
    if not s.endedAt or (s.rememberedUntil and not mayRestore(ending.e.reason)) then tops[#tops + 1] = ending end
  end
  for _, top in ipairs(tops) do reached[top.s.id] = true end
  if spared then reached[spared] = true end
  local function close(s, mark, e, asked)
    local stood = not s.endedAt
    if stood then finish(s, mark, e) end
    if s.rememberedUntil and not mayRestore(asked.reason) then forget(s) end
    if stood then ended[#ended + 1] = told(s) end
    return stood
  end
  for _, top in ipairs(tops) do
    local stood = close(top.s, markOf(top.s), top.e, top.e)
    level[top.s.id] = { e = stood and endOf(top.s) or top.e, asked = top.e }
  end
  while next(level) do
    local below, deeper = {}, {}
    for id in pairs(level) do
      for _, s in ipairs(all(T .. 'below:' .. id)) do below[#below + 1] = s end
    end
    table.sort(below, byId)
    for _, s in ipairs(below) do
      local above = level[s.parent]
      if above and not reached[s.id] then
        reached[s.id] = true
        local mark = markOf(s)
        -- Without a watermark that came after the moment.
        if mark and mark.at > above.e.at then mark = false end
        close(s, mark, above.e, above.asked)
        deeper[s.id] = above
      end
    end
    level = deeper
  end
  return ended
end
`
