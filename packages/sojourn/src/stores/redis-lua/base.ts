/**
 * What every script begins with. `KEYS[1]` is what all keys of a store begin with, and names the slot of a cluster.
 * A number of Lua is a double: whole ones are written in full, for Lua would round them to 14 digits.
 */
export const base = String.raw`
local T = KEYS[1]

local function num(n) return string.format('%.0f', n) end

-- The length of the realm keeps names apart that are joined.
local function key(kind, realm, name)
  local joined = T .. kind .. ':' .. #realm .. ':' .. realm
  return name and (joined .. ':' .. name) or joined
end

local function sessionKey(id) return T .. 'session:' .. id end

-- By bytes, as sorted sets do: Lua compares texts by the locale of the server.
local function precedes(a, b)
  local length = math.min(#a, #b)
  for i = 1, length do
    local x, y = string.byte(a, i), string.byte(b, i)
    if x ~= y then return x < y end
  end
  return #a < #b
end
`

/** `ARGV[1]` holds the arguments as JSON. */
export const withArguments = String.raw`
local args = cjson.decode(ARGV[1])
`
