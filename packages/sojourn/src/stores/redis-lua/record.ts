import { sessionColumns } from '../sql-row.ts'

const columns = Object.keys(sessionColumns)
/** What a touch changes stands beside the row, so that a touch writes these alone. */
const beside: readonly string[] = ['lastSeenAt', 'lag'] satisfies (keyof typeof sessionColumns)[]

const listOf = (names: readonly string[]): string => `{${names.map((name) => `'${name}'`).join(', ')}}`

/** Reads and writes the hash of a session. Absence is `false`, in the row too, so that no list of values has a gap. */
export const record = String.raw`
local columns = ${listOf(columns)}
local stored = ${listOf(columns.filter((name) => !beside.includes(name)))}

local function unpacked(text)
  if not text then return nil end
  local sound, values = pcall(cmsgpack.unpack, text)
  return sound and type(values) == 'table' and values or nil
end

-- The record of a session, or nil where it is missing or what stands there is no row.
local function read(row, seen, refresh, confirmed)
  local values = unpacked(row)
  local at, lag = string.match(seen or '', '^(%-?%d+) (%d+)$')
  if not values or #values ~= #stored or not at then return nil end
  local s = { lastSeenAt = tonumber(at), lag = tonumber(lag) }
  for i, column in ipairs(stored) do s[column] = values[i] end
  local spent = unpacked(refresh)
  s.refresh = spent and { hash = spent[1], expiresAt = spent[2], usedAt = spent[3], successor = spent[4] } or false
  s.confirmed = confirmed == '1'
  return s
end

local loaded = {}

local function load(id)
  if loaded[id] == nil then
    local found = redis.call('HMGET', sessionKey(id), 'row', 'seen', 'refresh', 'confirmed')
    loaded[id] = read(found[1], found[2], found[3], found[4]) or false
  end
  return loaded[id] or nil
end

local function pack(s)
  local values = {}
  for i, column in ipairs(stored) do values[i] = s[column] end
  return cmsgpack.pack(values)
end

local function packRefresh(r) return cmsgpack.pack({ r.hash, r.expiresAt, r.usedAt, r.successor }) end

local function seenOf(s) return num(s.lastSeenAt) .. ' ' .. num(s.lag) end

-- A session as it is answered: all columns in their order.
local function told(s)
  local values = {}
  for i, column in ipairs(columns) do values[i] = s[column] end
  return values
end

-- A session as it was handed in.
local function given(values)
  local s = {}
  for i, column in ipairs(columns) do
    local value = values[i]
    if value == nil or value == cjson.null then value = false end
    s[column] = value
  end
  return s
end

-- Its row, and its refresh token or that it has none.
local function save(s)
  redis.call('HSET', sessionKey(s.id), 'row', pack(s))
  if s.refresh then redis.call('HSET', sessionKey(s.id), 'refresh', packRefresh(s.refresh))
  else redis.call('HDEL', sessionKey(s.id), 'refresh') end
end
`
