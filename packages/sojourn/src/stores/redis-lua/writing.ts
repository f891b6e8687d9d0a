/** `core/patch.ts` in Lua, over values that stay the JSON texts that they are. */
export const writing = String.raw`
-- The texts of the items of a JSON array, which is split without reading the items.
local function itemsOf(text)
  local items, depth, from, at = {}, 0, 2, 1
  while true do
    local found = string.find(text, '[%[%]{},"]', at)
    if not found then break end
    local sign = string.sub(text, found, found)
    at = found + 1
    if sign == '"' then
      -- To its closing quote: a backslash hides what follows it.
      while true do
        local stop = string.find(text, '["\\]', at)
        if not stop then return nil end
        at = stop + 1
        if string.sub(text, stop, stop) == '"' then break end
        at = at + 1
      end
    elseif sign == '[' or sign == '{' then
      depth = depth + 1
    elseif sign == ',' then
      if depth == 1 then
        items[#items + 1] = string.sub(text, from, found - 1)
        from = found + 1
      end
    else
      depth = depth - 1
      if depth == 0 then
        if found > from then items[#items + 1] = string.sub(text, from, found - 1) end
        return items
      end
    end
  end
  return nil
end

-- A number as JSON that reads as the same double.
local function numberText(n)
  if n == math.floor(n) and math.abs(n) < 9007199254740992 then return num(n) end
  return string.format('%.17g', n)
end

-- What a patch makes of the data: by field the new text, or false where it goes; or why it is refused.
local function patched(id, patch)
  local changed = {}
  local function current(field)
    if changed[field] ~= nil then return changed[field] end
    return redis.call('HGET', sessionKey(id), field)
  end
  for _, set in ipairs(patch.set) do changed[set[1]] = set[2] end
  for _, field in ipairs(patch.delete) do changed[field] = false end
  for _, add in ipairs(patch.add) do
    local text = current(add[1])
    local value = 0
    if text then
      value = string.find(text, '^%-?%d') and tonumber(text)
      if not value then return nil, { 'not_a_number', add[1], text } end
    end
    local sum = value + tonumber(add[2])
    if sum ~= sum or sum == math.huge or sum == -math.huge then return nil, { 'not_finite', add[1], tostring(sum) } end
    changed[add[1]] = numberText(sum)
  end
  for _, append in ipairs(patch.append) do
    local text = current(append[1])
    local items = {}
    if text then
      items = string.sub(text, 1, 1) == '[' and itemsOf(text)
      if not items then return nil, { 'not_a_list', append[1] } end
    end
    for _, item in ipairs(append[2]) do items[#items + 1] = item end
    local first = math.max(1, #items - append[3] + 1)
    changed[append[1]] = '[' .. table.concat(items, ',', first) .. ']'
  end
  return changed
end
`
